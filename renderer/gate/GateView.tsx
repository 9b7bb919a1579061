import { useState } from "react";
import { assertNever } from "../../shared/assert-never.ts";
import {
  currentStep,
  innerPhase,
  phaseStep,
  type SessionPhase,
  type SessionView,
  stepOf,
  type TurnView,
} from "../../shared/session-view.ts";
import type { Mirror } from "../store/merge.ts";
import { useHold } from "../store/use-app.ts";
import { AnswerPanel } from "./AnswerPanel.tsx";
import { Batch } from "./Batch.tsx";
import { BatchLook } from "./BatchLook.tsx";
import { EndedPanel } from "./EndedPanel.tsx";
import { EditorScope, useEditor } from "./edit/editor.ts";
import { LiveDesktop } from "./hands/LiveDesktop.tsx";
import { TakenOverPanel } from "./hands/TakenOverPanel.tsx";
import { useLive } from "./live/use-live.ts";
import { lookedAt, lookMarks, NO_LOOK } from "./look.ts";
import { ProposalCard } from "./ProposalCard.tsx";
import { Stage } from "./Stage.tsx";
import { Steps } from "./Steps.tsx";
import { ExecutingPanel, PausedPanel, PlainPanel, RetryingPanel, ThinkingPanel } from "./WorkingPanels.tsx";

type Props = { readonly mirror: Mirror };

const HANDS_HINT = "hands-hint";

/** A live session: the picture with what will happen drawn on it, and beside it what can be done. */
export function GateView({ mirror }: Props) {
  const { view } = mirror;
  const turn = view.turns.at(-1) ?? null;
  const step = currentStep(view);
  const proposal = step?.proposal ?? null;
  const action = step?.executed ?? proposal?.action ?? null;
  // The storyboard stays between a step's result and the next proposal.
  const about = phaseStep(view);
  const batch = about === null ? [] : view.steps.filter((other) => other.turn === about.turn);
  const cursor = proposal?.cursor ?? view.cursor;
  const screenshot = proposal?.screenshot ?? view.picture;
  const [look, setLook] = useState(NO_LOOK);
  const editor = useEditor(view.id, view.phase.kind === "deciding" ? proposal : null);
  const [compares, setCompares] = useState(false);
  const waits = innerPhase(view.phase).kind === "deciding";
  const seesOwn = view.config?.where.kind === "own" && view.phase.kind !== "ended" && view.phase.kind !== "stopping";
  const takenOver = view.phase.kind === "takenOver";
  const live = useLive(view.id, seesOwn && !view.captureOff && (takenOver || compares || !waits));
  useHold(editor.edit !== null);
  // On their own desktop the operator's hands are there already; the picture stays what Claude saw.
  if (takenOver && view.config?.where.kind !== "this")
    return (
      <div className="gate">
        <div className="stage">
          <LiveDesktop key={view.id} session={view.id} live={live} hint={HANDS_HINT} off={view.captureOff} />
          <Steps view={view} />
        </div>
        <Panel mirror={mirror} turn={turn} phase={view.phase} />
      </div>
    );
  const looked = lookedAt(look, batch, step);
  return (
    <EditorScope value={editor}>
      <div className="gate">
        <div className="stage">
          <Stage
            key={proposal === null ? "desktop" : `${proposal.id} ${proposal.rev}`}
            screenshot={screenshot}
            now={proposal?.now ?? null}
            live={seesOwn ? live : null}
            waits={waits}
            onCompare={setCompares}
            seenByClaude={proposal !== null || screenshot?.sha256 === turn?.screenshot?.sha256}
            action={action}
            proposed={proposal?.original ?? proposal?.action ?? null}
            lookedAt={lookMarks(looked, batch, cursor)}
            cursor={cursor}
            into={proposal?.window?.class ?? null}
          />
          {batch.length > 1 ? <Batch view={view} steps={batch} look={look} onLook={setLook} /> : null}
          {looked === null ? (
            <Steps view={view} />
          ) : (
            <BatchLook step={looked} of={batch.length} onClose={() => setLook(NO_LOOK)} />
          )}
        </div>
        <Panel mirror={mirror} turn={turn} phase={view.phase} />
      </div>
    </EditorScope>
  );
}

type PanelProps = Props & { readonly turn: TurnView | null; readonly phase: SessionPhase };

function Panel({ mirror: { view, live }, turn, phase }: PanelProps) {
  switch (phase.kind) {
    case "starting":
      return (
        <PlainPanel title="Starting">
          The desktop and its programs are being started, then Claude gets the task.
        </PlainPanel>
      );
    case "thinking":
      return <ThinkingPanel view={view} turn={turn} live={live} />;
    case "retrying":
      return <RetryingPanel view={view} turn={turn} live={live} phase={phase} />;
    case "deciding":
      return <Deciding view={view} phase={phase} />;
    case "executing":
      return <ExecutingPanel view={view} turn={turn} live={live} checking={live?.checking === phase.proposal} />;
    case "answered":
      return <AnswerPanel key={phase.turn} session={view.id} turn={turn} />;
    case "paused":
      return <PausedPanel view={view} turn={turn} live={live} phase={phase} />;
    case "takenOver":
      return <TakenOverPanel view={view} phase={phase} hint={HANDS_HINT} />;
    case "stopping":
      return <PlainPanel title="Stopping">Keys and buttons are released and the record is being closed.</PlainPanel>;
    case "ended":
      return <EndedPanel view={view} reason={phase.reason} detail={phase.detail} />;
    default:
      return assertNever(phase);
  }
}

type DecidingProps = {
  readonly view: SessionView;
  readonly phase: Extract<SessionPhase, { kind: "deciding" }>;
};

function Deciding({ view, phase }: DecidingProps) {
  const step = stepOf(view, phase.proposal);
  if (step !== null && step.result !== null)
    return <PlainPanel title="Going on">That action has its answer. Nothing waits for you now.</PlainPanel>;
  if (step === null || step.proposal === null)
    return <PlainPanel title="Waiting">The proposal is being read.</PlainPanel>;
  return (
    <ProposalCard
      key={`${view.id} ${phase.proposal} ${phase.rev}`}
      session={view.id}
      proposal={step.proposal}
      step={step}
      turn={view.turns.find((turn) => turn.turn === step.turn) ?? null}
      returned={phase.returned}
    />
  );
}
