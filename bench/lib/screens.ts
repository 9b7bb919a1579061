/**
 * Pictures of a desktop that somebody writes on, drawn line by line: what recorded sessions are full of. At 1280x800 some
 * 80 kB each, as `npm run bench capture` finds an editor and a terminal to take.
 */
import { crc32 } from "node:zlib";
import { encodePng } from "../../electron/computer/png.ts";
import { sha256Hex } from "../../electron/journal/sha256.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Size } from "../../shared/geometry.ts";
import { randomBelow } from "../../soak/proof.ts";

const LINE = 16;
const PAPER = 0xf7f7f5;

export type Screen = { readonly png: Uint8Array; readonly ref: ImageRef };

/** Pictures that are drawn; after these they come round again, each with a comment that makes its bytes its own. */
const DRAWN = 150;
/** Bytes of the chunk IEND, which a comment goes before. */
const END = 12;

/** A desktop whose window gets another line of writing at each `write`; the same pictures for the same seed. */
export class Screens {
  readonly #drawn: Uint8Array[] = [];
  #writes = 0;
  readonly #size: Size;
  readonly #pixels: Uint32Array;
  readonly #below: (limit: number) => number;
  #line = 0;

  constructor(size: Size, seed: number) {
    this.#size = size;
    this.#below = randomBelow(seed);
    this.#pixels = new Uint32Array(size.w * size.h).map((_, i) => {
      const y = Math.floor(i / size.w);
      return y < 24 ? 0x2b2f36 : ((0x20 + (y * 0x40) / size.h) << 8) | 0x18003c;
    });
    this.#fill(80, 48, size.w - 160, size.h - 96, PAPER);
    this.#fill(80, 48, size.w - 160, 22, 0xd8d8d8);
    for (let i = 0; i < 30; i += 1) this.#writeLine();
  }

  /** Changes the desktop: another line, the oldest gone once the window is full. */
  write(): void {
    this.#writes += 1;
    if (this.#writes < DRAWN) this.#writeLine();
  }

  /** The picture now. */
  async picture(): Promise<Screen> {
    const round = this.#writes % DRAWN;
    const drawn = this.#drawn[round] ?? (await encodePng(this.#pixels, this.#size));
    this.#drawn[round] = drawn;
    const png = this.#writes < DRAWN ? drawn : withComment(drawn, `picture ${this.#writes}`);
    return { png, ref: { sha256: sha256Hex(png), ...this.#size } };
  }

  #writeLine(): void {
    const rows = Math.floor((this.#size.h - 130) / LINE);
    const y = 78 + (this.#line % rows) * LINE;
    this.#line += 1;
    this.#fill(90, y, this.#size.w - 180, LINE, PAPER);
    let x = 96;
    const end = this.#size.w - 120 - this.#below(300);
    while (x < end) {
      // A word: a few letters, each some strokes.
      for (let letter = 2 + this.#below(8); letter > 0 && x < end; letter -= 1) {
        this.#fill(x + this.#below(3), y + 3, 1, 9, 0x202020);
        this.#fill(x, y + 4 + this.#below(6), 5, 1, 0x404040);
        if (letter % 4 === 0) this.#fill(x + 1 + this.#below(4), y + 5, 1, 5, 0x606468);
        x += 7;
      }
      x += 6;
    }
  }

  #fill(x: number, y: number, w: number, h: number, colour: number): void {
    for (let row = y; row < y + h; row += 1) {
      const start = row * this.#size.w + x;
      this.#pixels.fill(colour, start, start + w);
    }
  }
}

/** The same picture with a tEXt chunk before its end. */
function withComment(png: Uint8Array, text: string): Uint8Array {
  const body = Buffer.from(`tEXtComment\0${text}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, -END), length, body, check, png.subarray(-END)]);
}
