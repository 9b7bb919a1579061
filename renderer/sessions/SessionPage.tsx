import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { type SessionView, type StepView, stepId, type TurnView } from "../../shared/session-view.ts";
import { useMirror, useVerbs } from "../store/use-app.ts";
import { counted, formatCost, formatDateTime, formatTokens, totalTokens } from "../ui/format.ts";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { StepDetail } from "../ui/StepDetail.tsx";
import { StepLine } from "../ui/StepLine.tsx";
import { END_WORDS } from "../ui/words.ts";

/** One session of the journal: its steps on the left, everything recorded of the chosen one beside them. */
export function SessionPage({ session }: { readonly session: string }) {
  const mirror = useMirror(session);
  const { open } = useVerbs();
  const [chosen, setChosen] = useState<string | null>(null);
  const view = mirror?.view ?? null;
  const step = view?.steps.find((each) => stepId(each) === chosen) ?? view?.steps[0] ?? null;
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
          <p className="dim small">{factsOf(view)}</p>
          <div className="session-body">
            <ScrollBox label="Steps of this session" className="session-steps">
              <ol aria-label="Steps">
                {lines.map(({ before, step: each, number }) => (
                  <li key={stepId(each)}>
                    {before.map((turn) => (
                      <TurnWords key={turn.turn} turn={turn} />
                    ))}
                    <StepLine
                      step={each}
                      number={number}
                      selected={each === step}
                      onOpen={() => setChosen(stepId(each))}
                    />
                  </li>
                ))}
              </ol>
              {rest.map((turn) => (
                <TurnWords key={turn.turn} turn={turn} />
              ))}
            </ScrollBox>
            <div className="session-step">
              {step === null ? (
                <p className="dim">Claude took no step in this session.</p>
              ) : (
                <StepDetail step={step} turn={view.turns.find((turn) => turn.turn === step.turn) ?? null} />
              )}
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function factsOf(view: SessionView): string {
  const outcome = view.phase.kind === "ended" ? END_WORDS[view.phase.reason] : "Open now";
  const detail = view.phase.kind === "ended" && view.phase.detail !== null ? ` (${view.phase.detail})` : "";
  return [
    `${outcome}${detail}`,
    view.startedAt === null ? "" : formatDateTime(view.startedAt),
    view.config?.model ?? "",
    counted(view.steps.filter((step) => step.executed !== null).length, "step"),
    `${formatTokens(totalTokens(view.usage))} tokens`,
    formatCost(view.costUsd),
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

/** A turn's number, what Claude said in it, and how it failed if it did. */
function TurnWords({ turn }: { readonly turn: TurnView }) {
  return (
    <div className="turn">
      <p className="small dim">Turn {turn.turn}</p>
      {turn.text === "" ? null : (
        <p className="turn-text">
          <ShownText text={turn.text} as="prose" />
        </p>
      )}
      {turn.error === null ? null : (
        <p className="turn-text tone-bad">
          Failed: <ShownText text={turn.error.message} as="prose" />
        </p>
      )}
    </div>
  );
}
