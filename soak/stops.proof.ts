/**
 * A stop at any moment, and a person who reaches in at any moment: the last input within 50 ms, everything up within 100 ms,
 * nothing left down.
 */
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
/** Three stops in four by the person's chord. */
const STOPS: readonly StopHow[] = ["chord", "chord", "chord", "message"];
const TOUCHES: readonly StopHow[] = ["key", "button", "pointer"];
/**
 * ms from the person's first raw event, or from the message. A release may have to wait behind a synchronous grab of the window manager
 * and for processes that share two cores.
 */
const LIMIT = { input: 50, up: 100 } as const;
/** A sample runs beside other tests and is held to the safety bound, so many times as much. */
const SAFETY = 4;
const WHOLE = 200;

export const PROOFS: readonly Proof[] = [
  {
    name: "stops at random moments",
    whole: WHOLE,
    sample: 5,
    run: (count, seed, tell) => stops(count, seed, STOPS, tell),
  },
  {
    name: "a person reaches in at random moments",
    whole: WHOLE,
    sample: 5,
    run: (count, seed, tell) => stops(count, seed, TOUCHES, tell),
  },
];

/** `count` stops, over all kinds of action in turn. */
async function stops(
  count: number,
  seed: number,
  ways: readonly StopHow[],
  tell: (words: string) => void,
): Promise<string> {
  const below = randomBelow(seed);
  const desktop = await startPersonDesktop();
  try {
    await openTarget(desktop);
    const times = count < WHOLE ? SAFETY : 1;
    const first = below(KINDS.length);
    const seen: Stopped[] = [];
    const over: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const what = KINDS[(first + i) % KINDS.length] ?? "type";
      const how = ways[below(ways.length)] ?? "chord";
      const delay = below(what === "drag" ? 150 : 500);
      const stopped = await stopOnce(desktop, what, how, delay);
      if (stopped.lastInputMs > LIMIT.input * times || stopped.allUpMs > LIMIT.up * times)
        over.push(
          `${i}: ${what}, ${how} after ${delay} ms: input for ${stopped.lastInputMs} ms more, all up after ${stopped.allUpMs} ms`,
        );
      seen.push(stopped);
      if (seen.length % 20 === 0) tell(`${seen.length} of ${count}`);
    }
    if (over.length > 0) throw new Error(`${over.length} of ${count} were later than that: ${over.join("; ")}`);
    const worst = (pick: (stopped: Stopped) => number) => Math.max(...seen.map(pick));
    return `${count} stops: the last input at most ${worst((s) => s.lastInputMs)} ms after, all up at most ${worst((s) => s.allUpMs)} ms after`;
  } finally {
    await desktop.close();
  }
}
