/** What differs between two frames, pixel by pixel and as connected blobs. Used by the precheck and by settling. */
import { type Frame, pixelsOf } from "./frame.ts";

/** A pixel counts as changed when one of its channels is off by more than this. */
const TOLERANCE = 24;
/** The largest blob that passes for a text caret, px. */
const CARET = { w: 3, h: 40 } as const;
/** A caret that moved is gone from one place and seen at another. */
const CARETS = 2;

/** A connected group of changed pixels (corners touch). */
type Blob = Box & { readonly count: number };

export type Difference = {
  /** Changed pixels without the carets. */
  readonly count: number;
  /** Pixels of the largest blob that is not a caret. */
  readonly largest: number;
  /** Whether counting stopped at the given limit: `count` and `largest` are then lower bounds. */
  readonly cut: boolean;
};

/**
 * Compares two frames of one size. At most two blobs that look like a text caret are left out.
 * @param limit stop once this many changed pixels were seen (a whole screen that changed need not be measured)
 * @throws RangeError when the sizes differ
 */
export function difference(before: Frame, after: Frame, limit: number): Difference {
  const { w, h } = before.size;
  if (after.size.w !== w || after.size.h !== h) {
    throw new RangeError(`frames: ${w}x${h} and ${after.size.w}x${after.size.h} can't be compared`);
  }
  const changed = changedPixels(pixelsOf(before), pixelsOf(after), limit);
  if (changed.length >= limit) return { count: changed.length, largest: changed.length, cut: true };
  const blobs = blobsOf(changed, w);
  const carets = caretsOf(blobs);
  const rest = blobs.filter((blob) => !carets.some((caret) => isIn(blob, caret)));
  return {
    count: rest.reduce((sum, blob) => sum + blob.count, 0),
    largest: rest.reduce((most, blob) => Math.max(most, blob.count), 0),
    cut: false,
  };
}

/** More changed pixels than this are not searched for carets: something else is going on, and searching takes time. */
const SEARCHED = 4000;

/**
 * Marks in `tiles` (row by row, `side` px each way, cleared first) where two frames of one size differ; carets as in
 * `difference` are left out.
 * @returns how many tiles are marked
 */
export function markChanged(before: Frame, after: Frame, side: number, tiles: Uint8Array): number {
  const { w } = before.size;
  const across = Math.ceil(w / side);
  tiles.fill(0);
  const [a, b] = [pixelsOf(before), pixelsOf(after)];
  const few = changedPixels(a, b, SEARCHED);
  if (few.length < SEARCHED) {
    const carets = caretsOf(blobsOf(few, w));
    for (const at of few) {
      const [x, y] = [at % w, Math.floor(at / w)];
      const inCaret = carets.some((c) => x >= c.x && x < c.x + c.w && y >= c.y && y < c.y + c.h);
      if (!inCaret) tiles[Math.floor(y / side) * across + Math.floor(x / side)] = 1;
    }
  } else markAll(a, b, w, side, tiles);
  return tiles.reduce((sum, tile) => sum + tile, 0);
}

function markAll(a: Uint32Array, b: Uint32Array, w: number, side: number, tiles: Uint8Array): void {
  const across = Math.ceil(w / side);
  for (let row = 0; row * w < a.length; row += 1) {
    const first = Math.floor(row / side) * across;
    for (let tile = 0; tile < across; tile += 1) {
      if (tiles[first + tile] === 1) continue;
      const end = row * w + Math.min(w, (tile + 1) * side);
      for (let i = row * w + tile * side; i < end; i += 1) {
        if (a[i] !== b[i] && isOff(a[i] ?? 0, b[i] ?? 0)) {
          tiles[first + tile] = 1;
          break;
        }
      }
    }
  }
}

/** Groups changed pixels (indexes into rows of `width`, ascending) into connected blobs. */
function blobsOf(changed: readonly number[], width: number): Blob[] {
  const left = new Set(changed);
  const blobs: Blob[] = [];
  for (const first of changed) {
    if (left.delete(first)) blobs.push(grow(first, left, width));
  }
  return blobs;
}

function grow(first: number, left: Set<number>, width: number): Blob {
  const queue = [first];
  let [x0, x1, y0, y1] = [first % width, first % width, Math.floor(first / width), Math.floor(first / width)];
  let count = 0;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const x = at % width;
    const y = Math.floor(at / width);
    count += 1;
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        if (x + dx < 0 || x + dx >= width) continue;
        const next = at + dy * width + dx;
        if (left.delete(next)) queue.push(next);
      }
    }
  }
  return { count, x: x0, y: y0, w: x1 - x0 + 1, h: y1 - y0 + 1 };
}

/** More groups than this are not searched for carets: a page or a text has changed. */
const SEARCHED_BLOBS = 150;

/**
 * The places of at most two carets, those that explain most of what changed: over letters a caret's change is cut into
 * several groups, above each other.
 */
function caretsOf(blobs: readonly Blob[]): Box[] {
  if (blobs.length > SEARCHED_BLOBS) return [];
  const carets: Box[] = [];
  let rest = blobs.filter(({ w, h }) => w <= CARET.w && h <= CARET.h);
  while (rest.length > 0 && carets.length < CARETS) {
    const boxes = rest.flatMap(({ x, y }) => Array.from({ length: CARET.w }, (_, i) => ({ x: x - i, y, ...CARET })));
    const explained = boxes.map((box) => rest.reduce((sum, blob) => sum + (isIn(blob, box) ? blob.count : 0), 0));
    const best = boxes[explained.indexOf(Math.max(...explained))];
    if (best === undefined) break;
    carets.push(best);
    rest = rest.filter((blob) => !isIn(blob, best));
  }
  return carets;
}

type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

function isIn(a: Box, b: Box): boolean {
  return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h;
}

function changedPixels(before: Uint32Array, after: Uint32Array, limit: number): number[] {
  const changed: number[] = [];
  for (let i = 0; i < before.length; i += 1) {
    const a = before[i] ?? 0;
    const b = after[i] ?? 0;
    if (a !== b && isOff(a, b)) {
      changed.push(i);
      if (changed.length >= limit) break;
    }
  }
  return changed;
}

function isOff(a: number, b: number): boolean {
  return (
    Math.abs((a & 255) - (b & 255)) > TOLERANCE ||
    Math.abs(((a >>> 8) & 255) - ((b >>> 8) & 255)) > TOLERANCE ||
    Math.abs(((a >>> 16) & 255) - ((b >>> 16) & 255)) > TOLERANCE
  );
}
