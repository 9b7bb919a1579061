/** Sizes, points and regions, and the two pixel spaces of the app: screenshot space and screen space. */

/** Width and height in px. */
export type Size = { readonly w: number; readonly h: number };

/** `[x, y]` in px; which space is said by whoever holds it. */
export type Point = readonly [x: number, y: number];

/** `[x0, y0, x1, y1)` in px: the right and bottom edges are outside. */
export type Region = readonly [x0: number, y0: number, x1: number, y1: number];

/** One display: position and size in physical px of the desktop, and its scale factor (1 = 96 dpi). */
export type Display = {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly scale: number;
};

/** What an image may measure for a family of models. */
export type ImageTier = {
  /** Longest side, px. */
  readonly longEdge: number;
  /** Most visual tokens, where one image costs `ceil(w / 28) * ceil(h / 28)`. */
  readonly maxTokens: number;
};

/** Above this size accuracy of clicks suffers (Anthropic's computer-use guide), so no screenshot is sent larger. */
const CAP = { long: 1920, short: 1080 } as const;

/** Visual tokens of an image of `size`, as the API counts them. */
export function visualTokens(size: Size): number {
  return Math.ceil(size.w / 28) * Math.ceil(size.h / 28);
}

/**
 * The size, in px, at which a picture of `display` is sent: at most the tier's long edge and visual tokens, at most
 * 1920x1080 (or 1080x1920), never enlarged, aspect ratio kept to the pixel. Throws a RangeError unless both sides of
 * `display` are whole numbers of at least 1.
 */
export function fitToTier(display: Size, tier: ImageTier): Size {
  if (!isSide(display.w) || !isSide(display.h)) {
    throw new RangeError(`display: expected whole sides of at least 1 px, got ${display.w}x${display.h}`);
  }
  const long = Math.max(display.w, display.h);
  const short = Math.min(display.w, display.h);
  let scale = Math.min(1, tier.longEdge / long, CAP.long / long, CAP.short / short);
  let fitted = scaled(display, scale);
  while (visualTokens(fitted) > tier.maxTokens) {
    // The square root jumps close to the goal; the small factor makes sure that it is reached.
    scale *= Math.min(0.999, Math.sqrt(tier.maxTokens / visualTokens(fitted)));
    fitted = scaled(display, scale);
  }
  return fitted;
}

/** Maps a point of screenshot space to the display: the physical px (desktop coordinates) under the pixel's middle. */
export function toScreen(point: Point, space: Size, display: Display): Point {
  return [display.x + middleOf(point[0], space.w, display.w), display.y + middleOf(point[1], space.h, display.h)];
}

/** Maps a physical px of the display (desktop coordinates) to the screenshot pixel that shows it. */
export function toScreenshot(point: Point, space: Size, display: Display): Point {
  return [middleOf(point[0] - display.x, display.w, space.w), middleOf(point[1] - display.y, display.h, space.h)];
}

/** Maps a region of screenshot space to physical px of the desktop, at least 1 px in each direction. */
export function regionToScreen(region: Region, space: Size, display: Display): Region {
  const x0 = Math.floor((region[0] * display.w) / space.w);
  const y0 = Math.floor((region[1] * display.h) / space.h);
  const x1 = Math.max(x0 + 1, Math.ceil((region[2] * display.w) / space.w));
  const y1 = Math.max(y0 + 1, Math.ceil((region[3] * display.h) / space.h));
  return [display.x + x0, display.y + y0, display.x + Math.min(x1, display.w), display.y + Math.min(y1, display.h)];
}

/** Whether `point` is a pixel of an image of `size`. */
export function isInside(point: Point, size: Size): boolean {
  return point[0] >= 0 && point[1] >= 0 && point[0] < size.w && point[1] < size.h;
}

function isSide(n: number): boolean {
  return Number.isInteger(n) && n >= 1;
}

function scaled(size: Size, scale: number): Size {
  // 4099 * (1920 / 4099) is a hair under 1920; it must not cost a pixel.
  const side = (n: number) => Math.max(1, Math.floor(n * scale + 1e-9));
  return { w: side(size.w), h: side(size.h) };
}

function middleOf(at: number, from: number, to: number): number {
  return Math.min(to - 1, Math.max(0, Math.floor(((at + 0.5) * to) / from)));
}
