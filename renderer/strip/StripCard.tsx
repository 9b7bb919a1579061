import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { type Action, describe } from "../../shared/action.ts";
import { riskOfProposal } from "../../shared/risk.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { currentStep, type SessionView } from "../../shared/session-view.ts";
import { ApproveButton } from "../gate/approve/ApproveButton.tsx";
import { useApproval } from "../gate/approve/use-approval.ts";
import { ReasonLine } from "../gate/ReasonLine.tsx";
import { useDecision } from "../gate/use-decision.ts";
import { useShortcut, useShortcutHint } from "../gate/use-shortcuts.ts";
import { useHold, useQueue, useVerbs } from "../store/use-app.ts";
import { Loupe } from "../ui/Loupe.tsx";
import { focusOf } from "../ui/overlay.ts";
import { Sentence } from "../ui/Sentence.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { ExpandButton } from "./ExpandButton.tsx";

type Props = {
  readonly session: string;
  readonly proposal: Proposal;
  /** What makes it too much for the strip, in words; null when it can be decided there. */
  readonly tooMuch: string | null;
};

/** Longest text, in UTF-16 units, that the sentence is sure to show whole. */
const SHORT_TEXT = 40;

/** The proposal that waits, as the strip shows it; null when none does. */
export function waitingOf(view: SessionView): { readonly id: string; readonly card: Props } | null {
  const { phase } = view;
  const step = currentStep(view);
  const proposal = step?.proposal ?? null;
  if (phase.kind !== "deciding" || step === null || proposal === null) return null;
  const turn = view.turns.find((each) => each.turn === step.turn) ?? null;
  const risk = riskOfProposal(proposal, step, turn);
  const tooMuch =
    risk.level === "risky"
      ? (risk.reasons[0]?.words ?? "It is risky.")
      : proposal.now !== null && !(proposal.index > 0 && proposal.rev === 1)
        ? "The desktop differs from what Claude saw."
        : isLong(proposal.action)
          ? "Its text does not fit in here."
          : proposal.original !== null
            ? "You edited it before."
            : null;
  return { id: `${view.id} ${proposal.id} ${proposal.rev}`, card: { session: view.id, proposal, tooMuch } };
}

function isLong(action: Action): boolean {
  return action.action === "type" && action.text.length > SHORT_TEXT;
}

/** Decides by the very rules of the card; what it can't show whole has to be decided there. */
export function StripCard({ session, proposal, tooMuch }: Props) {
  const { card, sent, refused, press, send } = useDecision(session, proposal, ignore);
  const { strip } = useVerbs();
  const [rejecting, setRejecting] = useState(false);
  useHold(rejecting);
  const approveHint = useShortcutHint("approve");
  const rejectHint = useShortcutHint("reject");
  const armed = card.kind === "armed" && !sent;
  const enabled = armed && card.seen && !rejecting && tooMuch === null;
  const approval = useApproval({
    risky: false,
    enabled,
    press,
    approve: (given) => void send({ kind: "approve" }, given),
  });
  useShortcut("approve", approval);
  useShortcut("reject", () => setRejecting(true));
  const at = focusOf(proposal.action, proposal.cursor).at(-1)?.at ?? null;
  const where = proposal.target ?? proposal.window;
  const problem = card.kind === "problem" ? card.error : refused;
  return (
    <section className="strip-card" aria-label="Proposed action">
      <div className="strip-loupe">
        {at === null ? null : <Loupe image={proposal.now ?? proposal.screenshot} at={at} name="Target" />}
      </div>
      <div className="strip-words">
        <h2>
          <Sentence text={describe(proposal.action)} />
        </h2>
        {where === null ? null : (
          <p className="dim strip-where" title={where.title}>
            <ShownText text={where.class === "" ? where.title : `${where.class}: ${where.title}`} as="prose" />
          </p>
        )}
        {tooMuch === null ? null : (
          <p className="strip-much">
            <IconAlertTriangle size={15} aria-hidden="true" /> <ShownText text={tooMuch} as="prose" />
          </p>
        )}
        {problem === null ? null : (
          <p className="strip-much" role="alert">
            Not decided: {problem}
          </p>
        )}
      </div>
      {rejecting ? (
        <ReasonLine
          disabled={!armed}
          offers={false}
          onCancel={() => setRejecting(false)}
          onDecide={(decision) => void send(decision)}
        />
      ) : (
        <div className="strip-buttons">
          {tooMuch === null ? (
            <ApproveButton
              approval={approval}
              name="Approve"
              risky={false}
              enabled={enabled}
              arming={card.kind === "arming"}
              hint={approveHint.label}
              keyShortcuts={approveHint.aria}
              size="sm"
            />
          ) : (
            <Button color="amber.5" onClick={() => void strip(false)}>
              Open to decide
            </Button>
          )}
          <Button variant="default" aria-keyshortcuts={rejectHint.aria} onClick={() => setRejecting(true)}>
            Reject
          </Button>
          <span className="strip-space" />
          <MoreWaiting shown={session} />
          <ExpandButton />
        </div>
      )}
    </section>
  );
}

/** How many other sessions wait: they come one after another. */
function MoreWaiting({ shown }: { readonly shown: string }) {
  const { waiting } = useQueue();
  const more = waiting.filter(({ id }) => id !== shown).length;
  return more === 0 ? null : <span className="dim small">{more} more</span>;
}

function ignore(): void {}
