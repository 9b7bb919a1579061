import { useState } from "react";
import type { Given, WindowDecision } from "../../shared/ipc.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { usePreferences, useVerbs } from "../store/use-app.ts";
import { type ArmedCard, useArmedCard } from "./use-armed-card.ts";

export type DecisionHandle = {
  readonly card: ArmedCard;
  /** The card's digest once it has been painted. */
  readonly digest: string | null;
  /** Whether a decision is on its way. */
  readonly sent: boolean;
  /** Why the last one did not count. */
  readonly refused: string | null;
  /** Tells main that Approve went down. */
  readonly press: () => Promise<boolean>;
  readonly send: (decision: WindowDecision, given?: Given) => Promise<void>;
  readonly rearm: () => void;
};

/**
 * One proposal and revision on its way to one decision: painted, announced, armed, decided. Every surface that decides
 * (the card, the strip) does it by this.
 * @param lock told while a decision is on its way
 */
export function useDecision(session: string, proposal: Proposal, lock: (on: boolean) => void): DecisionHandle {
  const { armingMs } = usePreferences();
  const { card, rearm } = useArmedCard(session, proposal, armingMs);
  const { decide, pressed } = useVerbs();
  const [sent, setSent] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const digest = card.kind === "arming" || card.kind === "armed" ? card.digest : null;
  const { id, rev } = proposal;

  const send = async (decision: WindowDecision, given: Given = "pressed") => {
    if (card.kind !== "armed" || sent) return;
    setSent(true);
    setRefused(null);
    lock(true);
    const outcome = await decide({ session, proposal: id, rev, digest: card.digest, decision, given });
    if (outcome.ok) return;
    setSent(false);
    lock(false);
    setRefused(outcome.error);
    rearm();
  };

  const press = async () => {
    if (digest === null) return false;
    const outcome = await pressed(session, id, rev, digest);
    setRefused(outcome.ok ? null : outcome.error);
    return outcome.ok;
  };

  return { card, digest, sent, refused, press, send, rearm };
}
