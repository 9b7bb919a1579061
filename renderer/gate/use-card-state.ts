import { useEffect } from "react";
import type { CardState } from "../store/app-store.ts";
import { useApp, useVerbs } from "../store/use-app.ts";

/**
 * Tells the rest of the window that this card has been painted and whether it can be decided, as long as it is shown.
 * The storyboard decides by it: approving ahead begins with the waiting card. Pass null until the digest is known.
 */
export function usePublishCard(card: CardState | null): void {
  const { setCard } = useVerbs();
  const { session, proposal, rev, digest, armed, rearm } = card ?? {};
  useEffect(() => {
    if (session === undefined || proposal === undefined || rev === undefined || digest === undefined) return;
    if (armed === undefined || rearm === undefined) return;
    setCard({ session, proposal, rev, digest, armed, rearm });
    return () => setCard(null);
  }, [setCard, session, proposal, rev, digest, armed, rearm]);
}

/** The card of exactly this proposal and revision, once it has been painted. */
export function useCardState(session: string, proposal: string, rev: number): CardState | null {
  const card = useApp((state) => state.card);
  return card?.session === session && card.proposal === proposal && card.rev === rev ? card : null;
}
