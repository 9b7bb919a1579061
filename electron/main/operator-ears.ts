/**
 * What main hears at the operator's own keyboard while sessions run: the chords, whether a person's hand is near, and
 * what keeps decisions from reaching our window. It is opened once for all sessions. On the operator's desktop stop is heard
 * by the executor itself, too, which obeys it before main knows; for own desktops, where the operator's keyboard is not, it
 * is heard here alone.
 */
import { CHORD_NAMES, type ChordName, type Chords, chordText } from "../../shared/chords.ts";
import type { Obstacle } from "../../shared/ipc.ts";
import type { Heard, Origin } from "../computer/listener/heard.ts";
import { type Listener, openListener } from "../computer/listener/listener.ts";
import { openX11, type X11 } from "../computer/x11/connection.ts";
import type { Environment } from "../desktop/environment.ts";
import { displayOf } from "../desktop/this-desktop.ts";

/** A decision through the window needs a key or button of a person's device this shortly before it, ms. */
const NEAR = 500;
/** While something is in the way it is looked at this often; after a click of the person's this late, ms. */
const LOOK_AGAIN = 300;
const AFTER_CLICK = 150;

export type EarsDeps = {
  readonly env: Environment;
  /** Electron's global shortcuts: they keep a chord from the program in front where they can, and hear where X11 is not. */
  readonly shortcuts: {
    readonly register: (accelerator: string, callback: () => void) => boolean;
    readonly unregister: (accelerator: string) => void;
  };
  /** The operator's chords; what they are when a session's desktop is opened counts until none is open. */
  readonly chords: () => Chords;
  /** The setting that frees on-screen keyboards and remote desktop tools. */
  readonly anyInput: () => boolean;
  readonly onStop: () => void;
  readonly onDecision: (kind: "approve" | "reject" | "take_over") => void;
  readonly onFocusCard: () => void;
  readonly onObstacle: () => void;
  readonly onDeaf: (why: string) => void;
  /** For the log. */
  readonly onTrouble: (words: string) => void;
};

const DECISIONS = { approve: "approve", reject: "reject", takeOver: "take_over" } as const;
const NOT_STOP = CHORD_NAMES.filter((name) => name !== "stop");

type Open = {
  readonly chords: Chords;
  /** Null where there is nothing to listen at, and once it has gone deaf. */
  listener: Listener | null;
  /** While a session works on the operator's own desktop. */
  x11: X11 | null;
};

