import type { Point, Size } from "../../shared/geometry.ts";
import { arrowHead, type Mark } from "./overlay.ts";

type Props = {
  readonly marks: readonly Mark[];
  /** Drawn hollow, under the marks. */
  readonly ghosts?: readonly Mark[];
  readonly cursor: Point | null;
  /** The picture's size: the space the marks are in. */
  readonly space: Size;
  /** Picture px per CSS px, so that lines keep their width whatever the picture's size. */
  readonly px: number;
};

/** The action drawn over its picture. Every line has a dark edge, so that it shows on any screen. */
export function Overlay({ marks, ghosts = [], cursor, space, px }: Props) {
  const edge = marks.filter(isAtEdge);
  return (
    <svg
      className="overlay"
      viewBox={`0 0 ${space.w} ${space.h}`}
      // The picture is stretched to whole CSS px, so what is drawn over it is too.
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {ghosts.map((mark) => (
        <GhostShape key={JSON.stringify(mark)} mark={mark} space={space} px={px} />
      ))}
      {cursor === null ? null : <Cursor at={middle(cursor)} px={px} />}
      {marks.map((mark) => (
        <MarkShape key={JSON.stringify(mark)} mark={mark} row={edge.indexOf(mark)} space={space} px={px} />
      ))}
    </svg>
  );
}

function isAtEdge(mark: Mark): boolean {
  return mark.kind === "badge" && mark.at === null;
}

/** Smallest part of its size, in CSS px, that a mark shrinks to with its picture. */
const SMALLEST = 0.5;

/**
 * The unit, in picture px, that sizes of marks are told in: a picture px, so that a mark takes the same part of what it
 * aims at on a small picture as on a large one, within what can be seen.
 */
function unitOf(px: number): number {
  return Math.min(px, Math.max(1, SMALLEST * px));
}

type ShapeProps = {
  readonly mark: Mark;
  /** Which of the badges at the lower edge it is, from below. */
  readonly row: number;
  readonly space: Size;
  readonly px: number;
};

function MarkShape({ mark, row, space, px }: ShapeProps) {
  const u = unitOf(px);
  switch (mark.kind) {
    case "target": {
      const at = middle(mark.at);
      return (
        <>
          <Crosshair at={at} px={px} />
          <Label at={[at[0] + 20 * u, at[1] - 24 * u - 8 * px]} text={mark.label} space={space} px={px} />
        </>
      );
    }
    case "arrow": {
      const [from, to] = [middle(mark.from), middle(mark.to)];
      return (
        <>
          <Arrow from={mark.dashed ? from : towards(from, to, 9 * u)} to={to} dashed={mark.dashed} px={px} />
          {mark.dashed ? null : <OpenRing at={from} r={9 * u} px={px} />}
          <Label
            at={[from[0] + 12 * px, from[1] + (to[1] < from[1] ? 20 : -20) * px]}
            text={mark.label}
            space={space}
            px={px}
          />
        </>
      );
    }
    case "frame": {
      const [x0, y0, x1, y1] = mark.region;
      const box = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
      return (
        <>
          <path
            className="mark-shade"
            fillRule="evenodd"
            d={`M0 0H${space.w}V${space.h}H0Z M${x0} ${y0}V${y1}H${x1}V${y0}Z`}
          />
          <rect className="mark-edge" {...box} strokeWidth={5 * px} />
          <rect className="mark" {...box} strokeWidth={2.5 * px} />
        </>
      );
    }
    case "scroll": {
      const at = middle(mark.at);
      const to: Point = [at[0] + mark.vector[0] * 64 * u, at[1] + mark.vector[1] * 64 * u];
      return (
        <>
          <OpenRing at={at} r={12 * u} px={px} />
          <Arrow from={towards(at, to, 12 * u)} to={to} dashed={false} px={px} />
          <Label at={[at[0] + 18 * px, at[1] - 10 * px]} text={mark.label} space={space} px={px} />
        </>
      );
    }
    case "link":
      return <Link from={middle(mark.from)} to={middle(mark.to)} px={px} />;
    case "place": {
      const [x, y] = middle(mark.at);
      const left = mark.side === "left" ? x - 16 * px - labelWidth(mark.label, px) : x + 16 * px;
      return <Label at={[left, y + 22 * px]} text={mark.label} space={space} px={px} hollow />;
    }
    case "badge": {
      const at: Point =
        mark.at === null
          ? [(space.w - labelWidth(mark.label, px)) / 2, space.h - (18 + row * 28) * px]
          : [mark.at[0] + 14 * px, mark.at[1] + 26 * px];
      return <Label at={at} text={mark.label} space={space} px={px} />;
    }
  }
}

/** The same hollow: what was proposed, and is not what would run. */
function GhostShape({ mark, space, px }: { readonly mark: Mark; readonly space: Size; readonly px: number }) {
  switch (mark.kind) {
    case "target":
    case "scroll":
      return <Ring at={middle(mark.at)} r={12} px={px} />;
    case "arrow": {
      const [from, to] = [middle(mark.from), middle(mark.to)];
      return (
        <>
          <Link from={from} to={to} px={px} />
          <Ring at={from} r={6} px={px} />
          <Ring at={to} r={10} px={px} />
        </>
      );
    }
    case "frame": {
      const [x0, y0, x1, y1] = mark.region;
      const box = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
      return (
        <>
          <rect className="ghost-edge" {...box} strokeWidth={4 * px} />
          <rect className="ghost" {...box} strokeWidth={2 * px} strokeDasharray={`${6 * px} ${4 * px}`} />
        </>
      );
    }
    case "link":
    case "badge":
    case "place":
      return <MarkShape mark={mark} row={0} space={space} px={px} />;
  }
}

