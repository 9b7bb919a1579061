import { IconFlagFilled, IconNote } from "@tabler/icons-react";
import { type CSSProperties, memo, type PointerEvent, useMemo, useState } from "react";
import { formatClock } from "../ui/format.ts";
import { Thumb } from "../ui/Thumb.tsx";
import { useSize } from "../ui/use-size.ts";
import { STEP_WORDS, sentenceOf, shownStatus } from "../ui/words.ts";
import { END_NAMES, type End, WHO_WORDS } from "./ends.ts";
import { type Item, itemAt } from "./items.ts";
import { type TimeScale, timeMarks } from "./time-scale.ts";
import { barPath, barsOf, framesOf, LANE_H, LANES, pictureAfter, pictureBefore } from "./timeline-layout.ts";
import { useDrag } from "./use-drag.ts";

const ENDS = Object.keys(END_NAMES) as readonly End[];
const FRAME_W = 78;
const PREVIEW_W = 260;
const MARK_W = 80;

type Props = {
  readonly items: readonly Item[];
  readonly scale: TimeScale;
  /** ms since 1970. */
  readonly at: number;
  readonly window: readonly [from: number, to: number] | null;
  readonly flags: ReadonlySet<string>;
  readonly noted: ReadonlySet<string>;
  /** @param going whether the drag goes on */
  readonly onScrub: (ms: number, going: boolean) => void;
  readonly onWindow: (window: readonly [from: number, to: number] | null) => void;
};

/** The session along its time: a film strip, a lane for each who decided, and the ruler that is dragged. */
export function Timeline({ items, scale, at, window, flags, noted, onScrub, onWindow }: Props) {
  const [box, { w: width }] = useSize<HTMLDivElement>();
  const [hovered, setHovered] = useState<number | null>(null);
  const px = (ms: number) => (scale.shownAt(ms) / scale.length) * width;
  const moment = (x: number) => scale.momentAt((x / Math.max(1, width)) * scale.length);
  const ruler = useDrag({
    onMove: ({ to }) => onScrub(moment(to), true),
    onEnd: ({ to }) => onScrub(moment(to), false),
  });
  const strip = useDrag({
    onEnd: ({ from, to }, isClick) => {
      if (isClick) return onScrub(moment(to), false);
      onWindow([moment(Math.min(from, to)), moment(Math.max(from, to))]);
    },
  });
  const selected =
    strip.drag === null ? null : ([strip.drag.from, strip.drag.to].sort((a, b) => a - b) as [number, number]);
  const shaded = selected ?? (window === null ? null : ([px(window[0]), px(window[1])] as const));
  const hover = (event: PointerEvent<HTMLElement>) =>
    setHovered(event.clientX - event.currentTarget.getBoundingClientRect().left);
  return (
    <div className="timeline">
      <ul className="timeline-lanes small dim" aria-hidden="true">
        {LANES.map((who) => (
          <li key={who}>{WHO_WORDS[who]}</li>
        ))}
      </ul>
      <div className="timeline-body" ref={box} onPointerMove={hover} onPointerLeave={() => setHovered(null)}>
        <div className="timeline-strip" {...strip.handlers}>
          {width === 0 ? null : <Film items={items} scale={scale} width={width} />}
          {width === 0 ? null : <Lanes items={items} scale={scale} width={width} flags={flags} noted={noted} />}
          {shaded === null ? null : (
            <>
              <div className="timeline-shade" style={{ left: 0, width: Math.max(0, shaded[0]) }} />
              <div className="timeline-shade timeline-shade-after" style={{ left: shaded[1], right: 0 }} />
            </>
          )}
        </div>
        <Ruler scale={scale} width={width} at={at} words={valueText(items, scale, at)} handlers={ruler.handlers} />
        <div className="timeline-head" style={{ transform: `translateX(${px(at)}px)` }} aria-hidden="true" />
        {hovered === null || strip.drag !== null || width === 0 ? null : (
          <Preview items={items} at={moment(hovered)} start={scale.start} left={previewLeft(hovered, width)} />
        )}
      </div>
    </div>
  );
}

function previewLeft(x: number, width: number): number {
  return Math.min(Math.max(0, x - PREVIEW_W / 2), Math.max(0, width - PREVIEW_W));
}

/** What the slider stands at, in words. */
function valueText(items: readonly Item[], scale: TimeScale, at: number): string {
  const item = items[itemAt(items, at)];
  const clock = formatClock(at - scale.start);
  return item === undefined ? clock : `${clock}, ${titleOf(item)}`;
}

/** An item in one sentence. */
function titleOf(item: Item): string {
  if (item.kind === "step")
    return `step ${item.number}: ${sentenceOf(item.step)}, ${STEP_WORDS[shownStatus(item.step, true)]}`;
  return `turn ${item.turn.turn}`;
}

