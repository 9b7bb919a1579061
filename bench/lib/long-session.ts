/** Sessions as long as one wants, with real pictures and every kind of decision, for the benchmarks. */

import type { NewEvent } from "../../electron/journal/journal.ts";
import {
  approvedEvents,
  finishedEvent,
  proposedEvent,
  rejectedEvents,
  startedEvent,
  turnEvents,
} from "../../electron/journal/sample-session.ts";
import type { JournalStore } from "../../electron/journal/store.ts";
import type { Action } from "../../shared/action.ts";
import { type Screen, Screens } from "./screens.ts";

export type LongSession = {
  readonly id: string;
  readonly steps: number;
  readonly task?: string;
  /** Actions of one turn. */
  readonly perTurn?: number;
  /** Every how manyth step changes the screen; 1 is a new picture at each. */
  readonly changesEvery?: number;
  /** ms since 1970. */
  readonly startsAt?: number;
};

const SIZE = { w: 1280, h: 800 };

/**
 * Records a whole session: clicks, typing, keys and scrolling, most approved, some allowed by a rule, edited, rejected
 * or failed. The same session for the same arguments. Returns the distinct PNG bytes it stored, and what a PNG for each
 * step would take. The store's waits for the disk are most of the time: a folder below /dev/shm has none.
 */
export async function recordLongSession(
  store: Pick<JournalStore, "createSession">,
  { id, steps, task = "Write the report", perTurn = 2, changesEvery = 1, startsAt = Date.UTC(2026, 9, 1) }: LongSession,
): Promise<{ readonly pngBytes: number; readonly stepBytes: number }> {
  let now = startsAt;
  const journal = store.createSession(id, () => {
    now += 1 + (now % 900);
    return now;
  });
  const screens = new Screens(SIZE, 7);
  const seen = new Set<string>();
  let pngBytes = 0;
  let stepBytes = 0;
  const look = async (): Promise<Screen> => {
    const screen = await screens.picture();
    if (!seen.has(screen.ref.sha256)) pngBytes += screen.png.length;
    seen.add(screen.ref.sha256);
    await journal.putImage(screen.png, screen.ref);
    return screen;
  };
  journal.append([startedEvent(task)]);
  let screen = await look();
  let done = 0;
  for (let turn = 1; done < steps; turn += 1) {
    const actions = Array.from({ length: Math.min(perTurn, steps - done) }, (_, i) => actionOf(done + i));
    journal.append(turnEvents(turn, screen.ref, ...actions));
    for (const [index, action] of actions.entries()) {
      done += 1;
      stepBytes += screen.png.length;
      journal.append([proposedEvent(turn, screen.ref, action, index)]);
      const way = decided(done, turn, action, index);
      journal.append(way.events);
      if (way.ends) continue;
      if (done % changesEvery === 0) {
        screens.write();
        screen = await look();
      }
      journal.append([finishedEvent(turn, done % 61 === 0 ? "failed" : "done", screen.ref, index)]);
    }
  }
  journal.append([{ type: "session.ended", body: { reason: "finished", detail: null } }]);
  return { pngBytes, stepBytes };
}

function actionOf(n: number): Action {
  switch (n % 4) {
    case 0:
      return { action: "left_click", coordinate: [100 + ((n * 37) % 1000), 80 + ((n * 53) % 600)] };
    case 1:
      return { action: "type", text: `Line ${n} of the report: sales went up by ${n % 17} %.\n` };
    case 2:
      return { action: "key", text: n % 8 === 2 ? "ctrl+s" : "Return" };
    default:
      return { action: "scroll", coordinate: [640, 400], scroll_direction: "down", scroll_amount: 3 };
  }
}

/** How step `n` is decided; `ends` when that is the end of it. */
function decided(
  n: number,
  turn: number,
  action: Action,
  index: number,
): { readonly events: readonly NewEvent[]; readonly ends: boolean } {
  if (n % 23 === 0) return { events: rejectedEvents(turn, `Not this one, number ${n}`, index), ends: true };
  if (n % 19 === 0 && action.action === "left_click") {
    const [x, y] = action.coordinate ?? [0, 0];
    const edited: Action = { ...action, coordinate: [x + 5, y] };
    return { events: approvedEvents(turn, edited, { decision: { kind: "edit", action: edited }, index }), ends: false };
  }
  const by = n % 3 === 0 ? ({ kind: "policy", rule: "write" } as const) : ({ kind: "operator" } as const);
  return { events: approvedEvents(turn, action, { by, index }), ends: false };
}
