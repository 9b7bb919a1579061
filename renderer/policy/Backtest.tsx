import { Button, MultiSelect, SegmentedControl } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { BacktestStep, Backtest as Result } from "../../shared/policy/backtest.ts";
import type { Policy } from "../../shared/policy/format.ts";
import type { WasDecided } from "../../shared/policy/recorded.ts";
import { showText } from "../../shared/visible-text.ts";
import { useSessions } from "../sessions/use-sessions.ts";
import { useVerbs } from "../store/use-app.ts";
import { counted, formatDateTime } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { ShownText } from "../ui/ShownText.tsx";

type Props = {
  /** Null while the draft is wrong. */
  readonly policy: Policy | null;
  readonly onRule: (id: string) => void;
};

/** So many steps are shown at once. */
const PAGE = 100;
/** So many sessions are offered at once; others are found by typing. */
const MOST_CHOICES = 50;
/** Of a task, where sessions are chosen. */
const TASK_WORDS = 60;

const WAS_WORDS: Readonly<Record<WasDecided, string>> = {
  approved: "you approved it",
  edited: "you edited it",
  rejected: "you rejected it",
  took_over: "you took over",
  passed: "it passed by itself",
  denied: "a rule denied it",
  nobody: "nobody was there",
  undecided: "not decided",
};
const WOULD_WORDS = { allow: "lets it pass", ask: "asks", deny: "denies it" } as const;

/** What this policy would have said to every recorded step, beside what was decided then. */
export function Backtest({ policy, onRule }: Props) {
  const { policies } = useVerbs();
  const [result, setResult] = useState<Result | null>(null);
  const [running, setRunning] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { page } = useSessions({ text: "", sort: "startedAt", descending: true });
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (tested: Policy) => {
    setRunning(true);
    try {
      setResult(await policies.backtest(tested, chosen.length === 0 ? null : chosen));
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setRunning(false);
  };
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (result !== null) section.current?.scrollIntoView({ block: "start" });
  }, [result]);
  return (
    <section ref={section} className="panel" aria-labelledby="backtest-title">
      <div className="row">
        <h3 id="backtest-title">Back-test</h3>
        <Button
          size="xs"
          variant="default"
          disabled={policy === null}
          loading={running}
          onClick={() => policy !== null && void run(policy)}
        >
          {chosen.length === 0 ? "Run over all sessions" : `Run over ${counted(chosen.length, "session")}`}
        </Button>
        <MultiSelect
          className="backtest-sessions"
          size="xs"
          aria-label="Sessions to run over"
          placeholder={chosen.length === 0 ? "all sessions" : ""}
          searchable
          clearable
          limit={MOST_CHOICES}
          data={
            page?.rows.map(({ id, task, startedAt }) => ({ value: id, label: sessionWords(startedAt, task) })) ?? []
          }
          value={[...chosen]}
          onChange={setChosen}
        />
      </div>
      <p className="dim small">
        The rules as they stand here, unsaved changes too, on every step on record. The lease is left out: this is about
        the rules.
      </p>
      {problem === null ? null : <Notice tone="bad">{problem}</Notice>}
      {result === null ? null : <Found result={result} onRule={onRule} />}
    </section>
  );
}

function sessionWords(startedAt: string, task: string): string {
  const words = showText(task);
  return `${formatDateTime(startedAt)}, ${words.length > TASK_WORDS ? `${words.slice(0, TASK_WORDS)}…` : words}`;
}

function Found({ result, onRule }: { readonly result: Result; readonly onRule: (id: string) => void }) {
  const { counts } = result;
  const disagreements = result.steps.filter(({ disagreement }) => disagreement !== null);
  const [which, setWhich] = useState("disagreements");
  const [shown, setShown] = useState(PAGE);
  if (counts.steps === 0) return <p>There are no steps on record yet.</p>;
  const list = which === "disagreements" ? disagreements : result.steps;
  return (
    <>
      <dl className="counts">
        <Count words="steps" n={counts.steps} />
        <Count words="would pass" n={counts.allow} />
        <Count words="would ask" n={counts.ask} />
        <Count words="would be denied" n={counts.deny} />
        <Count words="would pass, though you refused or changed them" n={counts.tooWide} bad={counts.tooWide > 0} />
        <Count words="would be denied, though you approved them" n={counts.tooNarrow} bad={counts.tooNarrow > 0} />
      </dl>
      <SegmentedControl
        aria-label="Steps shown"
        value={which}
        onChange={setWhich}
        data={[
          { value: "disagreements", label: `Disagreements (${disagreements.length})` },
          { value: "all", label: `All steps (${counts.steps})` },
        ]}
      />
      {list.length === 0 ? <p className="dim">It agrees with every decision you made.</p> : null}
      <ol className="backtest">
        {list.slice(0, shown).map((step) => (
          <StepRow key={`${step.session} ${step.proposal}`} step={step} onRule={onRule} />
        ))}
      </ol>
      {list.length > shown ? (
        <Button variant="default" size="xs" onClick={() => setShown(shown + PAGE)}>
          Show more of {counted(list.length, "step")}
        </Button>
      ) : null}
    </>
  );
}

function Count({ words, n, bad = false }: { readonly words: string; readonly n: number; readonly bad?: boolean }) {
  return (
    <div>
      <dd className={bad ? "tone-bad" : undefined}>{n.toLocaleString("en")}</dd>
      <dt className="small dim">{words}</dt>
    </div>
  );
}

function StepRow({ step, onRule }: { readonly step: BacktestStep; readonly onRule: (id: string) => void }) {
  const { rule } = step;
  return (
    <li className={step.disagreement === null ? undefined : "backtest-bad"}>
      <span className="backtest-what">
        <ShownText text={step.sentence} as="prose" />
        {step.program === "" ? null : (
          <span className="dim">
            {" "}
            in <ShownText text={step.program} as="prose" />
          </span>
        )}
        <span className="dim small mono">
          {" "}
          {step.session} {step.proposal}
        </span>
      </span>
      <span>
        It {WOULD_WORDS[step.would]}; then {WAS_WORDS[step.was]}.
      </span>
      <span className="small dim">
        <ShownText text={step.explanation} as="prose" />
      </span>
      {rule === null ? null : (
        <Button size="compact-xs" variant="default" onClick={() => onRule(rule)}>
          Rule {rule}
        </Button>
      )}
    </li>
  );
}