function Ring({ at: [cx, cy], r, px }: { readonly at: Point; readonly r: number; readonly px: number }) {
  return (
    <>
      <circle className="ghost-edge" cx={cx} cy={cy} r={r * unitOf(px)} strokeWidth={3.5 * px} />
      <circle className="ghost" cx={cx} cy={cy} r={r * unitOf(px)} strokeWidth={1.5 * px} />
    </>
  );
}

/** A thin line between two places. */
function Link({ from, to, px }: { readonly from: Point; readonly to: Point; readonly px: number }) {
  const line = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
  return (
    <>
      <line className="ghost-edge" {...line} strokeWidth={3.5 * px} />
      <line className="ghost" {...line} strokeWidth={1.5 * px} strokeDasharray={`${4 * px} ${3 * px}`} />
    </>
  );
}

/** A ring with lines that stop at it and nothing between but a small dot: what is aimed at stays readable. */
function Crosshair({ at: [x, y], px }: { readonly at: Point; readonly px: number }) {
  const u = unitOf(px);
  const [r, far] = [24 * u, 38 * u];
  const lines = `M${x - far} ${y}H${x - r} M${x + r} ${y}H${x + far} M${x} ${y - far}V${y - r} M${x} ${y + r}V${y + far}`;
  return (
    <>
      <path className="mark-edge" d={lines} strokeWidth={3.5 * px} />
      <OpenRing at={[x, y]} r={r} px={px} />
      <path className="mark" d={lines} strokeWidth={1.5 * px} />
      <circle className="mark-dot" cx={x} cy={y} r={px} strokeWidth={0.5 * px} />
    </>
  );
}

/** A ring of `r` picture px around a pixel that stays free. */
function OpenRing({ at: [cx, cy], r, px }: { readonly at: Point; readonly r: number; readonly px: number }) {
  return (
    <>
      <circle className="mark-edge" cx={cx} cy={cy} r={r} strokeWidth={3.5 * px} />
      <circle className="mark" cx={cx} cy={cy} r={r} strokeWidth={1.5 * px} />
    </>
  );
}

function Arrow({
  from,
  to,
  dashed,
  px,
}: {
  readonly from: Point;
  readonly to: Point;
  readonly dashed: boolean;
  readonly px: number;
}) {
  const head = arrowHead(from, to, 9 * px);
  const line = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
  const corners = head?.map((p) => p.join(",")).join(" ");
  return (
    <>
      <line className="mark-edge" {...line} strokeWidth={4.5 * px} />
      {corners === undefined ? null : <polygon className="mark-edge" points={corners} strokeWidth={3 * px} />}
      <line
        className="mark"
        {...line}
        strokeWidth={2 * px}
        {...(dashed ? { strokeDasharray: `${6 * px} ${5 * px}` } : {})}
      />
      {corners === undefined ? null : <polygon className="mark mark-fill" points={corners} strokeWidth={px} />}
    </>
  );
}

/** Claude's cursor: an arrow like a pointer, its tip at the point. */
function Cursor({ at: [x, y], px }: { readonly at: Point; readonly px: number }) {
  const shape = [
    [0, 0],
    [0, 17],
    [4, 13.2],
    [6.8, 19.4],
    [9.4, 18.2],
    [6.7, 12.2],
    [12, 12],
  ]
    .map(([dx = 0, dy = 0]) => `${x + dx * px},${y + dy * px}`)
    .join(" ");
  return <polygon className="mark-cursor" points={shape} strokeWidth={1.5 * px} />;
}

function Label({
  at,
  text,
  space,
  px,
  hollow = false,
}: {
  readonly at: Point;
  readonly text: string | null;
  readonly space: Size;
  readonly px: number;
  readonly hollow?: boolean;
}) {
  if (text === null) return null;
  const w = labelWidth(text, px);
  const h = 22 * px;
  const x = Math.min(Math.max(0, at[0]), Math.max(0, space.w - w));
  const y = Math.min(Math.max(0, at[1] - h / 2), Math.max(0, space.h - h));
  return (
    <>
      <rect
        className={hollow ? "ghost-label" : "mark-label"}
        x={x}
        y={y}
        width={w}
        height={h}
        rx={4 * px}
        strokeWidth={1.5 * px}
      />
      <text className={hollow ? "ghost-text" : "mark-text"} x={x + 7 * px} y={y + 15.5 * px} fontSize={13 * px}>
        {text}
      </text>
    </>
  );
}

/** The point `way` px from one point towards another, or the other where it is nearer. */
function towards(from: Point, to: Point, way: number): Point {
  const whole = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const part = whole <= way ? 1 : way / whole;
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}

/** The middle of a pixel, which is what a click means. */
function middle(p: Point): Point {
  return [p[0] + 0.5, p[1] + 0.5];
}

function labelWidth(text: string, px: number): number {
  return (text.length * 8 + 14) * px;
}
