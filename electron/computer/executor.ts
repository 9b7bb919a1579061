/** Does the work on one desktop: looks, prechecks and performs. Lives in a process of its own (executor-process.ts). */
import { type Action, isKeyboardAction, LOOK_ONLY, usesCursor } from "../../shared/action.ts";
import { type Display, type Point, type Size, toScreen } from "../../shared/geometry.ts";
import { type Controls, type ControlsReader, NO_CONTROLS } from "./bus/controls.ts";
import { ClearView } from "./clear-view.ts";
import { ComputerError, type DesktopFacts, type Look, type PerformRequest, type PerformResult } from "./computer.ts";
import { type Clock, Doing, Interrupted } from "./doing.ts";
import { Eyes, onDesktop, onScreen } from "./eyes.ts";
import type { Grabber } from "./grabber.ts";
import { AimMovedError, FocusMovedError, type Hands } from "./hands.ts";
import { type Guard, STILL_DOWN } from "./listener/guard.ts";
import { type LiveView, UNWATCHED, type WatchPort } from "./live/live.ts";
import { type HandAt, performByHand } from "./operator-hand.ts";
import { partsOf, performAction, pressesAt } from "./perform-action.ts";
import {
  aimedAt,
  around,
  barsError,
  geometrySurprise,
  pixelSurprise,
  type Surprise,
  sameFacts,
  targetPoints,
  windowSurprise,
} from "./precheck.ts";
import { OURS_IN_THE_WAY } from "./shared-hands.ts";
import { MOVED, strayedText } from "./strayed.ts";

/** The first input is sent at most this long after the frame that allowed it, ms. */
const FRESH = 20;
/** How long the precheck is run again and again before a desktop counts as too slow, ms. */
const PATIENCE = 3000;
/** Two presses nearer than this, px, would be a double click to the program if they came soon enough. */
const APART = 8;

const LETS_LEFT_GO: ReadonlySet<Action["action"]> = new Set([
  "left_mouse_up",
  "left_click",
  "double_click",
  "triple_click",
  "left_click_drag",
]);

/** Looks that take no time: no hand can come in between. */
const QUICK: ReadonlySet<Action["action"]> = new Set(["screenshot", "zoom", "cursor_position"]);

export type ExecutorHooks = {
  readonly confirm: (facts: DesktopFacts) => Promise<boolean>;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
};

/** What there is to wait for on a desktop that the operator sits at, too. */
export type Surroundings = {
  readonly view: ClearView;
  /** The person there; null on a desktop of its own. */
  readonly guard: Guard | null;
  /** Who watches, on a desktop of its own: not while it is looked at right before an action. */
  readonly live: LiveView;
  /** What programs call their controls. */
  readonly controls: ControlsReader;
};

/** These see nothing of the screen: our windows may stay where they are. */
const UNSEEN: ReadonlySet<Action["action"]> = new Set(["wait", "cursor_position"]);

/** What a passed precheck hands on. */
type Passed = { readonly facts: DesktopFacts; readonly points: readonly Point[] };

export class Executor {
  readonly #hands: Hands;
  readonly #grabber: Grabber;
  readonly #clock: Clock;
  readonly #around: Surroundings;
  readonly #eyes: Eyes;
  #leftHeld = false;
  #busy = false;
  #lastPress: { readonly at: Point; readonly time: number } | null = null;
  #handAt: HandAt | null = null;

