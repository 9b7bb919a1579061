import { useEffect, useState } from "react";
import type { Proposal } from "../../shared/session-event.ts";
import { useVerbs } from "../store/use-app.ts";
import { isDialogOpen } from "../ui/Dialog.tsx";
import { usePictureUrl } from "../ui/picture-url.ts";
import { digestOfCard } from "./digest.ts";

/** Where a card stands on its way to being decidable. */
export type ArmedCard =
  | { readonly kind: "painting" }
  /** Painted and announced; decidable once the arming delay is over. `seen` is false when a picture is missing. */
  | { readonly kind: "arming" | "armed"; readonly digest: string; readonly seen: boolean }
  | { readonly kind: "problem"; readonly error: string };

/**
 * Computes the card's digest from the props it shows, waits until pictures and card have been painted, tells main, and
 * arms after `armingMs`. Starts again for every other proposal or revision.
 */
export function useArmedCard(session: string, proposal: Proposal, armingMs: number): ArmedCard {
  const [card, setCard] = useState<ArmedCard>({ kind: "painting" });
  const { shown } = useVerbs();
  const urlOf = usePictureUrl();

  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const images = [proposal.screenshot, ...(proposal.now === null ? [] : [proposal.now])];

    const arm = async () => {
      const [digest, seen] = await Promise.all([
        digestOfCard(session, proposal),
        allDecoded(images.map((image) => urlOf(image.sha256))),
      ]);
      await painted();
      if (gone) return;
      const outcome = await shown(session, proposal.id, proposal.rev, digest);
      if (gone) return;
      if (!outcome.ok) {
        setCard({ kind: "problem", error: outcome.error });
        return;
      }
      setCard({ kind: "arming", digest, seen });
      timer = setTimeout(() => setCard({ kind: "armed", digest, seen }), armingMs);
    };

    setCard({ kind: "painting" });
    arm().catch((error: unknown) => {
      if (!gone) setCard({ kind: "problem", error: error instanceof Error ? error.message : String(error) });
    });
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [session, proposal, armingMs, shown, urlOf]);

  return card;
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

/** Resolves after a frame has been painted with no dialog over the card; never while the window is hidden. */
async function painted(): Promise<void> {
  do {
    await nextFrame();
    await nextFrame();
  } while (isDialogOpen());
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}
