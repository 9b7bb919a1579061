/**
 * Keeps typing in step with the program that reads it. A program translates a keycode when it *reads* the event, so the
 * map must not change while keys are unread, and keys piled up unread would still arrive after a stop. Most toolkits
 * answer the window manager's ping (EWMH `_NET_WM_PING`) from the same queue that keys come through, in order: an
 * answer means that everything before it has been read. Where nobody answers (xterm), fixed waits do.
 *
 * A browser answers from its main process and passes the keys on to another, which may be seconds behind: its ping keeps
 * the map exact, but a wait for each key has to keep what is on the way short.
 */
import { type X11, X11Error } from "./connection.ts";
import { pause } from "./wait.ts";
import { hasAtom } from "./window-manager.ts";
import { focusId } from "./windows.ts";

/** How many keys may be unread before we wait for the program. */
const UNREAD = 4;
/** Between two keys to a program that can't be asked, ms. */
const BLIND_KEY = 3;
/** Between two keys to a program that passes them on, ms: a Chromium without a GPU takes 2.5 for a character it has no key for. */
const PASSED_ON_KEY = 4;
/** What browsers call their windows (`WM_WINDOW_ROLE`): Firefox, Chromium and Electron, Chromium's small ones. */
const BROWSER_ROLES = ["browser", "browser-window", "pop-up"];
/** Before and after a change of the map for a program that can't be asked, ms: exact in GTK, which needs it longest. */
const BLIND_SETTLE = 100;
/** Between an answer and a change of the map, ms: answers come from a toolkit's reader, a step ahead of its typing. */
const SETTLE = 5;
/** A program that says it answers pings and leaves the first one unanswered for this long, ms, is typed to blindly. */
const FIRST_ANSWER = 1000;
/** One that has answered before is waited for this long, ms: typing on would come out wrong. */
const ANSWER = 10_000;
/** While waiting: how often to look whether the window still exists, ms. */
const LOOK = 100;

/** Marks our pings; the number is what comes back in the place of a timestamp. Window managers count up from 1. */
let nextPing = 0x43530000;

export class Pace {
  readonly #x11: X11;
  #focus = -1;
  /** The window to ask; null when the focused program can't be asked. */
  #target: number | null = null;
  /** The target's answer does not tell that its keys have taken effect. */
  #passesOn = false;
  /** The window that has answered at least once. */
  #answering: number | null = null;
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
    else {
      if (this.#unread >= UNREAD) await this.#answered(this.#target, signal);
      if (this.#passesOn) await pause(PASSED_ON_KEY, signal);
    }
  }

  /** Waits until the program has read every key so far and every change of the map. Rejects with `unresponsive`. */
  async settle(signal?: AbortSignal): Promise<void> {
    const before = this.#focus;
    // The window that got the keys may have lost the focus since: it has to have read them all the same.
    let read = this.#target !== null && (await this.#answered(this.#target, signal));
    await this.#look(await this.#x11.inputFocus());
    if (this.#focus !== before) {
      const asked = this.#target !== null && (await this.#answered(this.#target, signal));
      read = asked && (read || before < 0);
    }
    await pause(read ? SETTLE : BLIND_SETTLE, signal);
  }

  /** Finds out, when the focus has moved, whether the program that has it can be asked. */
  async #look(focus: number): Promise<void> {
    if (focus === this.#focus) return;
    this.#focus = focus;
    this.#target = null;
    const window = await focusId(this.#x11);
    if (window === null || !(await answersPings(this.#x11, window).catch(ifGone))) return;
    this.#passesOn = await passesKeysOn(this.#x11, window).catch(ifGone);
    this.#target = window;
  }

  async #answered(window: number, signal?: AbortSignal): Promise<boolean> {
    this.#unread = 0;
    const known = this.#answering === window;
    const answer = await ping(this.#x11, window, known ? ANSWER : FIRST_ANSWER, signal);
    if (answer === "answered") {
      this.#answering = window;
      return true;
    }
    if (answer === "silent" && known) throw new X11Error("unresponsive", "the program stopped reading its keys");
    if (answer === "silent") this.#target = null;
    // A window that closed (a dialog ended by Return): look again at the next key.
    if (answer === "gone") this.#focus = -1;
    return false;
  }
}

function ifGone(error: unknown): false {
  if (error instanceof X11Error && error.code === "request") return false;
  throw error;
}

async function answersPings(x11: X11, window: number): Promise<boolean> {
  const [protocols, wanted] = await Promise.all([x11.property(window, "WM_PROTOCOLS"), x11.atom("_NET_WM_PING")]);
  return protocols !== null && hasAtom(protocols.data, wanted);
}

/**
 * Whether a window's program is likely to treat its keys in another process: a browser by its role, and whatever has no
 * client leader, which GTK and Qt set and Chromium does not.
 */
async function passesKeysOn(x11: X11, window: number): Promise<boolean> {
  const [role, leader] = await Promise.all([
    x11.property(window, "WM_WINDOW_ROLE"),
    x11.property(window, "WM_CLIENT_LEADER"),
  ]);
  return leader === null || BROWSER_ROLES.includes(role?.data.toString("latin1") ?? "");
}

type Answer = "answered" | "silent" | "gone" | "aborted";

async function ping(x11: X11, window: number, limit: number, signal?: AbortSignal): Promise<Answer> {
  const [protocols, kind] = await Promise.all([x11.atom("WM_PROTOCOLS"), x11.atom("_NET_WM_PING")]);
  nextPing += 1;
  const number = nextPing;
  const heard = new AbortController();
  const deaf = x11.onMessage((event) => {
    if (event.message_type === protocols && event.data?.[0] === kind && event.data[1] === number) heard.abort();
  });
  const either = signal === undefined ? heard.signal : AbortSignal.any([heard.signal, signal]);
  try {
    if (!(await isThere(x11.message(window, protocols, [kind, number, window, 0, 0])))) return "gone";
    for (let waited = 0; waited < limit; waited += LOOK) {
      await pause(LOOK, either);
      if (heard.signal.aborted) return "answered";
      if (signal?.aborted) return "aborted";
      if (!(await isThere(x11.place(window)))) return "gone";
    }
    return "silent";
  } finally {
    deaf();
  }
}

/** Whether a question about a window was answered; the server refuses it once the window has gone. */
async function isThere(asked: Promise<unknown>): Promise<boolean> {
  return await asked.then(() => true, ifGone);
}
