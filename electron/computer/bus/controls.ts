/**
 * The controls under some points and the one with the focus, asked of the accessibility bus, which never holds anybody up:
 * the asking is done in a thread of its own (a program may answer with megabytes), and what has not come in time is null.
 */
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { Point } from "../../../shared/geometry.ts";
import type { SeenControl } from "../../../shared/policy/facts.ts";
import type { AccessibilityBus } from "../executor-env.ts";
import { controlSchema } from "../protocol.ts";
import type { TopWindow } from "./at-spi.ts";

/** How long anybody waits, ms. The thread itself gives up a little earlier, so that what it has by then arrives. */
const LIMIT = 50;
/** A thread that says nothing for so long is ended, and started anew by the next question, ms. */
const STUCK = 2000;
/** Most memory of the thread, MB. */
const MEMORY = 96;

export type ControlsQuery = {
  readonly points: readonly { readonly at: Point; readonly window: TopWindow | null }[];
  readonly focus: TopWindow | null;
};

export type Controls = {
  /** In the order of the query's points. */
  readonly controls: readonly (SeenControl | null)[];
  readonly focusControl: SeenControl | null;
};

export type ControlsReader = {
  /** Resolves within 50 ms and never rejects; null for what nobody said. */
  readonly read: (query: ControlsQuery) => Promise<Controls>;
  readonly close: () => void;
};

const answerSchema = z.strictObject({
  id: z.int(),
  controls: z.array(controlSchema.nullable()),
  focusControl: controlSchema.nullable(),
});
export type ControlsAnswer = z.infer<typeof answerSchema>;

/** Without a bus nothing is ever known. */
export const NO_CONTROLS: ControlsReader = { read: async (query) => nothing(query), close: () => undefined };

type Open = { readonly since: number; readonly answer: (found: Controls) => void };

export function openControls(bus: AccessibilityBus): ControlsReader {
  const entry = join(import.meta.dirname, `controls-worker${extname(import.meta.filename)}`);
  const open = new Map<number, Open>();
  let next = 1;
  let closed = false;

  const start = (): Worker => {
    const made = new Worker(entry, { workerData: bus, resourceLimits: { maxOldGenerationSizeMb: MEMORY } });
    made.unref();
    made.on("message", (raw: unknown) => {
      const read = answerSchema.safeParse(raw);
      if (!read.success) return;
      const { id, ...found } = read.data;
      open.get(id)?.answer(found);
      open.delete(id);
    });
    const gone = () => {
      if (worker === made) worker = null;
    };
    made.on("error", gone);
    made.on("exit", gone);
    return made;
  };
  let worker: Worker | null = start();

  /** The thread, if it can be asked now: one that is still at an earlier question would not get to this one in time. */
  const ready = (): Worker | null => {
    const [oldest] = open.values();
    const busy = oldest === undefined ? 0 : performance.now() - oldest.since;
    if (worker !== null && busy < LIMIT) return worker;
    if (worker !== null && busy < STUCK) return null;
    void worker?.terminate();
    open.clear();
    worker = closed ? null : start();
    return worker;
  };

  const read = (query: ControlsQuery): Promise<Controls> => {
    const known = query.focus !== null || query.points.some(({ window }) => window !== null);
    const thread = known ? ready() : null;
    if (thread === null) return NO_CONTROLS.read(query);
    const id = next;
    next += 1;
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(nothing(query)), LIMIT);
      const answer = (found: Controls) => {
        clearTimeout(late);
        resolve(found);
      };
      open.set(id, { since: performance.now(), answer });
      thread.postMessage({ id, query });
    });
  };
  return {
    read,
    close: () => {
      closed = true;
      void worker?.terminate();
    },
  };
}

function nothing({ points }: ControlsQuery): Controls {
  return { controls: points.map(() => null), focusControl: null };
}
