/** What is seen of one desktop: pictures, waited for until they are still, with the facts of their moment. */
import {
  type Display,
  outsideContent,
  type Point,
  regionToScreen,
  type Size,
  toScreen,
} from "../../shared/geometry.ts";
import type { Controls, ControlsReader } from "./bus/controls.ts";
import { blackWords } from "./capture-words.ts";
import type { ClearView } from "./clear-view.ts";
import { ComputerError, type DesktopFacts, type Look, type Picture } from "./computer.ts";
import type { Clock } from "./doing.ts";
import { isBlack } from "./frame.ts";
import { FrameMemory } from "./frame-memory.ts";
import type { Grabber } from "./grabber.ts";
import type { Hands } from "./hands.ts";
import { encodePicture, fitWithin } from "./picture.ts";
import { settle } from "./settle.ts";
import type { Shot } from "./shot.ts";

type EyesDeps = {
  readonly hands: Pick<Hands, "focusWindow" | "windowAt">;
  readonly grabber: Grabber;
  readonly clock: Clock;
  readonly view: ClearView;
  readonly controls: ControlsReader;
};

/** Every method rejects with a ComputerError when the desktop can't be seen. */
export class Eyes {
  readonly #deps: EyesDeps;
  readonly #memory = new FrameMemory();

  constructor(deps: EyesDeps) {
    this.#deps = deps;
  }

  /** The moment behind one of the last pictures, by its SHA-256; null when it is no longer at hand. */
  recall(sha256: string): Shot | null {
    return this.#memory.recall(sha256);
  }

  /** A picture in `space` with the windows under `points` (px of `space`; none under one in the bars). Nothing of ours may be in view. */
  async look(space: Size, points: readonly Point[]): Promise<Look> {
    return await this.#seen(await this.#deps.grabber.shot(space), space, points);
  }

  /** The same once the screen is still, or after `settleMs`. */
  async settled(
    { space, settleMs }: { readonly space: Size; readonly settleMs: number },
    points: readonly Point[],
    signal: AbortSignal,
  ): Promise<Look> {
    const { now, sleep } = this.#deps.clock;
    let newest: Shot | null = null;
    const grab = async () => {
      const shot = await this.#deps.grabber.shot(space);
      newest?.free();
      newest = shot;
      return shot.frame;
    };
    await settle({ grab, now, sleep }, settleMs, signal);
    return await this.#seen(newest ?? (await this.#deps.grabber.shot(space)), space, points);
  }

  /** A moment as a look, with the windows under `points` (px of `space`). */
  async #seen(taken: Shot, space: Size, points: readonly Point[]): Promise<Look> {
    let shot = taken;
    try {
      const display = await this.#deps.grabber.display();
      if (!sameSize(shot.size, display)) {
        shot.free();
        shot = await this.#deps.grabber.shot(space);
      }
      if (!sameSize(shot.size, display)) throw new ComputerError("capture_failed", "The display is changing its size.");
      await this.#deps.view.verify(display);
      if (isBlack(shot.frame)) throw new ComputerError("black_capture", blackWords(process.platform));
      const [facts, picture] = await Promise.all([
        this.facts(display, onScreen(points, space, display)),
        encodePicture(shot.frame, space),
      ]);
      this.#memory.remember(picture.sha256, shot);
      this.#deps.view.remember(shot, display);
      return { picture, facts };
    } catch (error) {
      shot.free();
      throw error;
    }
  }

  /** A part of the screen (px of `space`) at the display's resolution, as far as it fits `space`. */
  async zoom(region: readonly [number, number, number, number], space: Size): Promise<Picture> {
    const display = await this.#deps.grabber.display();
    const frame = await this.#deps.grabber.grab(regionToScreen(region, space, atOrigin(display)));
    await this.#deps.view.verify(display);
    return await encodePicture(frame, fitWithin(frame.size, space));
  }

  /**
   * What is true of the desktop now, without a picture.
   * @param points physical px of the display; null for one that is not on it
   * @param known what controls are there, where it has been asked already: asking takes up to 50 ms
   */
  async facts(display: Display, points: readonly (Point | null)[], known?: Controls): Promise<DesktopFacts> {
    const [focus, targets] = await Promise.all([
      this.#deps.hands.focusWindow(),
      Promise.all(
        points.map((point) => (point === null ? null : this.#deps.hands.windowAt(onDesktop(point, display)))),
      ),
    ]);
    const asked = points.map((point, i) => ({ at: onDesktop(point ?? [0, 0], display), window: targets[i] ?? null }));
    return { display, focus, targets, ...(known ?? (await this.#deps.controls.read({ points: asked, focus }))) };
  }
}

/** Points of a picture as px of the display; null for one in the bars. */
export function onScreen(points: readonly Point[], space: Size, display: Display): readonly (Point | null)[] {
  return points.map((at) => (outsideContent(at, space, display) ? null : toScreen(at, space, atOrigin(display))));
}

/** A point of the display (its top left corner is 0, 0) as one of the whole desktop. */
export function onDesktop([x, y]: Point, display: Display): Point {
  return [display.x + x, display.y + y];
}

function atOrigin(display: Display): Display {
  return { ...display, x: 0, y: 0 };
}

function sameSize(a: Size, b: Size): boolean {
  return a.w === b.w && a.h === b.h;
}
