import { NativeSelect } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ListedSession } from "../../shared/ipc-journal.ts";
import { type SessionView, sessionRow } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { formatCost, formatDateTime, formatDuration, formatSeconds, formatTokens, totalTokens } from "../ui/format.ts";
import { Picture } from "../ui/Picture.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { StepOutcome } from "../ui/StepOutcome.tsx";
import { drawingOfStep } from "../ui/step-drawing.ts";
import { END_WORDS, sentenceOf, shownStatus } from "../ui/words.ts";
import { alignSteps, type Pair } from "./align.ts";
import { median, operatorLatencies, timeByWhose } from "./charts-data.ts";
import type { Recording } from "./recording.ts";
import { useRecording } from "./use-recording.ts";

const ROW_H = 44;
const MOST = 10_000;

/** Two sessions side by side: their figures, and their steps in pairs. */
export function Compare({ recording }: { readonly recording: Recording }) {
  const { journal } = useVerbs();
  const [sessions, setSessions] = useState<readonly ListedSession[] | null>(null);
  const [other, setOther] = useState<string | null>(null);
  const task = recording.view.config?.task ?? "";
  useEffect(() => {
    let on = true;
    const all = { text: "", sort: "startedAt", descending: true, offset: 0, limit: MOST } as const;
    journal.sessions(all).then(
      ({ rows }) => on && setSessions(rows.filter(({ id }) => id !== recording.session)),
      () => on && setSessions([]),
    );
    return () => {
      on = false;
    };
  }, [journal, recording.session]);
  const same = sessions?.filter((row) => row.task === task) ?? [];
  const rest = sessions?.filter((row) => row.task !== task) ?? [];
  const chosen = other ?? same[0]?.id ?? null;
  return (
    <div className="compare">
      <NativeSelect
        size="xs"
        className="compare-other"
        label="Compare with"
        value={chosen ?? ""}
        onChange={(event) => setOther(event.currentTarget.value || null)}
        data={[
          { value: "", label: "Choose a session" },
          { group: `Same task (${same.length})`, items: same.map(choiceOf) },
          {
            group: `Other tasks (${rest.length})`,
            items: rest.map((row) => ({ ...choiceOf(row), label: `${choiceOf(row).label}: ${row.task.slice(0, 60)}` })),
          },
        ].filter((each) => !("items" in each) || each.items.length > 0)}
      />
      {chosen === null ? (
        <p className="dim">
          {sessions !== null && same.length === 0 ? "No other session has this task; any other one can be chosen." : ""}
        </p>
      ) : (
        <Pairs key={chosen} a={recording} session={chosen} />
      )}
    </div>
  );
}

function choiceOf(row: ListedSession): { readonly value: string; readonly label: string } {
  const outcome = row.outcome === "open" ? "open now" : END_WORDS[row.outcome];
  return { value: row.id, label: `${formatDateTime(row.startedAt)}, ${outcome}, ${row.steps} steps` };
}

function Pairs({ a, session }: { readonly a: Recording; readonly session: string }) {
  const { recording: b, last, error } = useRecording(session);
  const [at, setAt] = useState(0);
  const pairs = useMemo(() => (b === null ? [] : alignSteps(a.view.steps, b.view.steps)), [a, b]);
  const pair = pairs[at] ?? null;
  if (error !== null) return <p className="tone-bad">{error}</p>;
  if (b === null || b.view.seq < last) return <p className="dim">Reading the other record.</p>;
  return (
    <div className="compare-body">
      <Figures a={a} b={b} />
      <PairList a={a.view} b={b.view} pairs={pairs} at={at} onChoose={setAt} />
      <div className="compare-pictures">
        <Side view={a.view} index={pair?.a ?? null} name="This session" />
        <Side view={b.view} index={pair?.b ?? null} name="The other" />
      </div>
    </div>
  );
}

