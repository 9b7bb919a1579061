import { useCallback, useEffect, useState } from "react";
import type { Proposal } from "../../shared/session-event.ts";
import { useApp, useVerbs } from "../store/use-app.ts";
import { isDialogOpen } from "../ui/Dialog.tsx";
import { usePictureUrl } from "../ui/picture-url.ts";
import { digestOfCard } from "./digest.ts";

/** Where a card stands on its way to being decidable. */
export type ArmedCard =
  | { readonly kind: "painting" }
  /** Painted and announced; decidable once the arming delay is over. `seen` is false when a picture is missing. */
  | { readonly kind: "arming" | "armed"; readonly digest: string; readonly seen: boolean }
  | { readonly kind: "problem"; readonly error: string };

/** ms between two tries to announce a card: main may still be on its way to the gate when the card is painted. */
const ANNOUNCE_AGAIN_MS = 120;
/** After this many tries the operator is told why; the tries go on. */
const SILENT_TRIES = 8;

/**
 * Computes the card's digest from the props it shows, waits until pictures and card have been painted, tells main, and
 * arms after `armingMs`. Starts again for every other proposal or revision, when the window goes out of sight (main takes
 * the announcement only when it is back), and when `rearm` is called (after a decision that main did not take).
 * Tells main, too, when the card is in view no more.
 */
export function useArmedCard(
  session: string,
  proposal: Proposal,
  armingMs: number,
): { readonly card: ArmedCard; readonly rearm: () => void } {
  const [card, setCard] = useState<ArmedCard>({ kind: "painting" });
  const [round, setRound] = useState(0);
  const rearm = useCallback(() => setRound((now) => now + 1), []);
  const { shown, hidden } = useVerbs();
  const urlOf = usePictureUrl();
  const sight = useApp((state) => state.info?.sight);

  // No chord, and nothing else, decides on a card that is out of sight.
  useEffect(() => () => hidden(session), [hidden, session]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round arms the same card again
  useEffect(() => {
    const gone = new AbortController();
    const images = [proposal.screenshot, ...(proposal.now === null ? [] : [proposal.now])];

    const arm = async () => {
      const [digest, seen] = await Promise.all([
        digestOfCard(session, proposal),
        allDecoded(images.map((image) => urlOf(image.sha256))),
      ]);
      await painted();
      for (let tries = 1; !gone.signal.aborted; tries += 1) {
        const outcome = await shown(session, proposal.id, proposal.rev, digest);
        if (gone.signal.aborted) return;
        if (outcome.ok) break;
        if (tries >= SILENT_TRIES) setCard({ kind: "problem", error: outcome.error });
        await delay(ANNOUNCE_AGAIN_MS);
      }
      if (gone.signal.aborted) return;
      setCard({ kind: "arming", digest, seen });
      await delay(armingMs);
      if (!gone.signal.aborted) setCard({ kind: "armed", digest, seen });
    };

    setCard({ kind: "painting" });
    arm().catch((error: unknown) => {
      if (!gone.signal.aborted)
        setCard({ kind: "problem", error: error instanceof Error ? error.message : String(error) });
    });
    return () => gone.abort();
  }, [session, proposal, armingMs, shown, urlOf, round, sight]);

  return { card, rearm };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function allDecoded(urls: readonly string[]): Promise<boolean> {
  const decoded = await Promise.all(
    urls.map(async (url) => {
      const image = new Image();
      image.src = url;
      return image.decode().then(
        () => true,
        () => false,
      );
    }),
  );
  return decoded.every(Boolean);
}

/** Resolves after a frame has been painted with no dialog over the card. A hidden window paints frames, too. */
async function painted(): Promise<void> {
  do {
    await nextFrame();
    await nextFrame();
  } while (isDialogOpen());
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}
