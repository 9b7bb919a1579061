/** For tests and benchmarks: a small X client of our own that draws what it is told, as real pixels on a real display. */
import type { Point, Region, Size } from "../../shared/geometry.ts";
import { ask, openClient } from "./x11-client.ts";

export type Painter = {
  /** Its window, over everything else. */
  readonly window: number;
  fill(region: Region, colour: number): void;
  /** Black letters of the server's own font; `at` is the left end of the base line. Latin-1, at most 254. */
  text(at: Point, letters: string): void;
  /** A picture, 0xRRGGBB row by row. */
  picture(at: Point, size: Size, pixels: Uint32Array): void;
  /** Moves the window, px of the display. */
  move(to: Point): void;
  /** Resolves when the server has done all of it. */
  done(): Promise<void>;
  close(): void;
};

const OVERRIDE = { overrideRedirect: 1 };
const COPY_FROM_PARENT = 0;
const INPUT_OUTPUT = 1;
const Z_PIXMAP = 2;
const ROW = { pixels: 16_000 };

/** Opens a window at `region` (px of the display), in one colour. */
export async function openPainter(
  display: string,
  authority: string,
  [x0, y0, x1, y1]: Region,
  colour: number,
): Promise<Painter> {
  const x = await openClient(display, authority);
  const { client, root, depth } = x;
  const [window, context, font] = [client.AllocID(), client.AllocID(), client.AllocID()];
  const values = { backgroundPixel: colour, ...OVERRIDE };
  client.CreateWindow(window, root, x0, y0, x1 - x0, y1 - y0, 0, COPY_FROM_PARENT, INPUT_OUTPUT, 0, values);
  client.OpenFont(font, "fixed");
  client.CreateGC(context, window, { font });
  client.MapWindow(window);
  const done = async () => {
    await ask(x, (reply) => client.GetInputFocus(reply));
  };
  await done();
  return {
    window,
    fill: ([left, top, right, bottom], fill) => {
      client.ChangeGC(context, { foreground: fill });
      client.PolyFillRectangle(window, context, [left, top, right - left, bottom - top]);
    },
    text: ([left, base], letters) => {
      client.ChangeGC(context, { foreground: 0 });
      client.PolyText8(window, context, left, base, [letters]);
    },
    picture: ([left, top], { w, h }, pixels) => {
      // Below the length a request may have without asking for more.
      const rows = Math.max(1, Math.floor(ROW.pixels / w));
      for (let y = 0; y < h; y += rows) {
        const part = pixels.slice(y * w, Math.min(h, y + rows) * w);
        const count = part.length / w;
        client.PutImage(Z_PIXMAP, window, context, w, count, left, top + y, 0, depth, Buffer.from(part.buffer));
      }
    },
    move: ([left, top]) => client.MoveWindow(window, left, top),
    done,
    close: () => client.terminate(),
  };
}
