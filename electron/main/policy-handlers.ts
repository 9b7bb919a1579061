/** Answers the window's questions about policies. */
import { setImmediate as breathe } from "node:timers/promises";
import type { PolicyReplies } from "../../shared/ipc-policy.ts";
import { backtest, figuresOf } from "../../shared/policy/backtest.ts";
import { type RecordedStep, recordedSteps, STEP_EVENTS } from "../../shared/policy/recorded.ts";
import type { JournalStore } from "../journal/store.ts";
import type { Runner } from "../session/runner.ts";
import { writeJson } from "../settings/json-file.ts";
import { type PolicyStore, readPolicyFile } from "../settings/policies.ts";
import type { Handlers } from "../windows/ipc.ts";
import type { FileQuestions } from "./file-questions.ts";

type Parts = {
  readonly store: JournalStore;
  readonly policies: PolicyStore;
  readonly runnerOf: (session: string) => Runner | null;
  readonly questions: FileQuestions;
};

const GONE = { ok: false, error: "This session is not running." } as const;
const FILTERS = [{ name: "Policy", extensions: ["json"] }];

/** The handlers of every channel in shared/ipc-policy.ts. */
export function policyHandlers({
  store,
  policies,
  runnerOf,
  questions: { askOpen, askSave },
}: Parts): Pick<Handlers, keyof PolicyReplies> {
  const stepsOf = (session: string) => recordedSteps(store.eventsOf(session, STEP_EVENTS));
  return {
    "session.lease": ({ session, verb }) => runnerOf(session)?.lease(verb) ?? GONE,
    "session.addRule": ({ session, rule }) => runnerOf(session)?.addRule(rule) ?? GONE,
    "policy.list": () => policies.list(),
    "policy.save": ({ id, policy }) => policies.save(id, policy),
    "policy.delete": ({ id }) => policies.delete(id),
    "policy.import": async () => {
      const file = await askOpen({ title: "Import a policy", filters: FILTERS, properties: ["openFile"] });
      return file === null ? { ok: true, policy: null } : readPolicyFile(file);
    },
    "policy.export": async ({ policy }) => {
      const file = await askSave({ title: "Export the policy", filters: FILTERS, defaultPath: `${policy.name}.json` });
      if (file === null) return { ok: true, file: null };
      try {
        writeJson(file, policy);
        return { ok: true, file };
      } catch (error) {
        return { ok: false, error: `It can't be written: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
    "policy.backtest": async ({ policy, sessions }) => {
      const steps: RecordedStep[] = [];
      for (const session of sessions ?? store.list().map(({ id }) => id)) {
        steps.push(...stepsOf(session));
        // A live session must not wait for the record of a hundred others.
        await breathe();
      }
      return backtest(policy, steps);
    },
    "policy.figures": async ({ name }) => {
      const found = [];
      for (const { id } of store.list().toReversed()) {
        const [started] = store.eventsOf(id, ["session.started"]);
        await breathe();
        if (started?.type !== "session.started") continue;
        const { mode } = started.body.config;
        if (mode.kind !== "policy" || mode.policy.name !== name) continue;
        const figures = figuresOf(stepsOf(id));
        if (figures !== null) found.push(figures);
      }
      return found;
    },
  };
}
