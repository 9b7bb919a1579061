import { useState } from "react";
import { describe } from "../../shared/action.ts";
import type { WindowDecision } from "../../shared/ipc.ts";
import type { Proposal } from "../../shared/session-event.ts";
import type { Returned, StepView, TurnView } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { ActionPayload } from "../ui/ActionPayload.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { Changes } from "./Changes.tsx";
import { DecisionFoot } from "./DecisionFoot.tsx";
import { Loupes } from "./Loupes.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { Thinking } from "./Thinking.tsx";
import { useArmedCard } from "./use-armed-card.ts";
import { usePublishCard } from "./use-card-state.ts";
import { WindowLine } from "./WindowLine.tsx";

type Props = {
  readonly session: string;
  readonly proposal: Proposal;
  readonly step: StepView;
  readonly turn: TurnView | null;
  readonly returned: Returned | null;
  readonly armingMs: number;
  readonly platform: string;
};

/** The card: everything a decision is bound to, and the decision. One proposal and revision for its whole life. */
export function ProposalCard({ session, proposal, step, turn, returned, armingMs, platform }: Props) {
  const { card, rearm } = useArmedCard(session, proposal, armingMs);
  const { decide } = useVerbs();
  const [sent, setSent] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  const digest = card.kind === "arming" || card.kind === "armed" ? card.digest : null;
  const armed = card.kind === "armed" && card.seen && !sent;
  usePublishCard(digest === null ? null : { session, proposal: proposal.id, rev: proposal.rev, digest, armed, rearm });

  const send = async (decision: WindowDecision) => {
    if (card.kind !== "armed" || sent) return;
    setSent(true);
    setRefused(null);
    const outcome = await decide({ session, proposal: proposal.id, rev: proposal.rev, digest: card.digest, decision });
    if (outcome.ok) return;
    setSent(false);
    setRefused(outcome.error);
    rearm();
  };

  const sentence = describe(proposal.action);
  const calls = turn?.calls ?? 1;
  return (
    <SidePanel
      name="Proposed action"
      foot={
        <DecisionFoot
          card={card}
          armingMs={armingMs}
          sent={sent}
          refused={refused}
          platform={platform}
          onDecide={(decision) => void send(decision)}
        />
      }
    >
      <div className="card-top scroll-box">
        <h2 className={sentence.length > 60 ? "sentence-long" : undefined}>{sentence}</h2>
        <WindowLine proposal={proposal} />
        <Loupes proposal={proposal} action={proposal.action} />
        <ActionPayload action={proposal.action} />
        <Changes proposal={proposal} returned={returned} />
        {step.verdict === null ? null : (
          <p className="small dim">
            <ShownText text={step.verdict.explanation} as="prose" />
          </p>
        )}
        {calls > 1 || proposal.rev > 1 ? (
          <p className="small dim">
            {calls > 1 ? `Action ${proposal.index + 1} of ${calls} in this turn.` : ""}
            {proposal.rev > 1 ? ` Shown for the ${ordinal(proposal.rev)} time.` : ""}
          </p>
        ) : null}
        {turn !== null && turn.text !== "" ? (
          <div className="claude-said">
            <h3>Claude says</h3>
            <ShownText text={turn.text} as="prose" />
          </div>
        ) : null}
      </div>
      <Thinking turn={turn} live={null} />
    </SidePanel>
  );
}

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
}
