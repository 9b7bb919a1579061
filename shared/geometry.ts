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

/**
 * The part of a picture of `space` px that shows the display: all of it when both have one shape (a side may be rounded
 * by up to 1 px), else the largest centred part of the display's shape, black bars beside it. A picture keeps its size
 * when the display changes: an older tool's declared size can't change in a session.
 */
export function contentRect(space: Size, display: Size): Region {
  const least = Math.max((space.w - 1) / display.w, (space.h - 1) / display.h);
  const most = Math.min((space.w + 1) / display.w, (space.h + 1) / display.h);
  if (least <= most) return [0, 0, space.w, space.h];
  const scale = Math.min(space.w / display.w, space.h / display.h);
  const w = Math.max(1, Math.min(space.w, Math.round(display.w * scale)));
  const h = Math.max(1, Math.min(space.h, Math.round(display.h * scale)));
  const x0 = Math.floor((space.w - w) / 2);
  const y0 = Math.floor((space.h - h) / 2);
  return [x0, y0, x0 + w, y0 + h];
}

/** Whether a point of screenshot space lies in the bars beside the display, or outside the picture. */
export function outsideContent(point: Point, space: Size, display: Size): boolean {
  const [x0, y0, x1, y1] = contentRect(space, display);
  return point[0] < x0 || point[1] < y0 || point[0] >= x1 || point[1] >= y1;
}

/** Whether a region of screenshot space has no pixel that shows the display. */
export function regionOutsideContent(region: Region, space: Size, display: Size): boolean {
  const [x0, y0, x1, y1] = contentRect(space, display);
  return region[2] <= x0 || region[3] <= y0 || region[0] >= x1 || region[1] >= y1;
}

/**
 * Maps a point of screenshot space to the display: the physical px (desktop coordinates) under the pixel's middle. A
 * point in the bars becomes the nearest one at the display's edge: ask `outsideContent` first.
 */
export function toScreen(point: Point, space: Size, display: Display): Point {
  const [x0, y0, x1, y1] = contentRect(space, display);
  return [
    display.x + middleOf(point[0] - x0, x1 - x0, display.w),
    display.y + middleOf(point[1] - y0, y1 - y0, display.h),
  ];
}

/** Maps a physical px of the display (desktop coordinates) to the screenshot pixel that shows it. */
export function toScreenshot(point: Point, space: Size, display: Display): Point {
  const [x0, y0, x1, y1] = contentRect(space, display);
  return [
    x0 + middleOf(point[0] - display.x, display.w, x1 - x0),
    y0 + middleOf(point[1] - display.y, display.h, y1 - y0),
  ];
}

/**
 * Maps a region of screenshot space to physical px of the desktop, at least 1 px in each direction. What lies in the
 * bars is cut off; for a region that lies wholly there ask `regionOutsideContent` first.
 */
export function regionToScreen(region: Region, space: Size, display: Display): Region {
  const [left, top, right, bottom] = contentRect(space, display);
  const [x0, x1] = stretched(region[0] - left, region[2] - left, right - left, display.w);
  const [y0, y1] = stretched(region[1] - top, region[3] - top, bottom - top, display.h);
  return [display.x + x0, display.y + y0, display.x + x1, display.y + y1];
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

/** From `start` to `end` of a side `from` px long, on a side `to` px long: every px touched, at least one. */
function stretched(start: number, end: number, from: number, to: number): readonly [number, number] {
  const first = Math.min(to - 1, Math.max(0, Math.floor((start * to) / from)));
  return [first, Math.min(to, Math.max(first + 1, Math.ceil((end * to) / from)))];
}
