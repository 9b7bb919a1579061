import { Button } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { stepsAhead } from "../../shared/batch.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { type SessionView, type StepView, stepId } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { counted } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { BatchChip } from "./BatchChip.tsx";
import type { Look } from "./look.ts";
import { batchRequest, cursorBefore } from "./storyboard.ts";
import { useCardState } from "./use-card-state.ts";

type Props = {
  readonly view: SessionView;
  /** The actions of the turn, in order. */
  readonly steps: readonly StepView[];
  readonly look: Look;
  readonly onLook: (look: Look) => void;
};

/** The actions of one turn in order, as a storyboard; while one waits, the rest can be approved with it. */
export function Batch({ view, steps, look, onLook }: Props) {
  const now = steps.find((step) => step.status === "deciding" || step.status === "executing") ?? null;
  const waiting = view.phase.kind === "deciding" && now?.status === "deciding" ? now.proposal : null;
  const ahead = waiting === null ? [] : stepsAhead(view, waiting);
  const upTo = ahead.findIndex((step) => stepId(step) === look.selected);
  const strip = useRef<HTMLOListElement>(null);
  const nowId = now === null ? null : stepId(now);
  const tabStop = steps.find((step) => stepId(step) === look.selected) ?? now ?? steps[0];

  useEffect(() => {
    const chip = nowId === null ? null : strip.current?.querySelector('[aria-current="step"]');
    chip?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [nowId]);

  const onKeyDown = (event: KeyboardEvent, step: StepView) => {
    if (event.key === "Escape") return onLook({ selected: null, hovered: null });
    const last = steps.length - 1;
    const to = { ArrowLeft: step.index - 1, ArrowRight: step.index + 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    strip.current?.querySelector<HTMLElement>(`[data-chip="${Math.min(last, Math.max(0, to))}"]`)?.focus();
  };

  return (
    <section aria-label="Batch" className="batch">
      <ol className="batch-strip" ref={strip} aria-label="Actions of this turn">
        {steps.map((step) => (
          <BatchChip
            key={stepId(step)}
            step={step}
            image={step.proposal?.now ?? step.proposal?.screenshot ?? waiting?.screenshot ?? view.picture}
            cursor={cursorBefore(steps, step, view.cursor)}
            now={step === now}
            selected={look.selected === stepId(step)}
            inRange={upTo >= 0 && (step === now || ahead.indexOf(step) >= 0) && ahead.indexOf(step) <= upTo}
            tabStop={step === tabStop}
            onSelect={() => onLook({ ...look, selected: stepId(step) })}
            onHover={(on) => onLook({ ...look, hovered: on ? stepId(step) : null })}
            onKeyDown={(event) => onKeyDown(event, step)}
          />
        ))}
      </ol>
      {waiting === null || ahead.length === 0 ? null : (
        <ApproveAhead
          key={`${waiting.id} ${waiting.rev}`}
          session={view.id}
          waiting={waiting}
          ahead={ahead}
          upTo={upTo}
          onSent={() => onLook({ selected: null, hovered: null })}
        />
      )}
    </section>
  );
}

type AheadProps = {
  readonly session: string;
  readonly waiting: Proposal;
  readonly ahead: readonly StepView[];
  /** Place in `ahead` of the chosen step; -1 for none. */
  readonly upTo: number;
  readonly onSent: () => void;
};

/** The two buttons. They wait for the card's own arming delay, as what they approve begins with the card. */
function ApproveAhead({ session, waiting, ahead, upTo, onSent }: AheadProps) {
  const { decideBatch } = useVerbs();
  const card = useCardState(session, waiting.id, waiting.rev);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const armed = card?.armed === true && !busy;

  const approve = async (count: number) => {
    if (!armed || card === null || count < 1) return;
    setBusy(true);
    setRefused(null);
    const outcome = await decideBatch(await batchRequest(session, waiting, card.digest, ahead.slice(0, count)));
    if (outcome.ok) return onSent();
    setBusy(false);
    setRefused(outcome.error);
    card.rearm();
  };
  const buttons = [
    { name: "Approve batch", count: ahead.length, on: armed },
    { name: "Approve up to here", count: upTo + 1, on: armed && upTo >= 0 },
  ];
  return (
    <div className="batch-buttons">
      {buttons.map(({ name, count, on }) => (
        <Button
          key={name}
          size="xs"
          variant="default"
          className="batch-approve"
          aria-disabled={!on}
          title={
            count === 0 ? "Choose an action ahead first" : `Approves this action and the next ${counted(count, "one")}`
          }
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={() => void approve(on ? count : 0)}
        >
          {name}
          {count === 0 ? null : (
            <span className="batch-count" aria-hidden="true">
              {count + 1}
            </span>
          )}
        </Button>
      ))}
      {refused === null ? null : (
        <div className="batch-refused">
          <Notice tone="bad" alert>
            Not approved: {refused}
          </Notice>
        </div>
      )}
    </div>
  );
}
