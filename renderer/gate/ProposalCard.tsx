import { useRef } from "react";
import { type Action, describe, pointsOf } from "../../shared/action.ts";
import { riskOfProposal } from "../../shared/risk.ts";
import type { Proposal } from "../../shared/session-event.ts";
import type { Returned, StepView, TurnView } from "../../shared/session-view.ts";
import { AlwaysAllow } from "../policy/AlwaysAllow.tsx";
import { VerdictLine } from "../policy/VerdictLine.tsx";
import { ActionPayload } from "../ui/ActionPayload.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { Sentence } from "../ui/Sentence.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { Changes } from "./Changes.tsx";
import { DecisionFoot } from "./DecisionFoot.tsx";
import { EditForm } from "./edit/EditForm.tsx";
import { useEdit } from "./edit/editor.ts";
import { Loupes } from "./Loupes.tsx";
import { RiskLine } from "./RiskLine.tsx";
import { SecretMark } from "./SecretMark.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { Thinking } from "./Thinking.tsx";
import { usePublishCard } from "./use-card-state.ts";
import { useDecision } from "./use-decision.ts";
import { WindowLine } from "./WindowLine.tsx";

type Props = {
  readonly session: string;
  readonly proposal: Proposal;
  readonly step: StepView;
  readonly turn: TurnView | null;
  readonly returned: Returned | null;
};

/** The card: everything a decision is bound to, and the decision. One proposal and revision for its whole life. */
export function ProposalCard({ session, proposal, step, turn, returned }: Props) {
  const { edit, open, close, lock } = useEdit();
  const { card, sent, refused, press, send, rearm, digest } = useDecision(session, proposal, lock);
  const editButton = useRef<HTMLButtonElement>(null);
  const kindField = useRef<HTMLSelectElement>(null);

  const armed = card.kind === "armed" && card.seen && !sent && edit === null;
  usePublishCard(digest === null ? null : { session, proposal: proposal.id, rev: proposal.rev, digest, armed, rearm });

  const cancel = () => {
    close();
    editButton.current?.focus();
  };

  /** What approving would run now; while an edit is not valid, what Claude's proposal would. */
  const action = edit?.checked.ok === true ? edit.checked.action : proposal.action;
  const isEdited = edit !== null && (!edit.checked.ok || edit.checked.changed);
  const risk = riskOfProposal(proposal, step, turn, action);
  const sentence = describe(action);
  const calls = turn?.calls ?? 1;
  return (
    <SidePanel
      name="Proposed action"
      foot={
        <DecisionFoot
          card={card}
          sent={sent}
          refused={refused}
          risky={risk.level === "risky"}
          onPress={press}
          edited={edit?.checked ?? null}
          editButton={editButton}
          onEdit={() => (edit === null ? open() : kindField.current?.focus())}
          onDecide={(decision, given) => void send(decision, given)}
        />
      }
    >
      <ScrollBox label="What would run" className="card-top">
        <h2 className={sentence.length > 60 ? "sentence-long" : undefined}>
          <Sentence text={sentence} />
        </h2>
        <Origin proposal={proposal} action={action} />
        {edit?.checked.ok === false ? (
          <p className="dim">This is what was proposed. The edit can't run yet: one of its fields is wrong.</p>
        ) : null}
        {edit === null ? null : <EditForm edit={edit} kindField={kindField} onCancel={cancel} />}
        {isElsewhere(action, proposal.action) ? (
          <p className="small dim">Under Claude's own point, not under yours:</p>
        ) : null}
        <WindowLine proposal={proposal} />
        <Changes proposal={proposal} returned={returned} />
        <RiskLine risk={risk} />
        {edit === null ? <ActionPayload action={action} cursor={proposal.cursor} /> : null}
        {action.action === "type" ? <SecretMark session={session} /> : null}
        <Loupes proposal={proposal} action={action} />
        {step.verdict === null || isEdited ? null : <VerdictLine verdict={step.verdict} />}
        {/* No rule may let anything into a password field pass. */}
        {edit === null && proposal.password !== true ? <AlwaysAllow session={session} proposal={proposal} /> : null}
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
      </ScrollBox>
      <Thinking turn={turn} live={null} />
    </SidePanel>
  );
}

/** Longest text, in UTF-16 units, that its sentence is sure to show whole. */
const SHORT_TEXT = 40;

/** What Claude proposed, where what would run is the operator's edit of it. */
function Origin({ proposal, action }: { readonly proposal: Proposal; readonly action: Action }) {
  const { original } = proposal;
  const claudes = original ?? proposal.action;
  if (original === null && action === proposal.action) return null;
  const long = claudes.action === "type" && claudes.text.length > SHORT_TEXT;
  return (
    <div className="origin">
      <p>
        {original === null ? null : <strong>You edited this. </strong>}
        <span className="dim">Claude proposed:</span> {describe(claudes)}
      </p>
      {long ? (
        <details>
          <summary className="small">Claude's text, whole</summary>
          <ActionPayload action={claudes} cursor={proposal.cursor} />
        </details>
      ) : null}
    </div>
  );
}

/** Whether an edit acts at another point than the proposal, or in another way: then its window is not known yet. */
function isElsewhere(edited: Action, proposed: Action): boolean {
  return edited !== proposed && JSON.stringify(pointsOf(edited)[0]?.[1]) !== JSON.stringify(pointsOf(proposed)[0]?.[1]);
}

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
}
