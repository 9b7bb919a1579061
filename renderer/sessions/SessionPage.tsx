import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { type SessionView, stepId, type TurnView } from "../../shared/session-view.ts";
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
                {view.turns.map((turn) => (
                  <li key={turn.turn}>
                    <TurnBlock
                      view={view}
                      turn={turn}
                      chosen={step === null ? null : stepId(step)}
                      onChoose={setChosen}
                    />
                  </li>
                ))}
              </ol>
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

type TurnProps = {
  readonly view: SessionView;
  readonly turn: TurnView;
  readonly chosen: string | null;
  readonly onChoose: (step: string) => void;
};

/** A turn's words and its steps. */
function TurnBlock({ view, turn, chosen, onChoose }: TurnProps) {
  const steps = view.steps.map((step, i) => ({ step, number: i + 1 })).filter(({ step }) => step.turn === turn.turn);
  return (
    <div className="turn">
      <p className="small dim turn-name">Turn {turn.turn}</p>
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
      {steps.map(({ step, number }) => (
        <StepLine
          key={stepId(step)}
          step={step}
          number={number}
          selected={stepId(step) === chosen}
          onOpen={() => onChoose(stepId(step))}
        />
      ))}
    </div>
  );
}
