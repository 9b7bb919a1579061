import { Button, Radio } from "@mantine/core";
import { useEffect, useState } from "react";
import type { StoredPolicy } from "../../shared/ipc-policy.ts";
import type { SeenControl } from "../../shared/policy/facts.ts";
import type { Rule } from "../../shared/policy/format.ts";
import { narrowestRule } from "../../shared/policy/narrowest.ts";
import { ruleWords } from "../../shared/policy/summary.ts";
import { rulesOf } from "../../shared/policy.ts";
import type { Proposal } from "../../shared/session-event.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { useMirror, useVerbs } from "../store/use-app.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/Notice.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { type DraftRule, ruleProblem } from "./draft.ts";
import { RuleFields } from "./RuleFields.tsx";

/** `"Save" (push button)`; the name may be missing. */
function controlWords(control: SeenControl | null): string {
  if (control === null) return "";
  return control.name === "" ? control.role : `"${control.name}" (${control.role})`;
}

type Props = { readonly session: string; readonly proposal: Proposal };

const WAYS = [
  ["session", "this session…"],
  ["policy", "a policy…"],
] as const;

/** Two ways from a card to a rule; nothing is saved before the rule was shown. */
export function AlwaysAllow({ session, proposal }: Props) {
  const view = useMirror(session)?.view ?? null;
  const [into, setInto] = useState<"session" | "policy" | null>(null);
  if (view === null || view.space === null) return null;
  const { mode } = view.trust;
  if (mode === null || mode.kind === "look" || mode.kind === "watch") return null;
  return (
    <div className="row allow-row">
      <span className="small dim" aria-hidden="true">
        Always allow in
      </span>
      {WAYS.map(([way, words]) => (
        <Button
          key={way}
          size="compact-xs"
          variant="default"
          aria-label={`Always allow in ${words}`}
          onClick={() => setInto(way)}
        >
          {words}
        </Button>
      ))}
      {into === null ? null : <AllowDialog view={view} proposal={proposal} into={into} onClose={() => setInto(null)} />}
    </div>
  );
}

type DialogProps = {
  readonly view: SessionView;
  readonly proposal: Proposal;
  readonly into: "session" | "policy";
  readonly onClose: () => void;
};

function AllowDialog({ view, proposal, into, onClose }: DialogProps) {
  const { policies } = useVerbs();
  const { mode } = view.trust;
  const taken = mode === null ? [] : rulesOf(mode).map(({ id }) => id);
  const [narrowest] = useState(() => narrowestRule(proposal, view.space ?? proposal.display, taken));
  const [draft, setDraft] = useState<DraftRule>(narrowest.rule);
  const [stored, setStored] = useState<readonly StoredPolicy[]>([]);
  const [target, setTarget] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const named = mode?.kind === "policy" ? mode.policy.name : null;
  useEffect(() => {
    if (into === "session") return;
    void policies.list().then((list) => {
      setStored(list.policies);
      setTarget((list.policies.find(({ policy }) => policy.name === named) ?? list.policies[0])?.id ?? null);
    });
  }, [into, policies, named]);

  const checked = ruleProblem(draft);
  const save = async (rule: Rule) => {
    if (into === "policy") {
      const chosen = stored.find(({ id }) => id === target);
      if (chosen === undefined) return setProblem("Choose a policy.");
      const outcome = await policies.save(chosen.id, { ...chosen.policy, rules: [...chosen.policy.rules, rule] });
      if (!outcome.ok) return setProblem(outcome.error);
    }
    const outcome = await policies.addRule(view.id, rule);
    if (!outcome.ok) return setProblem(outcome.error);
    setProblem(null);
    setSaved(true);
  };

  return (
    <Dialog
      title={into === "session" ? "Always allow this in this session" : "Always allow this in a policy"}
      onClose={onClose}
    >
      <div className="allow">
        <p>This is the narrowest rule that covers the action. Widen it only as far as you mean it.</p>
        {checked.rule === null ? null : <p className="allow-words">{ruleWords(checked.rule)}</p>}
        {narrowest.place === null ? null : (
          <p className="small dim">
            {narrowest.place === "control" ? (
              <>
                Its region is the control itself, as the program tells it:{" "}
                <ShownText text={controlWords(proposal.controls?.[0] ?? null)} as="prose" />.
              </>
            ) : (
              "Its region is 96 × 64 px around the point: how far the control goes, the program does not tell."
            )}
          </p>
        )}
        {into === "policy" ? (
          stored.length === 0 ? (
            <Notice tone="quiet">
              There is no stored policy yet. Make one under Policy, or allow it in this session.
            </Notice>
          ) : (
            <Radio.Group label="Policy" value={target ?? ""} onChange={setTarget}>
              <div className="options">
                {stored.map(({ id, policy }) => (
                  <Radio key={id} value={id} label={policy.name} />
                ))}
              </div>
            </Radio.Group>
          )
        ) : null}
        <RuleFields rule={draft} onChange={setDraft} />
        {checked.problem === null ? null : <Notice tone="bad">{checked.problem}</Notice>}
        {problem === null ? null : (
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        )}
        {saved ? (
          <Notice tone="good" alert>
            Saved. In this session it counts from Claude's next turn on; this proposal still waits for your decision.
          </Notice>
        ) : (
          <div className="row">
            <Button
              className="strong"
              disabled={checked.rule === null || (into === "policy" && target === null)}
              onClick={() => checked.rule !== null && void save(checked.rule)}
            >
              Save rule
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
