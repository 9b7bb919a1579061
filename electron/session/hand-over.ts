/** The operator at the desktop: watching it, taking over, what may be seen meanwhile, handing back. */
import type { MessagePortMain } from "electron";
import { type Action, boundsError } from "../../shared/action.ts";
import type { Size } from "../../shared/geometry.ts";
import { isOver, unpaused } from "../../shared/session-view.ts";
import type { Computer } from "../computer/computer.ts";
import { type Control, Stopped } from "./control.ts";
import type { Looker } from "./looker.ts";
import type { OperatorWords } from "./operator-words.ts";
import type { Recorder, Sight } from "./recorder.ts";
import { ENDED, OK, type Reply } from "./reply.ts";

export type HandOverDeps = {
  readonly recorder: Recorder;
  readonly computer: Computer;
  readonly control: Control;
  readonly looker: Looker;
  readonly words: OperatorWords;
  readonly space: Size;
  /** False where the operator sits at the desktop, and sees it. */
  readonly watchable: boolean;
  /** Lifts a pause. */
  readonly resume: () => void;
  /** Whether the desktop is gone, and can be had anew. */
  readonly isLost: () => boolean;
  /** Ends the session for an error. */
  readonly fail: (detail: string) => void;
};

const NO_CONTROL: Reply = { ok: false, error: "You do not have control." };

export class HandOver {
  readonly #deps: HandOverDeps;
  /** The operator has handed back; the one who waits takes it. */
  #handedBack = false;
  #note: string | null = null;
  /** How the operator left the desktop, when that was after Claude's last picture. */
  #leftBehind: Sight | null = null;

  constructor(deps: HandOverDeps) {
    this.#deps = deps;
  }

  /** Gives the operator control where no proposal waits: the runner holds, and nothing is cut. */
  start(): Reply {
    const { control, looker, recorder } = this.#deps;
    const { phase } = recorder.view;
    const { kind } = unpaused(phase);
    if (kind !== "thinking" && kind !== "retrying" && kind !== "answered")
      return { ok: false, error: "You can take over while Claude thinks, has answered, or a proposal waits." };
    if (this.#deps.isLost()) return { ok: false, error: "The desktop is gone; resume first: that starts it again." };
    control.hold(true);
    looker.forget();
    if (phase.kind === "paused") this.#deps.resume();
    recorder.emit({ type: "takeover.started", body: { proposal: null } });
    void this.waited().then(
      (sight) => {
        this.#leftBehind = sight;
        control.hold(false);
      },
      (error: unknown) => {
        if (!(error instanceof Stopped)) this.#deps.fail(error instanceof Error ? error.message : String(error));
      },
    );
    return OK;
  }

  /** Waits for the hand-back and records how the operator left the desktop. */
  async waited(): Promise<Sight> {
    const { control, computer, looker, recorder } = this.#deps;
    this.#handedBack = false;
    await control.until(() => this.#handedBack);
    await computer.releaseAll();
    const sight = await looker.lookAfterOperator();
    recorder.emit({ type: "takeover.ended", body: { note: this.#note, after: sight.image.ref } });
    this.#handedBack = false;
    return sight;
  }

  /** How the operator left the desktop, once; null when Claude has a newer picture. */
  takeLeftBehind(): Sight | null {
    const sight = this.#leftBehind;
    this.#leftBehind = null;
    return sight;
  }

  /** The operator gives the desktop back, with an optional note for Claude. */
  handBack(note: string | null): Reply {
    const { recorder, words, control } = this.#deps;
    if (!this.#hasControl()) return NO_CONTROL;
    if (recorder.view.captureOff)
      return { ok: false, error: "Capture is paused. Resume it first: handing back takes a picture for Claude." };
    if (note !== null) words.note(note);
    this.#handedBack = true;
    this.#note = note;
    control.wake();
    return OK;
  }

  /** From here on no picture of the desktop is taken, for nobody: the operator logs in, say. Until `resumeCapture`. */
  pauseCapture(): Reply {
    const { recorder } = this.#deps;
    if (!this.#hasControl()) return NO_CONTROL;
    if (recorder.view.captureOff) return { ok: false, error: "Capture is paused already." };
    this.watch(null);
    recorder.emit({ type: "capture.paused", body: {} });
    return OK;
  }

  resumeCapture(): Reply {
    const { recorder } = this.#deps;
    if (!recorder.view.captureOff) return { ok: false, error: "Capture is not paused." };
    if (!this.#hasControl()) return NO_CONTROL;
    recorder.emit({ type: "capture.resumed", body: {} });
    return OK;
  }

  /** One action by the operator's own hand, while they have control. */
  async act(action: Action): Promise<Reply> {
    const { computer, space } = this.#deps;
    if (!this.#hasControl()) return NO_CONTROL;
    const outside = boundsError(action, space);
    if (outside !== null) return { ok: false, error: outside };
    try {
      await computer.hand(action, space);
      return OK;
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** See `Runner.watch`. */
  watch(port: MessagePortMain | null): Reply {
    const refused = port === null ? null : this.#whyUnwatched();
    if (refused === null) this.#deps.computer.watch(port, this.#deps.space);
    else port?.close();
    return refused ?? OK;
  }

  #whyUnwatched(): Reply | null {
    const { recorder, watchable, isLost } = this.#deps;
    if (isOver(recorder.view.phase)) return ENDED;
    if (!watchable) return { ok: false, error: "You see this desktop yourself." };
    if (isLost()) return { ok: false, error: "The desktop is gone." };
    return recorder.view.captureOff ? { ok: false, error: "Capture is paused." } : null;
  }

  #hasControl(): boolean {
    return unpaused(this.#deps.recorder.view.phase).kind === "takenOver" && !this.#handedBack;
  }
}
