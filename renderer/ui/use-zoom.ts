import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { Point, Size } from "../../shared/geometry.ts";
import { fitInside } from "./overlay.ts";
import type { Spot } from "./picture-map.ts";
import { fitted, type Placed, panned, placeOf, type Zoom, zoomed } from "./zoom.ts";

/** Enlarging a picture; several pictures of one size can share one, and move together. */
export type ZoomHandle = {
  readonly zoom: Zoom | null;
  readonly set: (zoom: Zoom | null) => void;
  /** The room of the picture shown last, for keys that know no pointer. */
  readonly room: RefObject<Size>;
};

/** The whole picture at first; `key` names what is looked at: another one starts whole again. */
export function useZoom(key: string): ZoomHandle {
  const [held, setHeld] = useState<{ readonly key: string; readonly zoom: Zoom | null }>({ key, zoom: null });
  const room = useRef<Size>({ w: 0, h: 0 });
  const zoom = held.key === key ? held.zoom : null;
  return useMemo(() => ({ zoom, set: (next) => setHeld({ key, zoom: next }), room }), [zoom, key]);
}

/** px an arrow key moves an enlarged picture. */
const ARROW_PX = 48;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [ARROW_PX, 0],
  ArrowRight: [-ARROW_PX, 0],
  ArrowUp: [0, ARROW_PX],
  ArrowDown: [0, -ARROW_PX],
};
/** How far the wheel turns for one step. */
const WHEEL_STEP = 100;

/** Larger or smaller by one step, around the middle. */
export function stepZoom(handle: ZoomHandle, picture: Size, steps: number): void {
  const room = handle.room.current;
  const middle = { x: room.w / 2, y: room.h / 2 };
  handle.set(whole(zoomed(handle.zoom ?? fitted(picture), steps, middle, picture, fitInside(picture, room), room)));
}

/** Where the picture lies in its room, and what wheel, mouse and arrow keys do there. */
export function usePlaced(box: RefObject<HTMLElement | null>, picture: Size, room: Size, handle: ZoomHandle | null) {
  const fit = fitInside(picture, room);
  const zoom = handle?.zoom ?? fitted(picture);
  const placed: Placed = placeOf(zoom, picture, fit, room);
  const drag = useRef<Spot | null>(null);
  const latest = useRef({ zoom, fit, room, picture, handle });
  useEffect(() => {
    latest.current = { zoom, fit, room, picture, handle };
    if (handle !== null) handle.room.current = room;
  });

  const zoomable = handle !== null;
  useEffect(() => {
    const element = box.current;
    if (element === null || !zoomable) return;
    // React's own wheel events can't be kept from scrolling the page.
    const onWheel = (event: WheelEvent) => {
      const now = latest.current;
      if (now.handle === null || event.deltaY === 0) return;
      event.preventDefault();
      const corner = element.getBoundingClientRect();
      const spot = { x: event.clientX - corner.x, y: event.clientY - corner.y };
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_STEP;
      const steps = Math.max(-3, Math.min(3, -pixels / WHEEL_STEP));
      now.handle.set(whole(zoomed(now.zoom, steps, spot, now.picture, now.fit, now.room)));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [box, zoomable]);

  if (handle === null || zoom.factor === 1) return { placed, moves: {} };
  const move = (by: Point) => handle.set(panned(zoom, by, picture, fit, room));
  return {
    placed,
    moves: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        // What lies over the picture (the points of an edit) has the left button for itself.
        const free = event.target === event.currentTarget || isPicture(event.target);
        if (event.button !== 1 && !(event.button === 0 && free)) return;
        drag.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const from = drag.current;
        if (from === null) return;
        drag.current = { x: event.clientX, y: event.clientY };
        move([event.clientX - from.x, event.clientY - from.y]);
      },
      onPointerUp: () => {
        drag.current = null;
      },
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        const arrow = ARROWS[event.key];
        if (arrow === undefined || event.target !== event.currentTarget || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        move(arrow);
      },
    },
  };
}

function isPicture(target: EventTarget): boolean {
  return target instanceof HTMLImageElement || target instanceof HTMLCanvasElement;
}

function whole(zoom: Zoom): Zoom | null {
  return zoom.factor === 1 ? null : zoom;
}
