/**
 * For tests and benchmarks: an executor at work on the operator's own desktop, the operator's hand on it (Xephyr), and a
 * record of every raw input event there, ours among them.
 */
import type { ChildProcess } from "node:child_process";
import type { Action } from "../../../shared/action.ts";
import { DEFAULT_CHORDS } from "../../../shared/chords.ts";
import type { Point } from "../../../shared/geometry.ts";
import type { HeardByExecutor, PerformHooks, PerformResult } from "../computer.ts";
import { openDesktopLink } from "../desktop-link.ts";
import { portOfChild } from "../port.ts";
import { type RemoteComputer, startRemoteComputer } from "../remote-computer.ts";
import { forkExecutor, hooksWith, requestOf, still } from "../test-support.ts";
import { openRawInput, type RawEvent } from "../x11/raw-input.ts";
import type { PersonDesktop } from "./test-person.ts";

export type SeenEvent = RawEvent & { readonly from: "device" | "xtest" };

export type Here = {
  readonly computer: RemoteComputer;
  readonly executors: readonly ChildProcess[];
  /** What the executor heard and obeyed, with when main learned of it, ms. */
  readonly heard: readonly { readonly what: HeardByExecutor; readonly at: number }[];
  /** Every raw event since the start, in order: `xtest` are the executor's. */
  readonly events: readonly SeenEvent[];
  /** Resolves when every event that was made before is in `events`. */
  readonly sync: () => Promise<void>;
  readonly act: (action: Action, hooks?: Partial<PerformHooks>, cursor?: Point | null) => Promise<PerformResult>;
  readonly close: () => Promise<void>;
};

const SIZE = { w: 1280, h: 800 };

export async function startHere(desktop: PersonDesktop, chords = DEFAULT_CHORDS): Promise<Here> {
  const { display, authority } = desktop;
  const link = await openDesktopLink(display, authority);
  const [monitor] = await link.monitors();
  link.close();
  if (monitor === undefined) throw new Error("the desktop has no display");
  const executors: ChildProcess[] = [];
  const events: SeenEvent[] = [];
  const heard: { what: HeardByExecutor; at: number }[] = [];
  const ears = await openRawInput(display, authority, (event) => {
    const from = ears.devices().get(event.source)?.isXTest === true ? "xtest" : "device";
    events.push({ ...event, from });
  });
  const computer = await startRemoteComputer({
    display,
    authority,
    here: { monitor: monitor.name, owner: process.pid, chords },
    fork: (env) => {
      const child = forkExecutor(env);
      executors.push(child);
      return portOfChild(child);
    },
  });
  computer.onHeard((what) => heard.push({ what, at: performance.now() }));
  return {
    computer,
    executors,
    heard,
    events,
    sync: () => ears.sync(),
    act: async (action, hooks = {}, cursor = null) =>
      await computer.perform(requestOf(action, await still(computer, SIZE), cursor), hooksWith(hooks)),
    close: async () => {
      await computer.close();
      ears.close();
    },
  };
}
