/** The main process's side of an executor: a `Computer` whose work is done in another process. */
import type { MessagePortMain } from "electron";
import type { z } from "zod";
import type { Action } from "../../shared/action.ts";
import type { Display, Point, Size } from "../../shared/geometry.ts";
import {
  type Computer,
  ComputerError,
  type DesktopFacts,
  type HeardByExecutor,
  type Look,
  NOTHING_SENT,
  type PerformHooks,
  type PerformRequest,
  type PerformResult,
} from "./computer.ts";
import { type ExecutorEnv, executorEnv, type Served } from "./executor-env.ts";
import type { Port } from "./port.ts";
import {
  BEAT_EVERY,
  type ClipboardWish,
  type FromExecutor,
  fromExecutorSchema,
  readMessage,
  replySchemas,
  type ToExecutor,
} from "./protocol.ts";
import type { Clipboard } from "./system/type-text.ts";

export type RemoteOptions = Served & {
  /** Starts an executor process (executor-process.ts) with these variables in its environment. */
  readonly fork: (env: ExecutorEnv) => Port;
  /** The system's clipboard, for an executor that may paste. */
  readonly clipboard?: Clipboard;
};

/** How long an executor may take to open its display, ms. */
const START = 10_000;
/** How long it may take to end, and how long a second one may take to let go of what a dead one held, ms. */
const END = 2000;
const RESCUE = 3000;
/** How long letting go may take, and how long a look: a stop waits for the look that is under way, ms. */
const RELEASE = 2000;
const LOOK = 5000;
/**
 * An action and the operator's hand may take their time as long as the desktop answers: it is asked for its size right
 * after a cut, after a second of an action or the hand, then every second. How long it may take to answer, ms.
 */
const ASK_EVERY = 1000;
const ANSWER = { cut: 1500, hand: 1000, action: 8000 } as const;

type Kind = keyof typeof replySchemas;
type Waiting = {
  readonly kind: Kind;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly hooks: PerformHooks | null;
};

/** Starts an executor and waits until it has its display; rejects with a ComputerError. */
export async function startRemoteComputer(options: RemoteOptions): Promise<RemoteComputer> {
  const port = options.fork(executorEnv(options));
  const computer = new RemoteComputer(port, options);
  await computer.ready;
  return computer;
}

export class RemoteComputer implements Computer {
  /** Resolves when the executor has its display. */
  readonly ready: Promise<void>;
  readonly #port: Port;
  readonly #options: RemoteOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  readonly #onHeard: ((heard: HeardByExecutor) => void)[] = [];
  #heart: NodeJS.Timeout | null = null;
  #next = 1;
  #dead: ComputerError | null = null;
  #closing = false;
  #hungUp = false;

