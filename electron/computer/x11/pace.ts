/**
 * Keeps typing in step with the program that reads it. A program translates a keycode when it *reads* the event, so the
 * map must not change while keys are unread, and keys piled up unread would still arrive after a stop. Most toolkits
 * answer the window manager's ping (EWMH `_NET_WM_PING`) from the same queue that keys come through, in order: an
 * answer means that everything before it has been read. Where nobody answers (xterm), fixed waits do.
 */
import type { X11 } from "./connection.ts";
import { pause } from "./wait.ts";
import { focusId } from "./windows.ts";

/** How many keys may be unread before we wait for the program. */
const UNREAD = 4;
/** Between two keys to a program that can't be asked, ms. */
const BLIND_KEY = 3;
/** Before and after a change of the map for a program that can't be asked, ms: exact in GTK, which needs it longest. */
const BLIND_SETTLE = 100;
/** Between an answer and a change of the map, ms: answers come from a toolkit's reader, a step ahead of its typing. */
const SETTLE = 5;
/** A program that does not answer within this, ms, is not asked again while it keeps the focus. */
const ANSWER = 3000;

/** Marks our pings; the number is what comes back in the place of a timestamp. Window managers count up from 1. */
let nextPing = 0x43530000;

export class Pace {
  readonly #x11: X11;
  #focus = -1;
  /** The window to ask; null when the focused program can't be asked. */
  #target: number | null = null;
  #unread = 0;

  constructor(x11: X11) {
    this.#x11 = x11;
  }

  /** After each key: waits for the server and, every few keys, for the program. */
  async key(signal?: AbortSignal): Promise<void> {
    const focus = await this.#x11.inputFocus();
    await this.#look(focus);
    this.#unread += 1;
    if (this.#target === null) await pause(BLIND_KEY, signal);
    else if (this.#unread >= UNREAD) await this.#answered(this.#target, signal);
  }

  /** Waits until the program has read every key so far and every change of the map. */
  async settle(signal?: AbortSignal): Promise<void> {
    await this.#look(await this.#x11.inputFocus());
    if (this.#target !== null && (await this.#answered(this.#target, signal))) await pause(SETTLE, signal);
    else await pause(BLIND_SETTLE, signal);
  }

  /** Finds out, when the focus has moved, whether the program that has it can be asked. */
  async #look(focus: number): Promise<void> {
    if (focus === this.#focus) return;
    this.#focus = focus;
    this.#target = null;
    const window = await focusId(this.#x11);
    if (window !== null && (await answersPings(this.#x11, window))) this.#target = window;
  }

  async #answered(window: number, signal?: AbortSignal): Promise<boolean> {
    this.#unread = 0;
    const answer = await ping(this.#x11, window, signal);
    if (answer === "silent") this.#target = null;
    return answer === "answered";
  }
}

async function answersPings(x11: X11, window: number): Promise<boolean> {
  const [protocols, wanted] = await Promise.all([
    x11.property(window, "WM_PROTOCOLS").catch(() => null),
    x11.atom("_NET_WM_PING"),
  ]);
  if (protocols === null) return false;
  for (let at = 0; at + 4 <= protocols.data.length; at += 4) if (protocols.data.readUInt32LE(at) === wanted) return true;
  return false;
}

async function ping(x11: X11, window: number, signal?: AbortSignal): Promise<"answered" | "silent" | "aborted"> {
  const [protocols, kind] = await Promise.all([x11.atom("WM_PROTOCOLS"), x11.atom("_NET_WM_PING")]);
  if (signal?.aborted) return "aborted";
  nextPing += 1;
  const number = nextPing;
  let heard = false;
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  signal?.addEventListener("abort", stop, { once: true });
  const deaf = x11.onMessage((event) => {
    if (event.message_type !== protocols || event.data?.[0] !== kind || event.data[1] !== number) return;
    heard = true;
    stop();
  });
  try {
    x11.message(window, protocols, [kind, number, window, 0, 0]);
    await pause(ANSWER, waiting.signal);
  } finally {
    deaf();
    signal?.removeEventListener("abort", stop);
  }
  if (heard) return "answered";
  return signal?.aborted ? "aborted" : "silent";
}
