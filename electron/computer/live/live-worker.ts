/** The thread that watches an own desktop: with a connection of its own, so that nothing of it is in the way of the hands. */
import { parentPort, workerData } from "node:worker_threads";
import { FastResizeFilter, ResizeFit, Transformer } from "@napi-rs/image";
import type { Region } from "../../../shared/geometry.ts";
import { openAreas } from "../black-areas.ts";
import { blackedOutGrab } from "../blackout.ts";
import { sizeOf } from "../grabber.ts";
import { openClient } from "../x11-client.ts";
import type { Scale } from "./changed.ts";
import { watchDamage } from "./damage.ts";
import type { FromLiveWorker, LiveWorkerData, ToLiveWorker } from "./live.ts";
import { LiveGrabber } from "./live-grabber.ts";
import { LiveSource } from "./live-source.ts";

const { display, authority, blackout } = workerData as LiveWorkerData;

function tell(message: FromLiveWorker, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

const scale: Scale = async (data, from, to) => {
  const { Hamming: filter } = FastResizeFilter;
  const picture = Transformer.fromRgbaPixels(data, from.w, from.h);
  const scaled = await picture.fastResize({ width: to.w, height: to.h, filter, fit: ResizeFit.Fill }).rawPixels();
  // Memory that the encoder owns can't change hands.
  return new Uint8Array(scaled);
};

let opened: LiveSource | null = null;

async function open(): Promise<LiveSource> {
  // No memory shared with the server: a thread closes files at its end that were handed over for that, and with them others.
  const x = await openClient(display, authority);
  const [areas, damage] = await Promise.all([
    blackout === undefined ? null : openAreas(display, authority, blackout),
    watchDamage(x, () => opened?.damaged()),
  ]);
  const size = () => sizeOf(x);
  const pieces = new LiveGrabber(x, async () => await opened?.free());
  const bare = {
    display: async () => ({ x: 0, y: 0, ...(await size()), scale: 1 }),
    grab: async (region: Region) => pieces.grab(await size(), region),
  };
  const source = new LiveSource({
    display: size,
    grab: areas === null ? bare.grab : blackedOutGrab(bare, areas),
    damage: damage.take,
    scale,
    now: () => performance.now(),
    after: (ms, work) => void setTimeout(work, ms),
    send: (frame) =>
      tell(
        { type: "frame", frame },
        frame.pieces.map(({ data }) => data.buffer as ArrayBuffer),
      ),
    ended: (error) => tell({ type: "ended", why: wordsOf(error) }),
  });
  opened = source;
  // A still display that ends says nothing by itself.
  void x.ended.then((error) => tell({ type: "ended", why: wordsOf(error) }));
  return source;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const opening = open();

/** In the order they come, as one waits for the display to be opened. */
parentPort?.on("message", (message: ToLiveWorker) => {
  opening.then(
    (source) => {
      if (message.type === "watch") source.watch(message.space);
      else if (message.type === "painted") source.painted(message.seq);
      else source[message.type]();
    },
    (error: unknown) => {
      if (message.type === "watch") tell({ type: "ended", why: wordsOf(error) });
    },
  );
});
