/** A form in mousepad as a task of 20 actions, and sessions under a policy on it. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, type Script, type ScriptedTurn, text, thinking, turn } from "../electron/practice/script.ts";
import { type Mode, type Policy, readPolicy } from "../shared/policy/format.ts";
import type { EventBodies } from "../shared/session-event.ts";
import { type App, expect, freshFolder, ROOT, textOf } from "./app.ts";

const FIELDS = ["Name: ", "Department: ", "Amount: ", "Purpose: ", "From: ", "To: "] as const;
const VALUES = ["Ada Novak", "Field work", "129.50", "Train to the workshop", "Ljubljana", "Vienna"] as const;

/** A click into the middle of the editor, which stands centred on the desktop. */
export const INSIDE = [640, 400] as const;

export type FormFile = { readonly program: string; readonly read: () => string };

/** An empty form in a file of its own, and the command that opens it. */
export function formFile(): FormFile {
  const file = join(freshFolder(), "form.txt");
  writeFileSync(file, `${FIELDS.join("\n")}\n`);
  return { program: `mousepad --disable-server ${file}`, read: () => textOf(file) };
}

/** What the file holds when the first `count` fields are filled in. */
export const filled = (count: number) => FIELDS.map((field, i) => `${field}${i < count ? VALUES[i] : ""}\n`).join("");

export const FILLED = filled(FIELDS.length);

/** The calls that fill in the first `count` fields and save, in order; all of them: 20 calls. */
export function formCalls(count: number = FIELDS.length): readonly ReturnType<typeof call>[] {
  const key = (keys: string) => call("key", { text: keys });
  const fields = VALUES.slice(0, count).flatMap((value, i) => [
    key(i === 0 ? "ctrl+Home" : "Down"),
    key("End"),
    call("type", { text: value }),
  ]);
  return [call("left_click", { coordinate: [...INSIDE] }), ...fields, key("ctrl+s")];
}

/** The task as turns of five actions each, then an answer. */
export function formTask(calls: readonly ReturnType<typeof call>[] = formCalls()): Script {
  const turns: ScriptedTurn[] = [];
  for (let i = 0; i < calls.length; i += 5) turns.push(turn(thinking("The next fields."), ...calls.slice(i, i + 5)));
  return [...turns, turn(text("The form is filled in and saved."))];
}

/** The example of docs/POLICY.md with this name, as it stands there. */
export function docPolicy(name: string): Policy {
  const examples = textOf(join(ROOT, "docs", "POLICY.md")).matchAll(/```json\n([\s\S]*?)```/g);
  for (const [, json = ""] of examples) {
    const read = readPolicy(JSON.parse(json));
    if (!read.ok) throw new Error(`docs/POLICY.md: ${read.error}`);
    if (read.policy.name === name) return read.policy;
  }
  throw new Error(`docs/POLICY.md has no example "${name}"`);
}

/** What the task needs and nothing else: one program, one part of it, plain text, four keys. */
export const FORM_POLICY: Policy = docPolicy("Fill in the form");

/** Starts a session from the window, as the start view would. */
export async function startUnder(
  app: App,
  policy: Policy | null,
  program: string,
  task = "Fill in the form",
): Promise<void> {
  const mode: Mode = policy === null ? { kind: "ask", askAll: false } : { kind: "policy", policy };
  const started = await app.page.evaluate((request) => window.countersign.start(request), {
    task,
    model: "claude-opus-5-5",
    toolVersion: null,
    effort: "high" as const,
    onePerTurn: false,
    where: {
      ...{ kind: "own" as const, size: { w: 1280, h: 800 }, programs: [program] },
      ...{ home: { kind: "fresh" as const }, confined: null },
    },
    mode,
    limits: { steps: null, minutes: null, usd: null },
  });
  expect(started).toMatchObject({ ok: true });
}

/** Who decided each step, in order: a rule's id, `mode`, or `operator`. */
export async function deciders(app: App): Promise<readonly string[]> {
  return (await app.all("decision.made")).map(({ by }) => (by.kind === "operator" ? "operator" : (by.rule ?? "mode")));
}

/** Every change of the lease, as `state: why`. */
export async function leaseChanges(app: App): Promise<readonly string[]> {
  return (await app.all("lease.changed")).map(
    (body: EventBodies["lease.changed"]) => `${body.state}: ${body.why ?? ""}`,
  );
}

/** Starts a program on the session's own desktop, as an accident of the desktop would. */
export async function openThere(app: App, command: string, args: readonly string[]): Promise<() => void> {
  const [started] = await app.all("session.started");
  const XAUTHORITY = join(app.dir, "desktops", await app.session(), "Xauthority");
  const child = spawn(command, args, {
    stdio: "ignore",
    env: { ...process.env, DISPLAY: started?.desktop.display ?? "", XAUTHORITY },
  });
  return () => void child.kill();
}
