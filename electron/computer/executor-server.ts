/** The executor's side of the protocol: serves one main process and lets go of everything when it falls silent. */
import { ComputerError, type HeardByExecutor, NOTHING_SENT } from "./computer.ts";
import { CutByItself } from "./doing.ts";
import type { Executor } from "./executor.ts";
import type { WatchPort } from "./live/live.ts";
import {
  BEAT_EVERY,
  BEAT_LOST,
  type FromExecutor,
  readMessage,
  type ToExecutor,
  toExecutorSchema,
} from "./protocol.ts";
import type { ClipboardLink } from "./system/clipboard-link.ts";

export type ExecutorServer = {
  /** Takes one message of main, with the port that came with it; throws a ComputerError when it is malformed. */
  readonly receive: (message: unknown, watcher?: WatchPort | null) => void;
  /** Cuts what runs, lets go of everything, ends the connection to the display. */
  readonly close: () => Promise<void>;
  /** Obeys what was heard at the desktop, then tells main. After `stop` and `deaf` nothing runs any more. */
  readonly heard: (heard: HeardByExecutor) => void;
};

type Running = {
  readonly id: number;
  readonly abort: AbortController;
  /** The last question asked, and who waits for its answer. */
  ask: number;
  answer: ((go: boolean) => void) | null;
};

/**
 * Serves `executor`. `post` sends to main; `now` is a clock that never goes back, ms; `onClosed` is called after main's
 * `close` was answered. `clipboard` is told what main answers it.
 */
export function serveExecutor(
  executor: Executor,
  post: (message: FromExecutor) => void,
  now: () => number,
  onClosed: () => void,
  clipboard: Pick<ClipboardLink, "answered">,
): ExecutorServer {
  let running: Running | null = null;
  let handsWaiting = 0;
  let handStop = new AbortController();
  let lastHand: Promise<unknown> = Promise.resolve();
  let beat = now();
  let looked = now();
  let silent = false;
  let over = false;

  const cut = async (because?: CutByItself) => {
    running?.abort.abort(because);
    handStop.abort();
    handStop = new AbortController();
    await executor.releaseAll();
  };
  const watch = setInterval(() => {
    const late = now() - looked > BEAT_EVERY * 2;
    looked = now();
    // After a long capture of ours the beats still wait to be read: look again before calling main silent.
    if (late || silent || now() - beat <= BEAT_LOST) return;
    silent = true;
    cut(HELD_UP).catch(report);
  }, BEAT_EVERY);

  const answer = (id: number, work: Promise<unknown>) => {
    work.then(
      (value) => post({ type: "reply", id, value: value ?? null }),
      (error: unknown) => post({ type: "error", id, ...wordsOf(error) }),
    );
  };

  const perform = async (message: Extract<ToExecutor, { type: "perform" }>) => {
    if (running !== null || handsWaiting > 0) throw busy();
    if (over) {
      const { cursor } = message.request;
      return { kind: "interrupted", progress: NOTHING_SENT, cursor, durationMs: 0 } as const;
    }
    const mine: Running = { id: message.id, abort: new AbortController(), ask: 0, answer: null };
    running = mine;
    try {
      return await executor.perform(message.request, {
        signal: mine.abort.signal,
        onProgress: (done, total) => post({ type: "progress", id: mine.id, done, total }),
        confirm: (facts) =>
          new Promise((resolve) => {
            mine.ask += 1;
            mine.answer = resolve;
            post({ type: "confirm", id: mine.id, ask: mine.ask, facts: { ...facts, targets: [...facts.targets] } });
          }),
      });
    } finally {
      running = null;
    }
  };

  /** What the operator does comes faster than it can be sent: one after the other, in order; a cut ends them all. */
  const hand = async ({ action, space }: Extract<ToExecutor, { type: "hand" }>) => {
    if (running !== null || over) throw busy();
    const { signal } = handStop;
    const mine = lastHand.then(() => executor.hand(action, space, signal));
    lastHand = mine.catch(() => undefined);
    handsWaiting += 1;
    try {
      await mine;
    } finally {
      handsWaiting -= 1;
    }
  };

  const close = async () => {
    clearInterval(watch);
    running?.abort.abort();
    handStop.abort();
    await executor.close();
  };

  const receive = (raw: unknown, watcher: WatchPort | null = null) => {
    const message = readMessage(toExecutorSchema, raw);
    beat = now();
    silent = false;
    switch (message.type) {
      case "beat":
        return;
      case "display":
        return answer(message.id, executor.display());
      case "look":
        return answer(message.id, executor.look(message.space, message.points, message.settleMs));
      case "facts":
        return answer(message.id, executor.facts(message.space, message.points));
      case "inTheWay":
        return answer(message.id, executor.inTheWay(message.before, handStop.signal));
      case "perform":
        return answer(message.id, perform(message));
      case "hand":
        return answer(message.id, hand(message));
      case "watch":
        return executor.watch(watcher, message.space);
      case "confirmed":
        if (running?.id === message.id && running.ask === message.ask) running.answer?.(message.go);
        return;
      case "clipboard":
        return clipboard.answered(message.ask, message.error);
      case "stop":
        if (running?.id === message.id) running.abort.abort();
        return;
      case "releaseAll":
        return answer(message.id, cut());
      case "close":
        close()
          .then(
            () => post({ type: "reply", id: message.id, value: null }),
            (error: unknown) => post({ type: "error", id: message.id, ...wordsOf(error) }),
          )
          .then(onClosed, report);
        return;
    }
  };
  const heard = (what: HeardByExecutor) => {
    if (what.kind !== "person") over = true;
    cut(what.kind === "deaf" ? DEAF : undefined).catch(report);
    post({ type: "heard", heard: what });
  };
  return { receive, close, heard };
}

const HELD_UP = new CutByItself("Countersign was held up for a moment");
const DEAF = new CutByItself("The operator's stop could no longer be heard");

function busy(): ComputerError {
  return new ComputerError("unsupported", "Another action is still running.");
}

/** An error as it crosses the process border. */
export function wordsOf(error: unknown): { readonly code: ComputerError["code"]; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof ComputerError ? error.code : "capture_failed", message };
}

function report(error: unknown): void {
  console.error("executor:", error);
}
