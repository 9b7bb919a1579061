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
  /** What it is painted on: one and the same element for a session. */
  readonly canvas: HTMLCanvasElement;
  /** Px of screenshot space; null until a first picture came. */
  readonly size: Size | null;
  /** Whether the canvas shows the desktop as it is now. */
  readonly fresh: boolean;
  /** Why no picture can be had although one was asked for; null while it can. */
  readonly problem: string | null;
  /** Whether the canvas was fresh a moment ago. */
  readonly isRecent: () => boolean;
};

type Seen = Pick<LivePicture, "size" | "fresh" | "problem">;
const NOTHING: Seen = { size: null, fresh: false, problem: null };

/** The session's desktop as it is, as long as it is wanted and this window can be seen. It stays as it was afterwards. */
export function useLive(session: string, wanted: boolean): LivePicture {
  const { live } = useVerbs();
  const visible = useVisible();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session has another picture
  const canvas = useMemo(() => document.createElement("canvas"), [session]);
  const [seen, setSeen] = useState<Seen>(NOTHING);
  const on = wanted && visible;
  const isFresh = useRef(false);
  const freshUntil = useRef(Number.NEGATIVE_INFINITY);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another session has another picture
  useEffect(() => setSeen(NOTHING), [session]);
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
      leave = paintFrom(port, canvas, {
        painted: ({ size }) => {
          isFresh.current = true;
          setSeen((before) =>
            before.fresh && before.size?.w === size.w && before.size.h === size.h
              ? before
              : { size, fresh: true, problem: null },
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
  }, [session, on, live, canvas]);

  return useMemo(() => {
    const isRecent = () => isFresh.current || performance.now() - freshUntil.current < RECENT;
    return { canvas, ...seen, isRecent };
  }, [canvas, seen]);
}

/** Whether this window is on the screen: not hidden, not minimised. */
function useVisible(): boolean {
  const { onVisible } = useVerbs();
  const [visible, setVisible] = useState(true);
  useEffect(() => onVisible(setVisible), [onVisible]);
  return visible;
}
