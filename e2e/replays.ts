/**
 * After every test: each session that the window saw live is read again as a replay reads it, in pages, and folded; the
 * state must be the one that was live, at its end and on the way.
 */
import { expect, type Page } from "@playwright/test";
import { Recording } from "../renderer/replay/recording.ts";
import type { EventPage } from "../shared/ipc.ts";
import type { StoredEvent } from "../shared/session-event.ts";
import { foldSession } from "../shared/session-view.ts";

/** Small, so that a short session too has several. */
const PAGE = 9;
const GONE_MS = 5_000;

/** Keeps what main pushes from now on. */
export async function keepPushed(page: Page): Promise<void> {
  await page.evaluate(() => {
    const kept: StoredEvent[] = [];
    window.pushedEvents = kept;
    window.countersign.onEvents(({ events }) => void kept.push(...events));
  });
}

/** Fails when a replay of what the page saw live shows another state; a page that is gone has nothing to compare. */
export async function checkReplays(page: Page): Promise<number> {
  const live = await answer(page.evaluate(() => window.pushedEvents ?? []));
  let checked = 0;
  for (const [session, events] of whole(live ?? [])) {
    const recording = await replayed(page, session, events.length);
    if (recording === null) continue;
    for (const part of [0.2, 0.5, 0.8, 1]) {
      const seq = Math.floor(events.length * part);
      expect(recording.viewAt(seq), `session ${session} after event ${seq}`).toEqual(
        foldSession(session, events.slice(0, seq)),
      );
    }
    checked += 1;
  }
  return checked;
}

/** The sessions of which everything came. */
function whole(events: readonly StoredEvent[]): ReadonlyMap<string, readonly StoredEvent[]> {
  const all = new Map<string, StoredEvent[]>();
  for (const event of events) all.set(event.session, [...(all.get(event.session) ?? []), event]);
  return new Map([...all].filter(([, of]) => of.every(({ seq }, i) => seq === i + 1)));
}

/** Null for a session that was deleted, or an app that is gone. */
async function replayed(page: Page, session: string, upTo: number): Promise<Recording | null> {
  const recording = new Recording(session);
  while (recording.view.seq < upTo) {
    const after = recording.view.seq;
    const got: EventPage | null = await answer(
      page.evaluate(([id, from, limit]) => window.countersign.page(id, from, limit), [session, after, PAGE] as const),
    );
    if (got === null || got.events.length === 0) return null;
    recording.append(got.events.filter(({ seq }) => seq <= upTo));
  }
  return recording;
}

/** Null when the page is closed, has crashed or hangs. */
async function answer<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), GONE_MS);
  });
  const found = await Promise.race([asked.catch(() => null), late]);
  clearTimeout(timer);
  return found;
}