  constructor(port: Port, options: RemoteOptions) {
    this.#port = port;
    this.#options = options;
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
    this.ready = ready;
    this.#exited = exited;
    const slow = setTimeout(() => {
      reject(
        new ComputerError("no_display", `The process that works on ${options.display} did not get ready. Try again.`),
      );
      port.kill();
    }, START);
    ready.then(
      () => clearTimeout(slow),
      () => clearTimeout(slow),
    );
    port.onMessage((raw) => this.#receive(raw, resolve, reject));
    port.onExit((how) => {
      const error = new ComputerError("executor_died", `The process that works on ${options.display} ended (${how}).`);
      this.#stopHeart();
      // It may have ended in the middle of a paste.
      options.clipboard?.putBack().catch(() => undefined);
      this.#dead ??= error;
      reject(error);
      this.#bury(error).then(exit, exit);
    });
  }

  onHeard(listener: (heard: HeardByExecutor) => void): void {
    this.#onHeard.push(listener);
  }

  async display(): Promise<Display> {
    return await this.#ask("display", (id) => ({ type: "display", id }));
  }

  async look(space: Size, points: readonly Point[], settleMs = 0): Promise<Look> {
    const over = this.#limit(LOOK + settleMs);
    const at = points.map(([x, y]): [number, number] => [x, y]);
    try {
      return await this.#ask("look", (id) => ({ type: "look", id, space, points: at, settleMs }));
    } finally {
      over();
    }
  }

  async facts(space: Size, points: readonly Point[]): Promise<DesktopFacts> {
    const over = this.#limit(LOOK);
    try {
      return await this.#ask("facts", (id) => ({ type: "facts", id, space, points: points.map(([x, y]) => [x, y]) }));
    } finally {
      over();
    }
  }

  /** See `Executor.inTheWay`. */
  async inTheWay(before: "look" | "action"): Promise<readonly number[]> {
    const over = this.#limit(LOOK);
    try {
      return await this.#ask("inTheWay", (id) => ({ type: "inTheWay", id, before }));
    } finally {
      over();
    }
  }

  async perform(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    if (hooks.signal.aborted) {
      return { kind: "interrupted", progress: NOTHING_SENT, cursor: request.cursor, durationMs: 0 };
    }
    const id = this.#next;
    // A program that holds the display and hangs would hold the action for ever.
    let over = this.#keepAsking(ASK_EVERY, ANSWER.action);
    const stop = () => {
      over();
      this.#post({ type: "stop", id });
      over = this.#keepAsking(0, ANSWER.cut);
    };
    hooks.signal.addEventListener("abort", stop, { once: true });
    try {
      return await this.#ask("perform", () => ({ type: "perform", id, request: plain(request) }), hooks);
    } finally {
      hooks.signal.removeEventListener("abort", stop);
      over();
    }
  }

  async hand(action: Action, space: Size): Promise<void> {
    const over = this.#keepAsking(ASK_EVERY, ANSWER.hand);
    try {
      await this.#ask("hand", (id) => ({ type: "hand", id, action, space: { w: space.w, h: space.h } }));
    } finally {
      over();
    }
  }

  watch(port: MessagePortMain | null, { w, h }: Size): void {
    if (this.#dead === null) this.#post({ type: "watch", space: { w, h } }, port === null ? [] : [port]);
    else port?.close();
  }

  async releaseAll(): Promise<void> {
    const over = this.#limit(RELEASE);
    try {
      await this.#ask("releaseAll", (id) => ({ type: "releaseAll", id }));
    } finally {
      over();
    }
  }

  async close(): Promise<void> {
    if (this.#closing || this.#dead !== null) return await this.#exited;
    this.#closing = true;
    const slow = setTimeout(() => {
      this.#hangUp();
      this.#port.kill();
    }, END);
    await this.#ask("close", (id) => ({ type: "close", id })).catch(() => undefined);
    this.#hangUp();
    await this.#exited;
    clearTimeout(slow);
  }

  #receive(raw: unknown, ready: () => void, failed: (error: Error) => void): void {
    let message: FromExecutor;
    try {
      message = readMessage(fromExecutorSchema, raw);
      if (message.type === "reply") this.#reply(message.id, message.value);
    } catch (error) {
      this.#dead ??= error instanceof ComputerError ? error : new ComputerError("unsupported", String(error));
      this.#port.kill();
      return;
    }
    switch (message.type) {
      case "ready":
        this.#startHeart();
        ready();
        return;
      case "unready":
        failed(new ComputerError(message.code, message.message));
        this.#closing = true;
        this.#port.kill();
        return;
      case "error":
        this.#take(message.id)?.reject(new ComputerError(message.code, message.message));
        return;
      case "progress":
        this.#waiting.get(message.id)?.hooks?.onProgress(message.done, message.total);
        return;
      case "confirm": {
        const hooks = this.#waiting.get(message.id)?.hooks ?? null;
        this.#post({
          type: "confirmed",
          id: message.id,
          ask: message.ask,
          go: hooks !== null && asked(hooks, message.facts),
        });
        return;
      }
      case "clipboard":
        this.#clipboard(message.ask, message.wish);
        return;
      case "heard":
        for (const listener of this.#onHeard) listener(message.heard);
        return;
      case "reply":
        return;
    }
  }

  #clipboard(ask: number, wish: ClipboardWish): void {
    const answer = (error: string | null) => this.#post({ type: "clipboard", ask, error });
    const { clipboard } = this.#options;
    if (clipboard === undefined) return answer("text: this executor may not paste");
    const done = wish.kind === "put" ? clipboard.put(wish.text) : clipboard[wish.kind]();
    done.then(
      () => answer(null),
      (error: unknown) => answer(error instanceof Error ? error.message : String(error)),
    );
  }

