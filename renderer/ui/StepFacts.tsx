import type { ReactNode } from "react";
import { type Action, describe } from "../../shared/action.ts";
import type { StepView, TurnView } from "../../shared/session-view.ts";
import { ActionPayload } from "./ActionPayload.tsx";
import { formatDuration, formatTime } from "./format.ts";
import { ShownText } from "./ShownText.tsx";
import { StepOutcome } from "./StepOutcome.tsx";
import { deciderOf, editedFrom, RETURN_WORDS, sentenceOf, shownStatus } from "./words.ts";

type Props = {
  readonly step: StepView;
  /** Whether its session is over, so that nothing waits any more. */
  readonly over: boolean;
};

/** What a step is, how it ended, and who decided. */
export function StepFacts({ step, over }: Props) {
  const parsed = step.call.parsed;
  const action = step.executed ?? step.proposal?.action ?? ("action" in parsed ? parsed.action : null);
  const proposed = editedFrom(step);
  const edit = step.decision?.decision.kind === "edit" ? step.decision.decision.action : null;
  const final = step.executed ?? edit ?? action;
  const reason = step.decision?.decision.kind === "reject" ? step.decision.decision.reason : null;
  return (
    <>
      <h2>{sentenceOf(step)}</h2>
      <div className="row">
        <StepOutcome status={shownStatus(step, over)} />
        {step.startedAt === null ? null : (
          <span className="small dim">
            {formatTime(step.startedAt)}
            {step.endedAt === null ? "" : `, took ${formatDuration(step.durationMs)}`}
          </span>
        )}
      </div>
      {proposed === null ? (
        action === null ? null : (
          <ActionPayload action={action} />
        )
      ) : (
        <>
          <Payload name="Claude proposed" action={proposed} />
          {final === null ? null : (
            <Payload
              name={step.executed === null ? "You changed it to" : "You changed it; this was executed"}
              action={final}
            />
          )}
        </>
      )}
      {"error" in parsed ? <Fact name="What was wrong">{parsed.error}</Fact> : null}
      {step.interrupted === null ? null : <Fact name="Interrupted">{step.interrupted}</Fact>}
      {step.decision === null ? null : (
        <Fact name="Decision">
          {`${DECIDED[step.decision.decision.kind]} by ${deciderOf(step) ?? ""}${step.decision.ahead ? ", on the storyboard of its turn" : ""}`}
        </Fact>
      )}
      {reason === null ? null : <Fact name="Reason">{reason}</Fact>}
    </>
  );
}

type WordsProps = { readonly step: StepView; readonly turn: TurnView | null };

/** Why it was judged so, and what was said and read. */
export function StepWords({ step, turn }: WordsProps) {
  return (
    <>
      <StepReasons step={step} />
      {turn !== null && turn.text !== "" ? <Fact name="Claude said">{turn.text}</Fact> : null}
      {turn !== null && turn.thinking !== "" ? <Fact name="Thinking">{turn.thinking}</Fact> : null}
    </>
  );
}

/** Why a step was judged so, why it came back, and what Claude read of it. */
export function StepReasons({ step }: { readonly step: StepView }) {
  return (
    <>
      {step.verdict === null ? null : <Fact name="Policy">{step.verdict.explanation}</Fact>}
      {step.returned.map((returned) => (
        <Fact key={`${returned.reason} ${returned.detail}`} name="Returned to the gate">
          {`${RETURN_WORDS[returned.reason]}. ${returned.detail}`}
        </Fact>
      ))}
      {step.result === null ? null : <Fact name="What Claude read">{step.result.text}</Fact>}
    </>
  );
}

const DECIDED = { approve: "Approved", edit: "Edited", reject: "Rejected", take_over: "Taken over" } as const;

function Payload({ name, action }: { readonly name: string; readonly action: Action }): ReactNode {
  return (
    <div>
      <h3 className="dim">{name}</h3>
      <p>{describe(action)}</p>
      <ActionPayload action={action} />
    </div>
  );
}

/** A named text of the record. */
export function Fact({ name, children }: { readonly name: string; readonly children: string }): ReactNode {
  return (
    <div>
      <h3 className="dim">{name}</h3>
      <ShownText text={children} as="prose" />
    </div>
  );
}
