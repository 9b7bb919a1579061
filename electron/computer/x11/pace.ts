/**
 * Keeps typing in step with the program that reads it. A program translates a keycode when it *reads* the event, so the
 * map must not change while keys are unread, and keys piled up unread would still arrive after a stop. Most toolkits
 * answer a question from the same queue that keys come through, in order (echo.ts): an answer means that everything
 * before it has been read. Where nobody answers, fixed waits do.
 *
 * A browser answers from its main process and passes the keys on to another, which may be seconds behind: its ping keeps
 * the map exact, but what is on the way has to be kept short by waiting until its processes sleep again (processes.ts).
 */
import { type X11, X11Error } from "./connection.ts";
import { askEcho, type Echo, echoOf, ifGone } from "./echo.ts";
import { allAsleep, workersOf } from "./processes.ts";
import { pause } from "./wait.ts";
import { focusId } from "./windows.ts";

/** How many keys may be unread before we wait for the program. */
const UNREAD = 4;
/** How many may be on their way through a program that passes them on: some 30 ms of a Chromium without a GPU. */
const ON_THE_WAY = 16;
/** Between two keys to a program that can't be asked, ms. */
const BLIND_KEY = 3;
/** How long to wait at most, for each key, until a program that passes keys on sleeps again, ms; it may never (a spinner). */
const PASSED_ON_KEY = 4;
/** Between two looks at whether it sleeps, ms. Two in a row have to find it so: keys are passed from thread to thread. */
const LOOK_ASLEEP = 1;
/** What browsers call their windows (`WM_WINDOW_ROLE`): Firefox, Chromium and Electron, Chromium's small ones. */
const BROWSER_ROLES = ["browser", "browser-window", "pop-up"];
/** Before and after a change of the map for a program that can't be asked, ms: exact in GTK, which needs it longest. */
const BLIND_SETTLE = 100;
/** Between an answer and a change of the map, ms: answers come from a toolkit's reader, a step ahead of its typing. */
const SETTLE = 5;
/**
 * A program that leaves the first question unanswered for this long, ms, is typed to blindly: longer for one that says it
 * answers.
 */
const FIRST_ANSWER: Readonly<Record<Echo["kind"], number>> = { ping: 1000, editres: 250 };
/** One that has answered before is waited for this long, ms: typing on would come out wrong. */
const ANSWER = 10_000;

export class Pace {
  readonly #x11: X11;
  #focus = -1;
  /** Whom to ask; null when the focused program can't be asked. */
  #target: Echo | null = null;
  /** The target's processes, when its answer does not tell that its keys have taken effect. */
  #behind: readonly number[] | null = null;
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
    else if (this.#behind === null) {
      if (this.#unread >= UNREAD) await this.#answered(this.#target, signal);
    } else if (this.#unread >= ON_THE_WAY) {
      await this.#answered(this.#target, signal);
      await workedOff(this.#behind, ON_THE_WAY * PASSED_ON_KEY, signal);
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
    if (window === null) return;
    const echo = await echoOf(this.#x11, window).catch(ifGone);
    if (echo === false) return;
    const passesOn = echo.kind === "ping" && (await passesKeysOn(this.#x11, window).catch(ifGone));
    this.#behind = passesOn ? await processesOf(this.#x11, window) : null;
    this.#target = echo;
  }

  async #answered(echo: Echo, signal?: AbortSignal): Promise<boolean> {
    this.#unread = 0;
    const known = this.#answering === echo.window;
    const answer = await askEcho(this.#x11, echo, known ? ANSWER : FIRST_ANSWER[echo.kind], signal);
    if (answer === "answered") {
      this.#answering = echo.window;
      return true;
    }
    if (answer === "silent" && known) throw new X11Error("unresponsive", "the program stopped reading its keys");
    if (answer === "silent") this.#target = null;
    // A window that closed (a dialog ended by Return): look again at the next key.
    if (answer === "gone") this.#focus = -1;
    return false;
  }
}

/** The processes of a window's program, as far as they can be told. */
async function processesOf(x11: X11, window: number): Promise<readonly number[]> {
  const pid = await x11.programPid(window).catch(ifGone);
  return pid ? workersOf(pid) : [];
}

/** Waits until all of `pids` sleep, at most `limit` ms; that long when they can't be looked at. */
async function workedOff(pids: readonly number[], limit: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + limit;
  let asleep = allAsleep(pids) === true ? 1 : 0;
  while (asleep < 2 && performance.now() < end && !signal?.aborted) {
    await pause(LOOK_ASLEEP, signal);
    asleep = allAsleep(pids) === true ? asleep + 1 : 0;
  }
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
