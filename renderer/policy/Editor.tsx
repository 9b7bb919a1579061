import { Button, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { policyWords, warningsOf } from "../../shared/policy/summary.ts";
import { readJson } from "../../shared/strict-json.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { Backtest } from "./Backtest.tsx";
import { checkDraft, type DraftPolicy, duplicated, freeId, moved } from "./draft.ts";
import { Figures } from "./Figures.tsx";
import { LeaseFields } from "./LeaseFields.tsx";
import { RuleCard } from "./RuleCard.tsx";

type Props = {
  /** The stored policy's id; null for one that was never saved. */
  readonly id: string | null;
  readonly start: DraftPolicy;
  readonly onSaved: (id: string) => void;
  /** A copy of what stands here is to be opened as a new policy. */
  readonly onDuplicate: (copy: DraftPolicy) => void;
  readonly onDelete: () => void;
};

/** One policy: its rules, its plain words beside them, its lease, JSON, back-test and figures. */
export function Editor({ id, start, onSaved, onDuplicate, onDelete }: Props) {
  const { policies } = useVerbs();
  const [draft, setDraft] = useState(start);
  const [openRule, setOpenRule] = useState<number | null>(null);
  const [told, setTold] = useState<{ readonly tone: "good" | "bad"; readonly words: string } | null>(null);
  const checked = checkDraft(draft);
  const { policy } = checked;
  const warnings = policy === null ? [] : warningsOf(policy);
  const change = (next: DraftPolicy) => {
    setDraft(next);
    setTold(null);
  };
  const setRules = (rules: DraftPolicy["rules"]) => change({ ...draft, rules });
  const tell = (outcome: { readonly ok: boolean; readonly error?: string }, good: string) =>
    setTold(outcome.ok ? { tone: "good", words: good } : { tone: "bad", words: outcome.error ?? "It failed." });

  const save = async () => {
    if (policy === null) return;
    const outcome = await policies.save(id, policy);
    tell(outcome, "Saved. Sessions that run now keep the rules they were started with.");
    if (outcome.ok) onSaved(outcome.id);
  };
  const exportIt = async () => {
    if (policy === null) return;
    const outcome = await policies.exportFile(policy);
    if (outcome.ok && outcome.file === null) return;
    tell(outcome, outcome.ok ? `Written to ${outcome.file}.` : "");
  };

  return (
    <div className="policy-editor">
      <section className="panel" aria-label="Rules">
        <TextInput
          label="Policy name"
          value={draft.name}
          onChange={(event) => change({ ...draft, name: event.currentTarget.value })}
        />
        <ol className="rules">
          {draft.rules.map((rule, i) => (
            <RuleCard
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule's id changes while it is typed
              key={i}
              rule={rule}
              problem={checked.at === i ? checked.problem : null}
              warnings={warnings.filter((warning) => warning.rule === rule.id)}
              open={openRule === i}
              first={i === 0}
              last={i === draft.rules.length - 1}
              onToggle={() => setOpenRule(openRule === i ? null : i)}
              onChange={(next) => setRules(draft.rules.with(i, next))}
              onMove={(by) => {
                setRules(moved(draft.rules, i, by));
                setOpenRule(null);
              }}
              onDuplicate={() => {
                setRules(duplicated(draft.rules, i));
                setOpenRule(i + 1);
              }}
              onRemove={() => {
                setRules(draft.rules.toSpliced(i, 1));
                setOpenRule(null);
              }}
            />
          ))}
        </ol>
        <div className="row">
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              const rule = { id: freeId(draft.rules, "rule"), effect: "ask", actions: ["left_click"] };
              setRules([...draft.rules, rule]);
              setOpenRule(draft.rules.length);
            }}
          >
            Add rule
          </Button>
          <span className="dim small">Deny goes before ask, ask before allow; the order here changes no verdict.</span>
        </div>
        <LeaseFields
          lease={draft.lease}
          onChange={(lease) => {
            const { lease: _, ...others } = draft;
            change(lease === undefined ? others : { ...others, lease });
          }}
        />
        {checked.problem !== null && checked.at === null ? <Notice tone="bad">{checked.problem}</Notice> : null}
        {told === null ? null : (
          <Notice tone={told.tone} alert>
            {told.words}
          </Notice>
        )}
        <div className="row policy-send">
          <Button className="strong" disabled={policy === null} onClick={() => void save()}>
            Save policy
          </Button>
          <Button variant="default" disabled={policy === null} onClick={() => void exportIt()}>
            Export…
          </Button>
          {id === null ? null : (
            <>
              <Button variant="default" onClick={() => onDuplicate({ ...draft, name: `${draft.name} (copy)` })}>
                Duplicate
              </Button>
              <Button variant="default" className="stop" onClick={onDelete}>
                Delete
              </Button>
            </>
          )}
        </div>
      </section>
      <aside className="policy-beside">
        <section className="panel" aria-labelledby="words-title">
          <h3 id="words-title">In plain words</h3>
          {policy === null ? (
            <p className="dim">Something is wrong with a rule; see there.</p>
          ) : (
            <ul className="plain-words">
              {policyWords(policy).map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          )}
          {warnings.length === 0 ? null : (
            <Notice tone="waiting">
              <strong>Wider than it may seem</strong>
              <ul>
                {warnings.map(({ rule, words }) => (
                  <li key={`${rule} ${words}`}>
                    {rule === null ? null : <span className="mono">{rule}: </span>}
                    {words}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </section>
        <JsonPanel draft={draft} onChange={change} />
      </aside>
      <div className="rule-wide policy-below">
        <Backtest policy={policy} onRule={(rule) => setOpenRule(draft.rules.findIndex((each) => each.id === rule))} />
        {id === null ? null : <Figures name={start.name} />}
      </div>
    </div>
  );
}

/** The file itself; what is pasted here is read like a file, with errors that name the path. */
function JsonPanel({
  draft,
  onChange,
}: {
  readonly draft: DraftPolicy;
  readonly onChange: (draft: DraftPolicy) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const apply = (typed: string) => {
    setText(typed);
    const json = readJson(typed);
    if (!json.ok) return setProblem(json.error);
    const checked = checkDraft(json.value as DraftPolicy);
    setProblem(checked.problem);
    if (checked.policy !== null) onChange(checked.policy);
  };
  return (
    <details className="panel">
      <summary>
        <strong>JSON</strong>
      </summary>
      <Textarea
        aria-label="Policy as JSON"
        classNames={{ input: "mono" }}
        autosize
        minRows={8}
        maxRows={24}
        value={text ?? JSON.stringify(draft, null, 2)}
        onChange={(event) => apply(event.currentTarget.value)}
        onBlur={() => problem === null && setText(null)}
        error={problem}
      />
    </details>
  );
}
