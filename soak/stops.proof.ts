/** A stop at any moment: the last input within 50 ms, everything up within 100 ms, nothing left down. */

import { startPersonDesktop } from "../electron/computer/listener/test-person.ts";
import {
  openTarget,
  STOPPABLE,
  type StopHow,
  type Stoppable,
  type Stopped,
  stopOnce,
} from "../electron/computer/listener/test-stop.ts";
import { type Proof, randomBelow } from "./proof.ts";

const KINDS = Object.keys(STOPPABLE) as Stoppable[];
const WAYS: readonly StopHow[] = ["chord", "message"];
/**
 * ms from the chord's first key, or from the message. A release may have to wait behind a synchronous grab of the window manager
 * and for processes that share two cores.
 */
const LIMIT = { input: 50, up: 100 } as const;
/** A sample runs beside other tests and is held to the safety bound, so many times as much. */
const SAFETY = 4;
const WHOLE = 200;

export const PROOFS: readonly Proof[] = [
  { name: "stops at random moments", whole: WHOLE, sample: 5, run: (count, seed) => stops(count, seed) },
];

/** `count` stops, over all kinds of action in turn, three in four of them by the person's chord. */
async function stops(count: number, seed: number): Promise<string> {
  const below = randomBelow(seed);
  const desktop = await startPersonDesktop();
  try {
    await openTarget(desktop);
    const times = count < WHOLE ? SAFETY : 1;
    const first = below(KINDS.length);
    const seen: Stopped[] = [];
    for (let i = 0; i < count; i += 1) {
      const what = KINDS[(first + i) % KINDS.length] ?? "type";
      const how = WAYS[below(4) === 0 ? 1 : 0] ?? "chord";
      const delay = below(what === "drag" ? 150 : 500);
      const stopped = await stopOnce(desktop, what, how, delay);
      if (stopped.lastInputMs > LIMIT.input * times || stopped.allUpMs > LIMIT.up * times)
        throw new Error(
          `${i}: ${what}, ${how} after ${delay} ms: input for ${stopped.lastInputMs} ms more, all up after ${stopped.allUpMs} ms`,
        );
      seen.push(stopped);
    }
    const worst = (pick: (stopped: Stopped) => number) => Math.max(...seen.map(pick));
    return `${count} stops: the last input at most ${worst((s) => s.lastInputMs)} ms after, all up at most ${worst((s) => s.allUpMs)} ms after`;
  } finally {
    await desktop.close();
  }
}
