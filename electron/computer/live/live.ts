/**
 * The live picture of an own desktop, for who watches it through a port. The looking is done in a thread of its own, started
 * when first somebody watches; what is sent to a watcher passes through here, so that it can be held back at once.
 */
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Size } from "../../../shared/geometry.ts";
import { fromWatcherSchema, type LiveFrame, type ToWatcher } from "../../../shared/live.ts";
import type { Served } from "../executor-env.ts";

/** Where somebody watches: their end of it is in the window. */
export type WatchPort = {
  readonly post: (message: ToWatcher) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  readonly onClose: (listener: () => void) => void;
  readonly close: () => void;
};

export type LiveView = {
  /** Sends the desktop in pictures of `space` px through `port` from here on, to nobody else; null ends that. */
  readonly watch: (port: WatchPort | null, space: Size) => void;
  /** The display is needed for something more urgent until the returned function is called. */
  readonly hold: () => () => void;
  readonly close: () => void;
};

/** Where nobody may watch. */
export const UNWATCHED: LiveView = {
  watch: (port) => {
    port?.post({ type: "ended", why: "This desktop has no live picture." });
    port?.close();
  },
  hold: () => () => undefined,
  close: () => undefined,
};

export type LiveWorkerData = Pick<Served, "display" | "authority" | "blackout">;
export type ToLiveWorker =
  | { readonly type: "watch"; readonly space: Size }
  | { readonly type: "painted"; readonly seq: number }
  | { readonly type: "unwatch" | "hold" | "resume" };
export type FromLiveWorker =
  | { readonly type: "frame"; readonly frame: LiveFrame }
  | { readonly type: "ended"; readonly why: string };

/** After what was urgent the display is left alone for so long, ms: the first input is on its way. */
const AFTER_HOLD = 50;

export function openLive({ display, authority, blackout }: Served): LiveView {
  const data: LiveWorkerData = { display, authority, ...(blackout === undefined ? {} : { blackout }) };
  let worker: Worker | null = null;
  let port: WatchPort | null = null;
  let holds = 0;
  let kept: LiveFrame | null = null;

  const tell = (message: ToLiveWorker) => worker?.postMessage(message);
  const leave = (why: string | null) => {
    const left = port;
    port = null;
    kept = null;
    if (left === null) return;
    tell({ type: "unwatch" });
    if (why !== null) left.post({ type: "ended", why });
    left.close();
  };
  const started = (): void => {
    if (worker !== null) return;
    const made = new Worker(join(import.meta.dirname, `live-worker${extname(import.meta.filename)}`), {
      workerData: data,
    });
    made.unref();
    made.on("message", (message: FromLiveWorker) => {
      if (message.type === "ended") {
        leave(message.why);
        // It may have lost its display: the next who watches gets a new one.
        void made.terminate();
        worker = null;
      } else if (holds > 0) kept = message.frame;
      else port?.post(message);
    });
    const gone = (why: string) => {
      if (worker !== made) return;
      worker = null;
      leave(why);
    };
    made.on("error", (error) => gone(error instanceof Error ? error.message : String(error)));
    made.on("exit", () => gone("The thread that watches the desktop has ended."));
    worker = made;
    if (holds > 0) tell({ type: "hold" });
  };

  const release = () => {
    holds -= 1;
    if (holds > 0) return;
    tell({ type: "resume" });
    if (kept !== null) port?.post({ type: "frame", frame: kept });
    kept = null;
  };
  return {
    watch: (next, space) => {
      leave(null);
      if (next === null) return;
      started();
      port = next;
      next.onMessage((raw) => {
        const read = fromWatcherSchema.safeParse(raw);
        if (port !== next) return;
        if (read.success) tell(read.data);
        else leave("The window sent something that is no answer to a picture.");
      });
      next.onClose(() => {
        if (port === next) leave(null);
      });
      tell({ type: "watch", space });
    },
    hold: () => {
      holds += 1;
      if (holds === 1) tell({ type: "hold" });
      let held = true;
      return () => {
        if (held) setTimeout(release, AFTER_HOLD);
        held = false;
      };
    },
    close: () => {
      leave(null);
      void worker?.terminate();
      worker = null;
    },
  };
}
