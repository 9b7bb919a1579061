import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Point, Region, Size } from "../../../shared/geometry.ts";
import { frameBetween, GRIPS, type Grip, isIn, moved, percentOf, pixelAt, resized } from "../../ui/picture-map.ts";
import { type Draft, draftPoint, draftRegion, type PointName, pointsOfKind } from "./draft.ts";
import { useEdit } from "./editor.ts";

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** px an arrow key moves with Shift. */
const FAR = 10;

/** Lies over the picture while an action is edited: its points and its frame can be moved by mouse and arrow keys. */
export function EditLayer() {
  const { edit, change } = useEdit();
  const layer = useRef<HTMLDivElement>(null);
  const drag = useRef<((pixel: Point) => void) | null>(null);
  /** The point a click on the picture moves: the one that had the focus last. */
  const last = useRef<PointName>("point");

  useEffect(() => layer.current?.querySelector<HTMLElement>('[role="slider"]')?.focus(), []);

  if (edit === null) return null;
  const { draft, subject } = edit;
  const { space, cursor } = subject;
  const points = pointsOfKind(draft.action);
  const region = draft.action === "zoom" ? draftRegion(draft) : null;

  const put = (point: PointName, at: Point) => {
    change({ type: "point", point, at });
  };
  const pixelOf = (event: PointerEvent): Point => {
    const box = layer.current?.getBoundingClientRect();
    if (box === undefined) return [0, 0];
    return pixelAt({ x: event.clientX - box.x, y: event.clientY - box.y }, { w: box.width, h: box.height }, space);
  };
  const begin = (event: PointerEvent, move: (pixel: Point) => void) => {
    drag.current = move;
    layer.current?.setPointerCapture(event.pointerId);
  };
  const grab = (event: PointerEvent, grip: Grip, from: Region) => {
    const start = pixelOf(event);
    begin(event, (at) =>
      change({ type: "region", region: resized(from, grip, [at[0] - start[0], at[1] - start[1]], space) }),
    );
  };

  const onPicture = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const pixel = pixelOf(event);
    if (draft.action === "zoom") {
      if (region !== null && isIn(pixel, region)) return grab(event, [0, 0], region);
      return begin(event, (at) => change({ type: "region", region: frameBetween(pixel, at) }));
    }
    const point = points.includes(last.current) ? last.current : points[0];
    if (point === undefined) return;
    put(point, pixel);
    layer.current?.querySelector<HTMLElement>(`[data-point="${point}"]`)?.focus();
    begin(event, (at) => put(point, at));
  };
  const onHandle = (event: PointerEvent<HTMLElement>, point: PointName, at: Point) => {
    event.stopPropagation();
    if (event.button !== 0) return;
    event.currentTarget.focus();
    const start = pixelOf(event);
    begin(event, (pixel) => put(point, moved(at, [pixel[0] - start[0], pixel[1] - start[1]], space)));
  };
  const onKey = (event: KeyboardEvent, point: PointName, at: Point) => {
    const arrow = ARROWS[event.key];
    if (arrow === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = event.shiftKey ? FAR : 1;
    put(point, moved(at, [arrow[0] * far, arrow[1] * far], space));
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the points on it are sliders; the mouse moves just those
    <div
      ref={layer}
      className="edit-layer"
      // A click on the picture must not take the focus from the point that it moves.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={onPicture}
      onPointerMove={(event) => drag.current?.(pixelOf(event))}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
    >
      {region === null
        ? null
        : GRIPS.map((grip) => (
            <div
              key={grip.join()}
              className="edit-grip"
              data-grip={grip.join()}
              style={gripPlace(region, grip, space)}
              onPointerDown={(event) => {
                event.stopPropagation();
                if (event.button === 0) grab(event, grip, region);
              }}
            />
          ))}
      {points.map((point) => {
        const at = draftPoint(draft, point, cursor);
        if (at === null) return null;
        return (
          <Handle
            key={point}
            name={nameOf(draft, point)}
            point={point}
            at={at}
            space={space}
            onFocus={() => {
              last.current = point;
            }}
            onPointerDown={(event) => onHandle(event, point, at)}
            onKeyDown={(event) => onKey(event, point, at)}
          />
        );
      })}
    </div>
  );
}

type HandleProps = {
  readonly name: string;
  readonly point: PointName;
  readonly at: Point;
  readonly space: Size;
  readonly onFocus: () => void;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

function Handle({ name, point, at, space, onFocus, onPointerDown, onKeyDown }: HandleProps) {
  const place = percentOf(moved(at, [0, 0], space), space);
  return (
    <div
      role="slider"
      tabIndex={0}
      className="edit-handle"
      data-point={point}
      aria-label={name}
      aria-roledescription="2d slider"
      aria-valuemin={0}
      aria-valuemax={space.w - 1}
      aria-valuenow={at[0]}
      aria-valuetext={`${at[0]}, ${at[1]}`}
      style={{ left: `${place.x}%`, top: `${place.y}%` }}
      onFocus={onFocus}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

function nameOf(draft: Draft, point: PointName): string {
  if (draft.action !== "left_click_drag") return "Target";
  return point === "end" ? "End target" : "Start target";
}

function gripPlace(region: Region, [gx, gy]: Grip, space: Size): { readonly left: string; readonly top: string } {
  const x = gx === 0 ? (region[0] + region[2]) / 2 : gx === -1 ? region[0] : region[2];
  const y = gy === 0 ? (region[1] + region[3]) / 2 : gy === -1 ? region[1] : region[3];
  return { left: `${(x / space.w) * 100}%`, top: `${(y / space.h) * 100}%` };
}
