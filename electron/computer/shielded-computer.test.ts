import { describe, expect, test } from "vitest";
import type { Action } from "../../shared/action.ts";
import { type Computer, ComputerError, type Look, type PerformRequest, type PerformResult } from "./computer.ts";
import { ShieldedComputer } from "./shielded-computer.ts";
import { frameOf, GREY, windowOf } from "./test-frames.ts";
import { hooksWith, requestOf } from "./test-support.ts";

const size = { w: 100, h: 100 };
const DISPLAY = { x: 0, y: 0, ...size, scale: 1 };
const LOOK: Look = {
  picture: { png: frameOf(size, GREY).data, sha256: "0".repeat(64), size },
  facts: { display: DISPLAY, focus: windowOf(1), targets: [] },
};
const CLICK: Action = { action: "left_click", coordinate: [1, 2] };

function desk({ inTheWay = async () => [7] as readonly number[] } = {}) {
  const log: string[] = [];
  const say = (line: string) => void log.push(line);
  const inner = {
    display: async () => DISPLAY,
    facts: async () => {
      say("facts");
      return LOOK.facts;
    },
    look: async () => {
      say("look");
      return LOOK;
    },
    inTheWay: async (before: string) => {
      say(`before ${before}`);
      return await inTheWay();
    },
    perform: async (request: PerformRequest): Promise<PerformResult> => {
      say(request.action.action);
      return { kind: "done", cursor: null, after: null, image: null, facts: LOOK.facts, durationMs: 1 };
    },
    hand: async () => say("hand"),
    watch: () => say("watch"),
    onHeard: () => undefined,
    releaseAll: async () => say("releaseAll"),
    close: async () => say("close"),
  } satisfies Computer & { inTheWay: (before: "look" | "action") => Promise<readonly number[]> };
  const shield = { lower: (ids: readonly number[]) => say(`lower ${ids}`), raise: () => say("raise") };
  const computer = new ShieldedComputer(inner, shield);
  const perform = (action: Action, signal?: AbortSignal) =>
    computer.perform(requestOf(action, LOOK, [5, 5]), hooksWith(signal === undefined ? {} : { signal }));
  return { log, computer, perform };
}

describe("our windows", () => {
  test("are down from before an action until its picture", async () => {
    const { log, perform } = desk();
    await perform(CLICK);
    expect(log).toEqual(["before action", "lower 7", "left_click", "raise"]);
  });

  test("are down for looks, and stay where they are for what sees nothing", async () => {
    const { log, computer, perform } = desk();
    await computer.look(size, []);
    await perform({ action: "screenshot" });
    expect(log).toEqual(["before look", "lower 7", "look", "raise", "before look", "lower 7", "screenshot", "raise"]);
    log.length = 0;
    await computer.facts(size, []);
    await perform({ action: "cursor_position" });
    expect(log).toEqual(["facts", "cursor_position"]);
    log.length = 0;
    expect(await perform({ action: "wait", duration: 1 })).toMatchObject({ kind: "done", after: LOOK });
    expect(log).toEqual(["wait", "before look", "lower 7", "look", "raise"]);
  });

  test("come back when something goes wrong, and the proposal too", async () => {
    const fails = desk({ inTheWay: () => Promise.reject(new ComputerError("capture_failed", "no answer")) });
    expect(await fails.perform(CLICK)).toMatchObject({ kind: "returned", reason: "capture", detail: "no answer" });
    expect(fails.log).toEqual(["before action", "raise"]);
    const dead = desk({ inTheWay: () => Promise.reject(new ComputerError("executor_died", "gone")) });
    await expect(dead.perform(CLICK)).rejects.toMatchObject({ code: "executor_died" });
    expect(dead.log).toEqual(["before action", "raise"]);
  });

  test("come back at a stop while the person's hands are waited for: nothing was sent", async () => {
    const stop = new AbortController();
    const { log, perform } = desk({ inTheWay: () => new Promise(() => undefined) });
    const running = perform(CLICK, stop.signal);
    stop.abort();
    expect(await running).toMatchObject({ kind: "interrupted", progress: "before anything was sent" });
    expect(log).toEqual(["before action", "raise"]);
  });
});

test("the operator's hands are their own here", async () => {
  const { log, computer } = desk();
  await expect(computer.hand(CLICK, size)).rejects.toThrow("use your own mouse and keyboard");
  await computer.releaseAll();
  await computer.close();
  expect(log).toEqual(["releaseAll", "close"]);
});
