/**
 * Moments of an X display. A 4K screen is 33 MB, which take long to hand over (through the socket 70 to 200 ms), though the
 * picture that is sent shows a quarter of them. So where the picture is half the display, the server keeps a copy and halves
 * it (RENDER), and only that is fetched, in 20 to 35 ms; of the copy, the parts that are compared are fetched one by one.
 */
import type { Render } from "x11";
import type { Display, Region, Size } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import { cropFrame, type Frame } from "./frame.ts";
import { getImage } from "./get-image.ts";
import type { SharedPixels } from "./shared-pixels.ts";
import type { BareClient } from "./x11-client.ts";

/** One moment of the display. */
export type Shot = {
  /** The display's size at that moment, physical px. */
  readonly size: Size;
  /** What it showed: every pixel, or at half the size, where each is the mean of four. */
  readonly frame: Frame;
  /** A part with every pixel, px of the display. Rejects with a ComputerError `capture_failed` after `free`. */
  readonly crop: (region: Region) => Promise<Frame>;
  /** Gives back what the X server holds of it. */
  readonly free: () => void;
};

/** A shot whose every pixel is here. */
export function wholeShot(frame: Frame): Shot {
  return { size: frame.size, frame, crop: async (region) => cropFrame(frame, region), free: () => undefined };
}

/** Copies that were given back and wait to be used again: making one of 33 MB takes the server 20 ms. */
const SPARE = 2;
const INCLUDE_INFERIORS = 1;
const SOURCE = 1;
const NONE = 0;
const TRUE_COLOUR_DEPTH = 24;

/** A pixmap as large as the display, and its pictures for RENDER; all of them ids. */
type Copy = { readonly size: Size; readonly pixmap: number; readonly picture: number; readonly context: number };

export class Halver {
  readonly #x: BareClient;
  readonly #shared: SharedPixels | null;
  readonly #render: Render;
  readonly #format: number;
  #spare: Copy[] = [];

  /** Null where the server can't: no RENDER, or not 24 bits a pixel. */
  static async open(x: BareClient, shared: SharedPixels | null): Promise<Halver | null> {
    if (x.depth !== TRUE_COLOUR_DEPTH) return null;
    const render = await new Promise<Render | null>((resolve) => {
      x.client.require("render", (error, extension) => resolve(error ? null : extension));
    });
    const format = render?.findVisualFormat(x.visual);
    return render === null || format === undefined ? null : new Halver(x, shared, render, format);
  }

  private constructor(x: BareClient, shared: SharedPixels | null, render: Render, format: number) {
    this.#x = x;
    this.#shared = shared;
    this.#render = render;
    this.#format = format;
  }

  /** The display now, at half its size (which has to be even). Rejects with a ComputerError `capture_failed`. */
  async take(display: Display): Promise<Shot> {
    const size = { w: display.w, h: display.h };
    const copy = this.#spareOf(size) ?? this.#create(size);
    const { client, root } = this.#x;
    const small = { w: size.w / 2, h: size.h / 2 };
    const at = performance.now();
    client.CopyArea(root, copy.pixmap, copy.context, display.x, display.y, 0, 0, size.w, size.h);
    const [pixmap, picture] = [client.AllocID(), client.AllocID()];
    client.CreatePixmap(pixmap, root, TRUE_COLOUR_DEPTH, small.w, small.h);
    this.#render.CreatePicture(picture, pixmap, this.#format, {});
    this.#render.Composite(SOURCE, copy.picture, NONE, picture, 0, 0, 0, 0, 0, 0, small.w, small.h);
    let held = true;
    const free = () => {
      if (held) this.#giveBack(copy);
      held = false;
    };
    const crop = async (region: Region): Promise<Frame> => {
      if (!held) throw new ComputerError("capture_failed", "That picture of the display is no longer at hand.");
      return { ...(await getImage(this.#x, this.#shared, copy.pixmap, region)), at };
    };
    try {
      const frame = await getImage(this.#x, this.#shared, pixmap, [0, 0, small.w, small.h]);
      return { size, frame: { ...frame, at }, crop, free };
    } catch (error) {
      free();
      throw error;
    } finally {
      this.#render.FreePicture(picture);
      client.FreePixmap(pixmap);
      for (const id of [picture, pixmap]) client.ReleaseID(id);
    }
  }

  #spareOf(size: Size): Copy | null {
    const found = this.#spare.find((copy) => copy.size.w === size.w && copy.size.h === size.h);
    this.#spare = this.#spare.filter((copy) => copy !== found);
    return found ?? null;
  }

  #create(size: Size): Copy {
    const { client, root } = this.#x;
    const [pixmap, picture, context] = [client.AllocID(), client.AllocID(), client.AllocID()];
    client.CreatePixmap(pixmap, root, TRUE_COLOUR_DEPTH, size.w, size.h);
    client.CreateGC(context, root, { subwindowMode: INCLUDE_INFERIORS, graphicsExposures: 0 });
    this.#render.CreatePicture(picture, pixmap, this.#format, {});
    // Half the size, each pixel from the middle of four: linear between them is their mean.
    this.#render.SetPictureTransform(picture, [2, 0, 0, 0, 2, 0, 0, 0, 1]);
    this.#render.SetPictureFilter(picture, "bilinear");
    return { size, pixmap, picture, context };
  }

  #giveBack(copy: Copy): void {
    this.#spare = [copy, ...this.#spare];
    for (const { pixmap, picture, context } of this.#spare.splice(SPARE)) {
      this.#render.FreePicture(picture);
      this.#x.client.FreePixmap(pixmap);
      this.#x.client.FreeGC(context);
      for (const id of [picture, pixmap, context]) this.#x.client.ReleaseID(id);
    }
  }
}
