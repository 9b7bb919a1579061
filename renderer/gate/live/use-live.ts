import { useEffect, useMemo, useRef, useState } from "react";
import type { Size } from "../../../shared/geometry.ts";
import { portMessageSchema } from "../../../shared/live.ts";
import { useVerbs } from "../../store/use-app.ts";
import { paintFrom } from "./live-picture.ts";

/** ms until a live picture that ended, or was refused, is asked for again. */
const AGAIN = 1000;
/** ms after which a canvas that is no longer fresh stands in for nothing. */
const RECENT = 500;

export type LivePicture = {
  /** What it is painted on, one and the same element for a session; null until a first picture came. */
  readonly canvas: HTMLCanvasElement | null;
  /** Px of screenshot space. */
  readonly size: Size | null;
  /** Whether the canvas shows the desktop as it is now. */
  readonly fresh: boolean;
  /** Why no picture can be had although one was asked for; null while it can. */
  readonly problem: string | null;
  /** Whether the canvas was fresh a moment ago. */
  readonly isRecent: () => boolean;
};

type Seen = Omit<LivePicture, "isRecent">;
const NOTHING: Seen = { canvas: null, size: null, fresh: false, problem: null };

/** The session's desktop as it is, as long as it is wanted and this window can be seen. It stays as it was afterwards. */
export function useLive(session: string, wanted: boolean): LivePicture {
  const { live } = useVerbs();
  const visible = useVisible();
  const [seen, setSeen] = useState<Seen>(NOTHING);
  const on = wanted && visible;
  const isFresh = useRef(false);
  const freshUntil = useRef(Number.NEGATIVE_INFINITY);

  const canvas = useRef<HTMLCanvasElement | null>(null);

  // What was seen of another session is not shown for a single frame.
  const [of, setOf] = useState(session);
  if (of !== session) {
    setOf(session);
    setSeen(NOTHING);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session has another picture
  useEffect(() => {
    canvas.current = null;
    isFresh.current = false;
    freshUntil.current = Number.NEGATIVE_INFINITY;
  }, [session]);
  useEffect(() => {
    if (!on) return;
    let leave = (): void => undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const ended = (problem: string) => {
      setSeen((before) => ({ ...before, fresh: false, problem }));
      isFresh.current = false;
      again = setTimeout(ask, AGAIN);
    };
    const ask = () => {
      void live(session, true).then((outcome) => {
        if (!outcome.ok && !over) ended(outcome.error);
      });
    };
    let over = false;
    const onMessage = (event: MessageEvent) => {
      const [port] = event.ports;
      const read = portMessageSchema.safeParse(event.data);
      if (event.source !== window || !read.success || read.data.session !== session || port === undefined) return;
      leave();
      clearTimeout(again);
      canvas.current ??= document.createElement("canvas");
      const painted = canvas.current;
      leave = paintFrom(port, painted, {
        painted: ({ size }) => {
          isFresh.current = true;
          setSeen((before) =>
            before.fresh && before.size?.w === size.w && before.size.h === size.h
              ? before
              : { canvas: painted, size, fresh: true, problem: null },
          );
        },
        ended,
      });
    };
    window.addEventListener("message", onMessage);
    ask();
    return () => {
      over = true;
      window.removeEventListener("message", onMessage);
      clearTimeout(again);
      leave();
      void live(session, false);
      if (isFresh.current) freshUntil.current = performance.now();
      isFresh.current = false;
      setSeen((before) => ({ ...before, fresh: false, problem: null }));
    };
  }, [session, on, live]);

  return useMemo(() => {
    const isRecent = () => isFresh.current || performance.now() - freshUntil.current < RECENT;
    return { ...seen, isRecent };
  }, [seen]);
}

/** Whether this window is on the screen: not hidden, not minimised. */
function useVisible(): boolean {
  const { onVisible } = useVerbs();
  const [visible, setVisible] = useState(true);
  useEffect(() => onVisible(setVisible), [onVisible]);
  return visible;
}