  #reply(id: number, value: unknown): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    const read = readMessage<unknown>(replySchemas[waiting.kind], value);
    this.#waiting.delete(id);
    waiting.resolve(read);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #ask<K extends Kind>(
    kind: K,
    message: (id: number) => ToExecutor,
    hooks: PerformHooks | null = null,
  ): Promise<z.infer<(typeof replySchemas)[K]>> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== null) {
        reject(this.#dead);
        return;
      }
      const id = this.#next;
      this.#next += 1;
      // `#reply` has validated the value against the schema of this kind.
      this.#waiting.set(id, { kind, resolve: resolve as (value: unknown) => void, reject, hooks });
      this.#post(message(id));
    });
  }

  /** Asks the desktop for its size in `after` ms and then every second; ends the executor when there is no answer in `ms`. */
  #keepAsking(after: number, ms: number): () => void {
    let limit = (): void => undefined;
    let timer: NodeJS.Timeout | null = null;
    let over = false;
    const ask = () => {
      limit = this.#limit(ms);
      const answered = () => {
        limit();
        if (!over && this.#dead === null) timer = setTimeout(ask, ASK_EVERY);
      };
      this.display().then(answered, answered);
    };
    if (after === 0) ask();
    else timer = setTimeout(ask, after);
    return () => {
      over = true;
      limit();
      if (timer !== null) clearTimeout(timer);
    };
  }

  /**
   * Ends the executor in `ms`, unless the returned function is called before. Only a kill helps: inside nut-js the whole
   * process waits for the X server and hears nothing.
   */
  #limit(ms: number): () => void {
    const late = () => {
      this.#dead ??= new ComputerError("executor_died", "The desktop does not answer.");
      this.#port.kill();
    };
    // In two parts: when this process was held up itself, the answer may already be here, not yet read.
    let timer = setTimeout(() => {
      timer = setTimeout(late, ms / 2);
    }, ms / 2);
    return () => clearTimeout(timer);
  }

  #post(message: ToExecutor, ports?: readonly MessagePortMain[]): void {
    if (this.#dead === null && !this.#hungUp) this.#port.post(message, ports);
  }

  /**
   * Nothing is sent to a process that is on its way out: between the end of its port and its own, `postMessage` of Electron 42 ends
   * the main process (a null `connector_` in UtilityProcessWrapper::PostMessage).
   */
  #hangUp(): void {
    this.#hungUp = true;
    this.#stopHeart();
  }

  #startHeart(): void {
    this.#heart = setInterval(() => this.#post({ type: "beat" }), BEAT_EVERY);
    this.#heart.unref();
  }

  #stopHeart(): void {
    if (this.#heart !== null) clearInterval(this.#heart);
    this.#heart = null;
  }

  /** After the executor ended: first nothing stays held, then who waits hears of it. */
  async #bury(error: ComputerError): Promise<void> {
    try {
      if (!this.#closing) await rescue(this.#options);
    } finally {
      for (const waiting of this.#waiting.values()) waiting.reject(this.#dead ?? error);
      this.#waiting.clear();
    }
  }
}

/**
 * Keys and buttons pressed by a process that was killed stay down on an X server: a second executor lets them go when it
 * starts. That the display itself is gone is no failure here.
 */
async function rescue(options: RemoteOptions): Promise<void> {
  const port = options.fork(executorEnv(options));
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, RESCUE);
    port.onExit(() => {
      clearTimeout(late);
      resolve();
    });
    // Its start has let go of everything.
    port.onMessage(() => {
      clearTimeout(late);
      resolve();
    });
  });
  port.kill();
}

function asked(hooks: PerformHooks, facts: Parameters<PerformHooks["confirm"]>[0]): boolean {
  try {
    return !hooks.signal.aborted && hooks.confirm(facts);
  } catch {
    return false;
  }
}

/** A request without anything else that its objects may carry. */
function plain({ proposal, action, space, cursor, expected, settleMs }: PerformRequest) {
  const { display, window, target, picture } = expected;
  const info = (w: typeof window) => (w === null ? null : { id: w.id, pid: w.pid, class: w.class, title: w.title });
  const at: [number, number] | null = cursor === null ? null : [cursor[0], cursor[1]];
  return {
    proposal,
    action,
    space: { w: space.w, h: space.h },
    cursor: at,
    expected: { display, window: info(window), target: info(target), picture },
    settleMs,
  };
}
