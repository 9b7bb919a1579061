import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { plannedProposal, stepsAhead } from "../../shared/batch.ts";
import type { Given } from "../../shared/ipc.ts";
import { riskOfProposal } from "../../shared/risk.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { type SessionView, type StepView, stepId, stepOf } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { counted } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { ApproveButton } from "./approve/ApproveButton.tsx";
import { useApproval } from "./approve/use-approval.ts";
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
          view={view}
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
  readonly view: SessionView;
  readonly waiting: Proposal;
  readonly ahead: readonly StepView[];
  /** Place in `ahead` of the chosen step; -1 for none. */
  readonly upTo: number;
  readonly onSent: () => void;
};

/** The two buttons. They wait for the card's own arming delay, as what they approve begins with the card. */
function ApproveAhead({ view, waiting, ahead, upTo, onSent }: AheadProps) {
  const session = view.id;
  const { decideBatch, pressed } = useVerbs();
  const card = useCardState(session, waiting.id, waiting.rev);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const armed = card?.armed === true && !busy;

  const approve = async (count: number, given: Given) => {
    if (!armed || card === null || count < 1) return;
    setBusy(true);
    setRefused(null);
    const request = await batchRequest(session, waiting, card.digest, ahead.slice(0, count));
    const outcome = await decideBatch({ ...request, given });
    if (outcome.ok) return onSent();
    setBusy(false);
    setRefused(outcome.error);
    card.rearm();
  };
  const press = async () => {
    if (card === null) return false;
    const outcome = await pressed(session, waiting.id, waiting.rev, card.digest);
    setRefused(outcome.ok ? null : outcome.error);
    return outcome.ok;
  };
  const buttons = [
    { name: "Approve batch", count: ahead.length, on: armed },
    { name: "Approve up to here", count: upTo + 1, on: armed && upTo >= 0 },
  ];
  return (
    <div className="batch-buttons">
      {buttons.map(({ name, count, on }) => (
        <AheadButton
          key={name}
          name={name}
          count={count}
          enabled={on}
          risky={[...ahead.slice(0, count).map((step) => plannedProposal(waiting, step)), waiting].some(
            (proposal) => proposal !== null && isRisky(view, proposal),
          )}
          press={press}
          approve={(given) => void approve(on ? count : 0, given)}
        />
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

type AheadButtonProps = {
  readonly name: string;
  /** How many steps after the waiting one it approves. */
  readonly count: number;
  readonly enabled: boolean;
  readonly risky: boolean;
  readonly press: () => Promise<boolean>;
  readonly approve: (given: Given) => void;
};

function AheadButton({ name, count, enabled, risky, press, approve }: AheadButtonProps) {
  const approval = useApproval({ risky, enabled, press, approve });
  return (
    <ApproveButton
      approval={approval}
      name={name}
      risky={risky}
      enabled={enabled}
      arming={false}
      hint={count === 0 ? "" : String(count + 1)}
      title={
        count === 0 ? "Choose an action ahead first" : `Approves this action and the next ${counted(count, "one")}`
      }
      size="xs"
      main={false}
      className="batch-approve"
    />
  );
}

/** By the same rules as in main: one risky step makes approving them together risky. */
function isRisky(view: SessionView, proposal: Proposal): boolean {
  const turn = view.turns.find((each) => each.turn === proposal.turn) ?? null;
  return riskOfProposal(proposal, stepOf(view, proposal.id), turn).level === "risky";
}
