import type { PointerEvent } from "react";
import { useRef, useState } from "react";

/** Pointer px that are still a click. */
const CLICK_PX = 4;

export type Drag = {
  /** CSS px in the element, from its left edge. */
  readonly from: number;
  readonly to: number;
};

type Wishes = {
  /** While a drag goes on, and when it ends; a click is a drag from and to one place. */
  readonly onMove?: (drag: Drag) => void;
  readonly onEnd: (drag: Drag, isClick: boolean) => void;
};

/** The horizontal drag on an element: its handlers, and where it is while it goes on. */
export function useDrag({ onMove, onEnd }: Wishes) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const live = useRef<Drag | null>(null);
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(box.width, Math.max(0, event.clientX - box.left));
  };
  const put = (next: Drag | null) => {
    live.current = next;
    setDrag(next);
  };
  return {
    drag,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const x = at(event);
        put({ from: x, to: x });
        onMove?.({ from: x, to: x });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const { current } = live;
        if (current === null) return;
        const next = { from: current.from, to: at(event) };
        put(next);
        onMove?.(next);
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const { current } = live;
        if (current === null) return;
        const next = { from: current.from, to: at(event) };
        put(null);
        onEnd(next, Math.abs(next.to - next.from) < CLICK_PX);
      },
      onPointerCancel: () => put(null),
    },
  };
}