  constructor(hands: Hands, grabber: Grabber, clock: Clock, around: Partial<Surroundings> = {}) {
    this.#hands = hands;
    this.#grabber = grabber;
    this.#clock = clock;
    this.#around = {
      view: new ClearView(null, grabber, clock, () => 0),
      guard: null,
      live: UNWATCHED,
      controls: NO_CONTROLS,
      ...around,
    };
    const { view, controls } = this.#around;
    this.#eyes = new Eyes({ hands, grabber, clock, view, controls });
  }

  /** Geometry now, physical px of the desktop. Rejects with a ComputerError `no_monitor` when the display is gone. */
  async display(): Promise<Display> {
    return await this.#grabber.display();
  }

  /**
   * A picture in `space` with the windows under `points` (px of `space`; none under one in the bars), after at most
   * `settleMs` for a still screen; rejects with a ComputerError.
   */
  async look(space: Size, points: readonly Point[], settleMs = 0): Promise<Look> {
    await this.#around.view.cleared(false, NEVER);
    if (settleMs > 0) return await this.#eyes.settled({ space, settleMs }, points, NEVER);
    return await this.#eyes.look(space, points);
  }

  /**
   * The ids of our own windows that have to leave the display before a look or an action. Before an action it waits for the
   * person's hands to be still: the window must not go from under them, and held keys would mix with ours.
   */
  async inTheWay(before: "look" | "action", signal: AbortSignal): Promise<readonly number[]> {
    const { guard } = this.#around;
    if (before === "action" && guard !== null) {
      await guard.begin();
      await guard.idle(signal).finally(() => guard.end());
    }
    return await this.#around.view.inTheWay();
  }

  /** What `look` says beside the picture, without taking one: our windows, which may be up, are looked past. */
  async facts(space: Size, points: readonly Point[]): Promise<DesktopFacts> {
    const display = await this.display();
    return await this.#eyes.facts(display, onScreen(points, space, display));
  }

  /** See `Computer.hand`. Rejects while anything else runs, and when the signal cuts it: everything is let go then. */
  async hand(action: Action, space: Size, signal: AbortSignal): Promise<void> {
    if (this.#busy) throw new ComputerError("unsupported", "Another action is still running.");
    this.#busy = true;
    try {
      const display = await this.display();
      const deps = { hands: this.#hands, clock: this.#clock, leftHeld: this.#leftHeld };
      this.#handAt = await performByHand(action, space, display, this.#handAt, signal, deps);
      this.#noteButtons(action, targetPoints(action, space, display, this.#handAt?.point ?? null));
    } catch (error) {
      // Refused before anything was sent: what the operator holds down stays as it is.
      if (!(error instanceof ComputerError) || error.code !== "unsupported") await this.releaseAll();
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** See `Computer.perform`. A second action while one runs is a defect of the caller and rejects. */
  async perform(request: PerformRequest, hooks: ExecutorHooks): Promise<PerformResult> {
    if (this.#busy) throw new ComputerError("unsupported", "Another action is still running.");
    this.#busy = true;
    try {
      if (!QUICK.has(request.action.action)) await this.#around.guard?.begin();
      return await this.#perform(request, hooks);
    } finally {
      this.#busy = false;
      this.#around.guard?.end();
    }
  }

  /** See `Computer.watch`. */
  watch(port: WatchPort | null, space: Size): void {
    this.#around.live.watch(port, space);
  }

  async releaseAll(): Promise<void> {
    this.#leftHeld = false;
    await this.#hands.releaseAll();
  }

  async close(): Promise<void> {
    this.#leftHeld = false;
    await this.#hands.close();
    this.#grabber.close();
    this.#around.live.close();
    this.#around.controls.close();
  }

  async #perform(request: PerformRequest, hooks: ExecutorHooks): Promise<PerformResult> {
    const { action, cursor } = request;
    const doing = new Doing(hooks.signal, this.#clock, hooks.onProgress);
    const started = this.#clock.now();
    const elapsed = () => Math.round(this.#clock.now() - started);
    if (usesCursor(action) && cursor === null) {
      const message = "coordinate: is missing; there is no cursor position yet";
      return { kind: "failed", message, cursor, after: null, durationMs: elapsed() };
    }
    const outside = barsError(action, request.space, request.expected.display, cursor);
    if (outside !== null) return { kind: "failed", message: outside, cursor, after: null, durationMs: elapsed() };
    let passed: Passed | null = null;
    try {
      const acts = !LOOK_ONLY.has(action.action);
      if (!UNSEEN.has(action.action)) await this.#around.view.cleared(acts, hooks.signal);
      await this.#keepApart(action, request, doing);
      if (this.#around.guard !== null && !LOOK_ONLY.has(action.action)) {
        await this.#around.guard.idle(doing.signal);
        doing.check();
        if (await this.#around.guard.isDown())
          return await this.#returned(request, { reason: "late", detail: STILL_DOWN });
      }
      const checked = (await this.#methodSurprise(action)) ?? (await this.#precheck(request, hooks));
      if ("reason" in checked) return await this.#returned(request, checked);
      passed = checked;
      hooks.onProgress(0, partsOf(action));
    } catch (error) {
      if (error instanceof Interrupted || hooks.signal.aborted) {
        return { kind: "interrupted", progress: doing.progress, cursor, durationMs: elapsed() };
      }
      const reason = isNoMonitor(error) ? "geometry" : "capture";
      return { kind: "returned", reason, detail: messageOf(error), now: null };
    }
    if (LOOK_ONLY.has(action.action) && action.action !== "wait") return await this.#lookOnly(request, passed, elapsed);
    return await this.#send(request, passed, doing, elapsed);
  }

  async #send(request: PerformRequest, passed: Passed, doing: Doing, elapsed: () => number): Promise<PerformResult> {
    const { action, space } = request;
    const named = aimedAt(action, request.cursor);
    let cursor = request.cursor;
    const { display } = passed.facts;
    const target = {
      points: passed.points.map((point) => onDesktop(point, display)),
      windows: passed.facts.targets.map((window) => window?.id ?? null),
      cursor: cursor === null ? null : toScreen(cursor, space, display),
      keysFor: { window: passed.facts.focus?.id ?? null },
      leftHeld: this.#leftHeld,
      moved: (index: number) => {
        cursor = named[index] ?? cursor;
      },
    };
    try {
      await performAction(action, target, this.#hands, doing);
    } catch (error) {
      const released = await this.releaseAll().then(
        () => "",
        (why: unknown) => ` Keys or buttons may still be down: ${messageOf(why)}`,
      );
      const strayed = error instanceof FocusMovedError || error instanceof AimMovedError ? error : null;
      const stopped = error instanceof Interrupted || (strayed !== null && doing.signal.aborted);
      const byItself = stopped ? doing.cutByItself : null;
      if (stopped && released === "" && byItself === null) {
        return { kind: "interrupted", progress: doing.progress, cursor, durationMs: elapsed() };
      }
      const after = await this.#eyes.look(space, named).catch(() => null);
      if (byItself !== null) {
        const message = `${byItself}${released === "" ? "; keys released." : `.${released}`}`;
        return { kind: "failed", message, cursor, after, durationMs: elapsed() };
      }
      if (strayed?.done === 0 && released === "") {
        // The look may already find the focus back where it was.
        const surprise = after === null ? null : windowSurprise(action, request.expected, after.facts);
        const reason = strayed instanceof AimMovedError ? "window" : "focus";
        return { kind: "returned", reason, detail: surprise?.detail ?? MOVED[reason], now: after };
      }
      const why = strayed === null ? messageOf(error) : strayedText(strayed, action, after?.facts ?? null);
      return { kind: "failed", message: `${why}${released}`, cursor, after, durationMs: elapsed() };
    }
    this.#noteButtons(action, passed.points);
    // A hand that reaches for the next decision while the screen settles stops nothing.
    this.#around.guard?.end();
    const { facts } = passed;
    // Our window is up: whoever asked looks when it is gone (shielded-computer.ts).
    if (!this.#sees(action)) return { kind: "done", cursor, after: null, image: null, facts, durationMs: elapsed() };
    try {
      const after = await this.#eyes.settled(request, named, doing.signal);
      return { kind: "done", cursor, after, image: null, facts: after.facts, durationMs: elapsed() };
    } catch (error) {
      const message = `The action was sent, but the screen can't be seen: ${messageOf(error)}`;
      return { kind: "failed", message, cursor, after: null, durationMs: elapsed() };
    }
  }

  /** Keeps in mind what an action that went through left behind: the button down, a press that a next one could double. */
  #noteButtons(action: Action, points: readonly Point[]): void {
    if (action.action === "left_mouse_down") this.#leftHeld = true;
    else if (LETS_LEFT_GO.has(action.action)) this.#leftHeld = false;
    const pressed = pressesAt(action, points);
    if (pressed !== null) this.#lastPress = { at: pressed, time: this.#clock.now() };
  }

  async #lookOnly(request: PerformRequest, passed: Passed, elapsed: () => number): Promise<PerformResult> {
    const { action, space, cursor } = request;
    try {
      const look = action.action === "screenshot" ? await this.#eyes.look(space, []) : null;
      const image = action.action === "zoom" ? await this.#eyes.zoom(action.region, space) : (look?.picture ?? null);
      return { kind: "done", cursor, after: null, image, facts: look?.facts ?? passed.facts, durationMs: elapsed() };
    } catch (error) {
      return { kind: "returned", reason: "capture", detail: messageOf(error), now: null };
    }
  }

  /**
   * Checks until the first input can go out soon enough after the frame that allowed it. `confirm` is asked once for the
   * same facts: its answer takes a round trip to main, which must not make the frame old.
   */
  async #precheck(request: PerformRequest, hooks: ExecutorHooks): Promise<Passed | NonNullable<Surprise>> {
    const release = this.#around.live.hold();
    try {
      return await this.#checked(request, hooks);
    } finally {
      release();
    }
  }

  async #checked(request: PerformRequest, hooks: ExecutorHooks): Promise<Passed | NonNullable<Surprise>> {
    const { action, expected } = request;
    const before = this.#eyes.recall(expected.picture);
    let confirmed: DesktopFacts | null = null;
    const controls = await this.#controls(request);
    const begun = this.#clock.now();
    while (this.#clock.now() - begun < PATIENCE) {
      const start = this.#clock.now();
      const display = await this.#displayOr(noMonitor);
      if ("reason" in display) return display;
      const moved = geometrySurprise(expected.display, display);
      if (moved !== null) return moved;
      const points = targetPoints(action, request.space, display, request.cursor);
      if (await this.#around.view.isOursAt(points.map((point) => onDesktop(point, display)))) {
        return { reason: "window", detail: OURS_IN_THE_WAY };
      }
      if (points.length > 0 && before === null) {
        return { reason: "pixels", detail: "The picture that the decision was made on is no longer at hand." };
      }
      const [facts, then, now] = await Promise.all([
        this.#eyes.facts(display, points, controls),
        before === null ? [] : Promise.all(points.map((point) => before.crop(around(point, display)))),
        Promise.all(points.map((point) => this.#grabber.grab(around(point, display)))),
      ]);
      const surprise = windowSurprise(action, expected, facts) ?? pixelSurprise(points, then, now);
      if (surprise !== null) return surprise;
      if (confirmed === null || !sameFacts(confirmed, facts)) {
        const go = await Promise.race([hooks.confirm(facts), aborted(hooks.signal)]);
        if (hooks.signal.aborted) throw new Interrupted();
        if (!go) return { reason: "policy", detail: "The rules give another answer on the screen as it is now." };
        confirmed = facts;
      }
      if (hooks.signal.aborted) throw new Interrupted();
      if (this.#clock.now() - start <= FRESH || LOOK_ONLY.has(action.action)) return { facts, points };
    }
    return { reason: "late", detail: "The desktop answers too slowly to be checked right before the action." };
  }

  /** The controls as they are right before the precheck, which has no time to ask. */
  async #controls({ action, space, cursor, expected }: PerformRequest): Promise<Controls> {
    const { controls = [], focusControl = null } = LOOK_ONLY.has(action.action)
      ? {}
      : await this.#eyes.facts(expected.display, targetPoints(action, space, expected.display, cursor));
    return { controls, focusControl };
  }

  /** The display, or what `gone` makes of its being switched off. */
  async #displayOr<T>(gone: (error: ComputerError) => T): Promise<Display | T> {
    try {
      return await this.display();
    } catch (error) {
      if (isNoMonitor(error)) return gone(error);
      throw error;
    }
  }

  async #returned(request: PerformRequest, why: NonNullable<Surprise>): Promise<PerformResult> {
    const { space, action, cursor } = request;
    try {
      const now = this.#sees(action) ? await this.#eyes.look(space, aimedAt(action, cursor)) : null;
      return { kind: "returned", reason: why.reason, detail: why.detail, now };
    } catch (error) {
      if (why.reason === "geometry") return { kind: "returned", reason: why.reason, detail: why.detail, now: null };
      return { kind: "returned", reason: "capture", detail: `${why.detail} ${messageOf(error)}`, now: null };
    }
  }

  /** An input method that would change the keys of `action` on their way. */
  async #methodSurprise(action: Action): Promise<Surprise> {
    const method = isKeyboardAction(action) ? await this.#hands.inputMethod() : null;
    if (method === null) return null;
    const detail = `The input method (${method}) would change what is typed. Switch it to plain keys, then approve again.`;
    return { reason: "input_method", detail };
  }

  /** Two single clicks of two actions stay two single clicks. */
  async #keepApart(action: Action, request: PerformRequest, doing: Doing): Promise<void> {
    const last = this.#lastPress;
    const points = targetPoints(action, request.space, request.expected.display, request.cursor);
    const at = pressesAt(action, points);
    doing.check();
    if (last === null || at === null) return;
    if (Math.abs(at[0] - last.at[0]) > APART || Math.abs(at[1] - last.at[1]) > APART) return;
    const { longest } = await this.#hands.clickTimes();
    const rest = last.time + longest - this.#clock.now();
    if (rest > 0) await doing.pause(rest);
  }

  /** Whether the screen is in view during an action. */
  #sees(action: Action): boolean {
    return !(this.#around.view.shared && UNSEEN.has(action.action));
  }
}

const NEVER = new AbortController().signal;

function isNoMonitor(error: unknown): error is ComputerError {
  return error instanceof ComputerError && error.code === "no_monitor";
}

function noMonitor(error: ComputerError): NonNullable<Surprise> {
  return { reason: "geometry", detail: error.message };
}

function aborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    else signal.addEventListener("abort", () => resolve(false), { once: true });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
