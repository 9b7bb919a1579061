/**
 * How Approve is given for something risky: held for `holdMs` and let go, or pressed shortly and then confirmed within
 * `confirmMs`. Main measures both from `press`; times here start when main has answered it, so they never run ahead.
 */
import type { Given } from "../../../shared/ipc.ts";

export type ApprovalState = "idle" | "pressing" | "holding" | "full" | "confirm" | "confirmArmed";

export type ApprovalDeps = {
  readonly holdMs: number;
  readonly armingMs: number;
  readonly confirmMs: number;
  /** Tells main that Approve went down; false when main says that the card can't be decided. */
  readonly press: () => Promise<boolean>;
  readonly approve: (given: Given) => void;
  readonly changed: (state: ApprovalState) => void;
  /** Runs something after some ms; the returned function calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
};

/** ms by which Confirm goes before main stops taking it. */
const CONFIRM_MARGIN_MS = 100;

export class Approval {
  readonly #deps: ApprovalDeps;
  #state: ApprovalState = "idle";
  #isDown = false;
  /** Counts presses, so that a late answer of main to an earlier one changes nothing. */
  #round = 0;
  #callOff: () => void = () => undefined;

  constructor(deps: ApprovalDeps) {
    this.#deps = deps;
  }

  /** The key or button went down. */
  down(): void {
    if (this.#isDown) return;
    this.#isDown = true;
    if (this.#state === "confirmArmed") {
      this.#to("idle");
      this.#deps.approve("confirmed");
      return;
    }
    // A double click is no confirmation; the second press changes nothing.
    if (this.#state === "confirm") return;
    this.#to("pressing");
    const round = this.#round;
    void this.#deps.press().then((ok) => {
      if (this.#round !== round || this.#state !== "pressing") return;
      if (!ok) return this.#to("idle");
      if (!this.#isDown) return this.#confirm();
      this.#to("holding");
      this.#callOff = this.#deps.after(this.#deps.holdMs, () => this.#to("full"));
    });
  }

  /** It came up again: this is when a held approval counts. */
  up(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    if (this.#state === "full") {
      this.#to("idle");
      this.#deps.approve("held");
    } else if (this.#state === "holding") {
      this.#confirm();
    }
  }

  /** The pointer left, the focus went, Escape: nothing was meant. */
  cancel(): void {
    this.#isDown = false;
    if (this.#state !== "idle") this.#to("idle");
  }

  #confirm(): void {
    const { after, armingMs, confirmMs } = this.#deps;
    this.#to("confirm");
    const rest = Math.max(0, confirmMs - armingMs - CONFIRM_MARGIN_MS);
    this.#callOff = after(armingMs, () => {
      this.#to("confirmArmed");
      this.#callOff = after(rest, () => this.#to("idle"));
    });
  }

  #to(state: ApprovalState): void {
    this.#callOff();
    this.#callOff = () => undefined;
    if (state === "idle") this.#round += 1;
    this.#state = state;
    this.#deps.changed(state);
  }
}
