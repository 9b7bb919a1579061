import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { type SessionView, type StepView, stepId, type TurnView } from "../../shared/session-view.ts";
import { useApp, useMirror, useVerbs } from "../store/use-app.ts";
import { counted, formatDateTime, formatTokens, totalTokens } from "../ui/format.ts";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { StepDetail } from "../ui/StepDetail.tsx";
import { StepLine } from "../ui/StepLine.tsx";
import { costWords, END_WORDS, endOfTurn, isOver } from "../ui/words.ts";
import { InterruptedNotice } from "./Interrupted.tsx";
import { brokenStep, type Told, toldBefore } from "./told.ts";

/** One session of the journal: its steps on the left, everything recorded of the chosen one beside them. */
export function SessionPage({ session }: { readonly session: string }) {
  const mirror = useMirror(session);
  const { open } = useVerbs();
  const interrupted = useApp((state) => state.info?.interrupted.includes(session) ?? false);
  const [chosen, setChosen] = useState<string | null>(null);
  const view = mirror?.view ?? null;
  const over = interrupted || (view !== null && isOver(view.phase));
  const first = view === null ? null : ((interrupted ? brokenStep(view) : null) ?? view.steps[0] ?? null);
  const step = view?.steps.find((each) => stepId(each) === chosen) ?? first;
  const { lines, rest } = view === null ? { lines: [], rest: [] } : linesOf(view);
  return (
    <div className="session-page">
      <div className="session-head">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowLeft size={16} aria-hidden="true" />}
          onClick={() => open(null)}
        >
          All sessions
        </Button>
        <h2 className="session-task" title={view?.config?.task}>
          {view?.config?.task ?? "Reading the journal"}
        </h2>
      </div>
      {view === null || view.startedAt === null ? null : (
        <>
          <p className="dim small">{factsOf(view, interrupted)}</p>
          {interrupted ? <InterruptedNotice view={view} /> : null}
          <div className="session-body">
            <ScrollBox label="Steps of this session" className="session-steps">
              <ol aria-label="Steps">
                {lines.map(({ before, step: each, number }) => (
                  <li key={stepId(each)}>
                    {before.map((turn) => (
                      <TurnWords key={turn.turn} turn={turn} before={turnBefore(view, turn)} />
                    ))}
                    <StepLine
                      step={each}
                      number={number}
                      over={over}
                      selected={each === step}
                      onOpen={() => setChosen(stepId(each))}
                    />
                  </li>
                ))}
              </ol>
              {rest.map((turn) => (
                <TurnWords key={turn.turn} turn={turn} before={turnBefore(view, turn)} />
              ))}
            </ScrollBox>
            <div className="session-step">
              {step === null ? (
                <p className="dim">Claude took no step in this session.</p>
              ) : (
                <StepDetail step={step} over={over} turn={view.turns.find((turn) => turn.turn === step.turn) ?? null} />
              )}
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function turnBefore(view: SessionView, turn: TurnView): TurnView | null {
  return view.turns[view.turns.indexOf(turn) - 1] ?? null;
}

function factsOf(view: SessionView, interrupted: boolean): string {
  const open = interrupted ? "Interrupted" : "Open now";
  const outcome = view.phase.kind === "ended" ? END_WORDS[view.phase.reason] : open;
  const detail = view.phase.kind === "ended" && view.phase.detail !== null ? ` (${view.phase.detail})` : "";
  return [
    `${outcome}${detail}`,
    view.startedAt === null ? "" : formatDateTime(view.startedAt),
    view.config?.model ?? "",
    counted(view.steps.filter((step) => step.executed !== null).length, "step"),
    `${formatTokens(totalTokens(view.usage))} tokens`,
    costWords(view),
  ]
    .filter((fact) => fact !== "")
    .join(" · ");
}

type Line = { readonly before: readonly TurnView[]; readonly step: StepView; readonly number: number };

/** Each step with the turns that begin before it; `rest` are the turns after the last step. */
function linesOf(view: SessionView): { readonly lines: readonly Line[]; readonly rest: readonly TurnView[] } {
  let told = 0;
  const lines = view.steps.map((step, i) => {
    const upTo = view.turns.findIndex((turn) => turn.turn === step.turn) + 1;
    const before = view.turns.slice(told, upTo);
    told = Math.max(told, upTo);
    return { before, step, number: i + 1 };
  });
  return { lines, rest: view.turns.slice(told) };
}

const TOLD: Readonly<Record<Told["kind"], string>> = {
  note: "Your note",
  reply: "You replied",
  context: "The app told Claude",
};

type TurnProps = { readonly turn: TurnView; readonly before: TurnView | null };

/** A turn's number, what Claude was told before it, what it said, and how it ended where that was not ordinary. */
function TurnWords({ turn, before }: TurnProps) {
  const end = turn.calls === 0 && turn.endedAt !== null && turn.error === null ? endOfTurn(turn.stopReason) : null;
  return (
    <div className="turn">
      {numbered(toldBefore(turn, before)).map(([told, key]) => (
        <p key={key} className="turn-text turn-told">
          <span className="small dim">{TOLD[told.kind]}: </span>
          <ShownText text={told.text} as="prose" />
        </p>
      ))}
      <p className="small dim">Turn {turn.turn}</p>
      {turn.text === "" ? null : (
        <p className="turn-text">
          <ShownText text={turn.text} as="prose" />
        </p>
      )}
      {end === null ? null : <p className="turn-text tone-bad">{end.title}</p>}
      {turn.error === null ? null : (
        <p className="turn-text tone-bad">
          Failed: <ShownText text={turn.error.message} as="prose" />
        </p>
      )}
    </div>
  );
}

/** What was told never moves, so its place is its key. */
function numbered<T>(items: readonly T[]): readonly (readonly [item: T, key: number])[] {
  return items.map((item, i) => [item, i] as const);
}
