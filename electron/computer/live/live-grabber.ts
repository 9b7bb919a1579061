/**
 * Pictures of parts of a display for watching it: the server copies the part at once, which is a moment, and hands it over
 * in strips, so that nobody else waits for it longer than one strip takes (1 MB: a third of a millisecond).
 */
import type { Region, Size } from "../../../shared/geometry.ts";
import type { Frame } from "../frame.ts";
import { getImage } from "../get-image.ts";
import type { BareClient } from "../x11-client.ts";

const STRIP = 256 * 1024;
const INCLUDE_INFERIORS = 1;

type Copy = { readonly size: Size; readonly pixmap: number };

export class LiveGrabber {
  readonly #x: BareClient;
  readonly #context: number;
  readonly #free: () => Promise<void>;
  #copy: Copy | null = null;

  /** @param free resolves when the display is not needed for something more urgent */
  constructor(x: BareClient, free: () => Promise<void>) {
    this.#x = x;
    this.#free = free;
    this.#context = x.client.AllocID();
    x.client.CreateGC(this.#context, x.root, { subwindowMode: INCLUDE_INFERIORS, graphicsExposures: 0 });
  }

  /** `region` of a display of `size` (physical px). Rejects with a ComputerError `capture_failed` or `unsupported`. */
  async grab(size: Size, [x0, y0, x1, y1]: Region): Promise<Frame> {
    await this.#free();
    const { pixmap } = this.#copyOf(size);
    const [w, h] = [x1 - x0, y1 - y0];
    const at = performance.now();
    this.#x.client.CopyArea(this.#x.root, pixmap, this.#context, x0, y0, 0, 0, w, h);
    const data = new Uint8Array(w * h * 4);
    const rows = Math.max(1, Math.floor(STRIP / w));
    for (let y = 0; y < h; y += rows) {
      await this.#free();
      const strip = await getImage(this.#x, null, pixmap, [0, y, w, Math.min(h, y + rows)]);
      data.set(strip.data, y * w * 4);
    }
    return { size: { w, h }, data, at };
  }

  #copyOf(size: Size): Copy {
    if (this.#copy?.size.w === size.w && this.#copy.size.h === size.h) return this.#copy;
    const { client, root, depth } = this.#x;
    if (this.#copy !== null) client.FreePixmap(this.#copy.pixmap);
    const pixmap = client.AllocID();
    client.CreatePixmap(pixmap, root, depth, size.w, size.h);
    this.#copy = { size, pixmap };
    return this.#copy;
  }
}