export class OperatorEars {
  readonly #deps: EarsDeps;
  readonly #buttons = new Set<number>();
  /** For how many sessions it hears, and for how many of them on the operator's own desktop. */
  readonly #for = { all: 0, here: 0 };
  #open: Open | null = null;
  #opening: Promise<unknown> = Promise.resolve();
  #lastTouch = Number.NEGATIVE_INFINITY;
  #deciding: string | null = null;
  #obstacle: Obstacle | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: EarsDeps) {
    this.#deps = deps;
  }

  /** What keeps the operator's keys or clicks from our window while a decision waits. */
  get obstacle(): Obstacle | null {
    return this.#obstacle;
  }

  /** Whether a person's own device was used just now; asked after `sync`. */
  get isHandNear(): boolean {
    return this.#deps.anyInput() || performance.now() - this.#lastTouch <= NEAR;
  }

  /**
   * Starts hearing for one more session.
   * @param shared the session works on the operator's own desktop: then it rejects, in words, when stop can't be heard
   * @returns ends it, once
   */
  async open(shared: boolean): Promise<() => void> {
    this.#for.all += 1;
    if (shared) this.#for.here += 1;
    let closed = false;
    const close = () => {
      if (closed) return;
      closed = true;
      this.#for.all -= 1;
      if (shared) this.#for.here -= 1;
      this.#closeUnneeded();
    };
    // Two sessions that start at once open it one after the other.
    const opened = this.#opening.then(() => this.#openFor(shared));
    this.#opening = opened.catch(() => undefined);
    try {
      await opened;
    } catch (error) {
      close();
      throw error;
    }
    return close;
  }

  async #openFor(shared: boolean): Promise<void> {
    const { env, shortcuts, onStop, onTrouble } = this.#deps;
    const isNew = this.#open === null;
    const open: Open = this.#open ?? { chords: this.#deps.chords(), listener: null, x11: null };
    const stop = chordText(open.chords.stop);
    if (open.listener === null && (isNew || shared)) {
      open.listener = await this.#listen(open).catch((error: unknown) => {
        const words = `${stop} can't be heard everywhere: ${error instanceof Error ? error.message : String(error)}`;
        if (shared) throw new Error(`where: ${words}. No session starts on this desktop without it.`);
        onTrouble(words);
        return null;
      });
    }
    if (shared) {
      try {
        open.x11 ??= await openX11(displayOf(env));
      } catch (error) {
        if (isNew) open.listener?.close();
        throw error;
      }
    }
    if (!isNew) return;
    this.#open = open;
    // On the operator's desktop Claude's own keys would set it off, too: there it only swallows.
    const swallowed = shortcuts.register(stop, () => (this.#isShared ? undefined : onStop()));
    if (!swallowed) onTrouble(`${stop} belongs to another program, too: it will see the chord as well`);
  }

  get #isShared(): boolean {
    return this.#for.here > 0;
  }

  /** Whether a session's desktop is open. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Resolves when everything that happened before has been heard. */
  async sync(): Promise<void> {
    await this.#open?.listener?.sync();
  }

  /** The card that waits for a decision, by anything that names it; null when none does. */
  deciding(card: string | null): void {
    if (this.#open === null || !this.#isShared || card === this.#deciding) return;
    if ((card === null) !== (this.#deciding === null)) this.#swallow(card !== null, this.#open.chords);
    this.#deciding = card;
    this.#lookIn(0);
  }

  /** Lets go of what no session needs any more. */
  #closeUnneeded(): void {
    const open = this.#open;
    if (open === null) return;
    if (!this.#isShared) {
      if (this.#deciding !== null) this.#swallow(false, open.chords);
      this.#deciding = null;
      this.#obstacle = null;
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      open.x11?.close();
      open.x11 = null;
    }
    if (this.#for.all > 0) return;
    this.#open = null;
    this.#deps.shortcuts.unregister(chordText(open.chords.stop));
    open.listener?.close();
  }

  async #listen(open: Open): Promise<Listener> {
    const { env, onDeaf, onTrouble } = this.#deps;
    const { chords } = open;
    if (!env.DISPLAY) throw new Error("there is no X display");
    const listener = await openListener({
      ...displayOf(env),
      chords,
      now: () => performance.now(),
      onHeard: (event) => this.#hear(event),
      onChord: (name, from) => this.#chord(name, from),
      onDeaf: (why) => {
        open.listener = null;
        if (this.#isShared) onDeaf(why);
        else onTrouble(why);
      },
    });
    const missing = listener.missing();
    for (const name of missing.filter((each) => each !== "stop"))
      onTrouble(`no key of the keyboard makes ${chordText(chords[name])} (${name})`);
    if (!missing.includes("stop")) return listener;
    listener.close();
    throw new Error("no key of the keyboard makes it");
  }

  #hear(event: Heard): void {
    if (event.from !== "device" || event.kind === "motion") return;
    this.#lastTouch = event.at;
    if (event.kind !== "button") return;
    if (event.down) this.#buttons.add(event.code);
    else this.#buttons.delete(event.code);
    if (this.#deciding !== null) this.#lookIn(AFTER_CLICK);
  }

  #chord(name: ChordName, from: Origin): void {
    const { anyInput, onStop, onDecision, onFocusCard } = this.#deps;
    if (name === "stop") {
      // What XTEST makes there may be Claude's own: the executor knows, and says so.
      if (!this.#isShared || from === "device") onStop();
      return;
    }
    if (this.#deciding === null || (from !== "device" && !anyInput())) return;
    if (name === "focusCard") onFocusCard();
    else onDecision(DECISIONS[name]);
  }

  /** While a decision waits, its chords are kept from the program in front. What can't be kept is heard all the same. */
  #swallow(on: boolean, chords: Chords): void {
    const { shortcuts } = this.#deps;
    for (const name of NOT_STOP) {
      if (on) shortcuts.register(chordText(chords[name]), () => undefined);
      else shortcuts.unregister(chordText(chords[name]));
    }
  }

  #lookIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#look().catch((error: unknown) => this.#deps.onTrouble(String(error)));
    }, ms);
  }

  async #look(): Promise<void> {
    const found = this.#deciding === null ? null : await this.#inTheWay();
    if (found !== this.#obstacle) {
      this.#obstacle = found;
      this.#deps.onObstacle();
    }
    if (found !== null) this.#lookIn(LOOK_AGAIN);
  }

  async #inTheWay(): Promise<Obstacle | null> {
    const x11 = this.#open?.x11 ?? null;
    if (x11 === null) return null;
    if (await x11.keyboardGrabbed()) return "grab";
    const { buttons } = await x11.pointer();
    return buttons.some((button) => !this.#buttons.has(button)) ? "held" : null;
  }
}