/** One line for each figure; a difference is said in words, not only by place. */
function Figures({ a, b }: { readonly a: Recording; readonly b: Recording }) {
  const [left, right] = [figuresOf(a), figuresOf(b)];
  return (
    <ScrollBox label="Figures of both" className="compare-table">
      <table className="compare-figures small">
        <thead>
          <tr>
            <td />
            {left.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[
            ["This session", left],
            ["The other", right],
          ].map(([name, figures]) => (
            <tr key={String(name)}>
              <th scope="row">{String(name)}</th>
              {(figures as typeof left).map(([key, value]) => (
                <td key={key}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function figuresOf({ view, spans }: Recording): readonly (readonly [name: string, value: string])[] {
  const row = sessionRow(view);
  const time = timeByWhose(spans);
  const latency = median(operatorLatencies(view));
  return [
    ["Outcome", row === null ? "" : row.outcome === "open" ? "Open" : END_WORDS[row.outcome]],
    ["Started", row === null ? "" : formatDateTime(row.startedAt)],
    ["Steps", String(row?.steps ?? 0)],
    ["Edits", String(row?.edits ?? 0)],
    ["Rejections", String(row?.rejections ?? 0)],
    ["Duration", formatDuration(Object.values(time).reduce((sum, ms) => sum + ms, 0))],
    ["Claude", formatDuration(time.model)],
    ["Operator", formatDuration(time.operator)],
    ["Decision, median", latency === null ? "none" : formatSeconds(latency)],
    ["Tokens", formatTokens(totalTokens(view.usage))],
    ["Cost", formatCost(view.costUsd)],
  ];
}

const KINDS: Readonly<Record<Pair["kind"], string>> = { same: "same", like: "differs", only: "only here" };

type ListProps = {
  readonly a: SessionView;
  readonly b: SessionView;
  readonly pairs: readonly Pair[];
  readonly at: number;
  readonly onChoose: (at: number) => void;
};

function PairList({ a, b, pairs, at, onChoose }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: pairs.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_H,
    overscan: 6,
  });
  return (
    <div ref={box} className="compare-list scroll-box">
      <ol aria-label="Steps of both sessions" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const pair = pairs[index];
          if (pair === undefined) return null;
          return (
            <li
              key={index}
              aria-setsize={pairs.length}
              aria-posinset={index + 1}
              style={{ height: ROW_H, transform: `translateY(${start}px)` }}
            >
              <button
                type="button"
                className={`compare-row compare-${pair.kind}`}
                aria-current={index === at ? "true" : undefined}
                onClick={() => onChoose(index)}
              >
                <Cell view={a} index={pair.a} />
                <span className="compare-kind small">{KINDS[pair.kind]}</span>
                <Cell view={b} index={pair.b} />
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Cell({ view, index }: { readonly view: SessionView; readonly index: number | null }) {
  const step = index === null ? undefined : view.steps[index];
  if (index === null || step === undefined) return <span className="compare-cell dim">No such step</span>;
  return (
    <span className="compare-cell">
      <span className="compare-sentence" title={sentenceOf(step)}>
        <span className="dim mono">{index + 1}</span> {sentenceOf(step)}
      </span>
      <StepOutcome status={shownStatus(step, true)} />
    </span>
  );
}

type SideProps = { readonly view: SessionView; readonly index: number | null; readonly name: string };

function Side({ view, index, name }: SideProps) {
  const step = index === null ? undefined : view.steps[index];
  const image = step?.proposal?.screenshot ?? null;
  return (
    <figure className="compare-side">
      <figcaption className="small dim">{name}</figcaption>
      {step === undefined || image === null ? (
        <p className="dim replay-none">
          {step === undefined ? "No such step in this session." : "No picture belongs to this step."}
        </p>
      ) : (
        <Picture image={image} name={`Screenshot Claude saw, ${name.toLowerCase()}`} {...drawingOfStep(step)} />
      )}
    </figure>
  );
}