type RulerProps = {
  readonly scale: TimeScale;
  readonly width: number;
  readonly at: number;
  readonly words: string;
  readonly handlers: ReturnType<typeof useDrag>["handlers"];
};

function Ruler({ scale, width, at, words, handlers }: RulerProps) {
  const seconds = (ms: number) => Math.round((ms - scale.start) / 1000);
  return (
    <div
      className="timeline-ruler"
      role="slider"
      aria-label="Timeline"
      aria-valuemin={0}
      aria-valuemax={seconds(scale.end)}
      aria-valuenow={seconds(at)}
      aria-valuetext={words}
      tabIndex={0}
      title="Drag to move through the session; arrow keys go step by step"
      {...handlers}
    >
      <Marks scale={scale} width={width} />
      <div
        className="timeline-grip"
        style={{ transform: `translateX(${(scale.shownAt(at) / scale.length) * width}px)` }}
      />
    </div>
  );
}

const Marks = memo(function Marks({ scale, width }: { readonly scale: TimeScale; readonly width: number }) {
  const marks = width === 0 ? [] : timeMarks(scale, Math.max(2, Math.floor(width / MARK_W)));
  return marks.map((ms) => {
    const x = (scale.shownAt(ms) / scale.length) * width;
    return x > width - 36 ? null : (
      <span key={ms} className="timeline-mark" style={{ left: x }} aria-hidden="true">
        {formatClock(ms - scale.start)}
      </span>
    );
  });
});

type FilmProps = { readonly items: readonly Item[]; readonly scale: TimeScale; readonly width: number };

const Film = memo(function Film({ items, scale, width }: FilmProps) {
  const frames = useMemo(() => framesOf(items, scale, width, FRAME_W), [items, scale, width]);
  return (
    <div className="timeline-film" aria-hidden="true">
      {frames.map(({ x, w, image }) => (
        <div key={x} className="timeline-frame" style={{ width: w } satisfies CSSProperties}>
          <Thumb sha256={image?.sha256 ?? null} />
        </div>
      ))}
    </div>
  );
});

type LanesProps = FilmProps & { readonly flags: ReadonlySet<string>; readonly noted: ReadonlySet<string> };

const Lanes = memo(function Lanes({ items, scale, width, flags, noted }: LanesProps) {
  const bars = useMemo(() => barsOf(items, scale, width), [items, scale, width]);
  const px = (ms: number) => (scale.shownAt(ms) / scale.length) * width;
  const marked =
    flags.size === 0 && noted.size === 0 ? [] : items.filter(({ key }) => flags.has(key) || noted.has(key));
  return (
    <>
      <svg className="timeline-bars" width={width} height={LANES.length * LANE_H} aria-hidden="true" focusable="false">
        <defs>
          <pattern id="bar-edited" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="4" height="4" className="bar-edited-ground" />
            <rect width="2" height="4" className="bar-edited-stripe" />
          </pattern>
          <pattern id="gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
            <rect width="1.5" height="6" className="bar-gap" />
          </pattern>
        </defs>
        {scale.gaps.map(({ from, to }) => (
          <rect
            key={from}
            x={px(from)}
            y={0}
            width={Math.max(2, px(to) - px(from))}
            height={LANES.length * LANE_H}
            fill="url(#gap)"
          />
        ))}
        {LANES.map((who, lane) => (
          <line key={who} className="bar-lane" x1={0} x2={width} y1={lane * LANE_H + 6.5} y2={lane * LANE_H + 6.5} />
        ))}
        {ENDS.map((end) => (
          <path key={end} className={`bar bar-${end}`} d={barPath(bars, end)} />
        ))}
      </svg>
      {marked.map(({ key, at }) => (
        <span key={key} className="timeline-flag" style={{ left: px(at) }} aria-hidden="true">
          {flags.has(key) ? <IconFlagFilled size={12} /> : <IconNote size={12} />}
        </span>
      ))}
    </>
  );
});

type PreviewProps = {
  readonly items: readonly Item[];
  readonly at: number;
  readonly start: number;
  readonly left: number;
};

/** What was there at the moment under the pointer. */
function Preview({ items, at, start, left }: PreviewProps) {
  const item = items[itemAt(items, at)];
  if (item === undefined) return null;
  const image = (item.until <= at ? pictureAfter(item) : null) ?? pictureBefore(item);
  return (
    <div className="timeline-preview" style={{ left, width: PREVIEW_W }} aria-hidden="true">
      <Thumb sha256={image?.sha256 ?? null} />
      <p className="small">
        <span className="dim">{formatClock(at - start)} </span>
        {titleOf(item).replace(/^./, (first) => first.toUpperCase())}
      </p>
    </div>
  );
}
