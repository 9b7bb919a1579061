import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { ComputerError, type HeardByExecutor } from "./computer.ts";
import { Executor } from "./executor.ts";
import { serveExecutor } from "./executor-server.ts";
import type { Port } from "./port.ts";
import { BEAT_EVERY } from "./protocol.ts";
import { type RemoteComputer, type RemoteOptions, startRemoteComputer } from "./remote-computer.ts";
import { ClipboardLink } from "./system/clipboard-link.ts";
import { fakeGrabber, fakeHands, frameOf, GREY } from "./test-frames.ts";
import { hooksWith, requestOf } from "./test-support.ts";

const size = { w: 400, h: 300 };
const open: RemoteComputer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((computer) => computer.close()));
});

/** An executor with fake hands behind a port that can be cut and can be made silent. */
async function setUp(options: Partial<RemoteOptions> = {}) {
  const hands = fakeHands();
  const forks: { kill: () => void }[] = [];
  const links: ClipboardLink[] = [];
  /** `slow`: it goes on living after its goodbye. `sent` is all that it was sent. */
  const line: { silent: boolean; slow: boolean; sent: unknown[]; heard: (heard: HeardByExecutor) => void } = {
    silent: false,
    slow: false,
    sent: [],
    heard: () => undefined,
  };
  const fork = (): Port => {
    const clock = {
      now: () => performance.now(),
      sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    };
    const toMain: ((message: unknown) => void)[] = [];
    const onExit: ((how: string) => void)[] = [];
    let alive = true;
    const post = (message: unknown) =>
      queueMicrotask(() => alive && toMain.forEach((hear) => hear(structuredClone(message))));
    const link = new ClipboardLink(post);
    links.push(link);
    const executor = new Executor(
      hands,
      fakeGrabber(() => frameOf(size, GREY)),
      clock,
    );
    const end = (how: string) => {
      if (!alive) return;
      alive = false;
      server.close().catch(() => undefined);
      onExit.forEach((hear) => hear(how));
    };
    const server = serveExecutor(executor, post, clock.now, () => !line.slow && end("exit code 0"), link);
    line.heard = server.heard;
    const port: Port = {
      post: (message) => {
        line.sent.push(message);
        if (alive && !line.silent) server.receive(structuredClone(message));
      },
      onMessage: (hear) => void toMain.push(hear),
      onExit: (hear) => void onExit.push(hear),
      kill: () => end("signal SIGKILL"),
    };
    forks.push(port);
    post({ type: "ready" });
    return port;
  };
  const computer = await startRemoteComputer({ fork, display: ":0", authority: "", here: null, ...options });
  open.push(computer);
  return { computer, hands, forks, line, links };
}

test("looks and performs through the port", async () => {
  const { computer, hands } = await setUp();
  expect(await computer.display()).toEqual({ x: 0, y: 0, ...size, scale: 1 });
  const look = await computer.look(size, [[10, 10]]);
  const progress: string[] = [];
  const hooks = hooksWith({ onProgress: (done, total) => progress.push(`${done}/${total}`) });
  const result = await computer.perform(requestOf({ action: "type", text: "ab" }, look, null), hooks);
  expect(result).toMatchObject({ kind: "done", facts: { focus: { title: "Window 1" } } });
  expect(progress).toEqual(["0/2", "1/2", "2/2"]);
  expect(hands.log).toEqual(["type 1", "type 2"]);
});

test("an executor's wishes for the clipboard are main's to grant; when it dies in a paste, main puts it back", async () => {
  const log: string[] = [];
  const clipboard = {
    keep: async () => void log.push("keep"),
    put: async (text: string) => {
      log.push(`put ${text}`);
      if (text === "no") throw new Error("not now");
    },
    putBack: async () => void log.push("putBack"),
  };
  const { computer, links, forks } = await setUp({ clipboard });
  const [link] = links;
  await link?.keep();
  await link?.put("text");
  await expect(link?.put("no")).rejects.toThrow("not now");
  await link?.putBack();
  expect(log.splice(0)).toEqual(["keep", "put text", "put no", "putBack"]);
  forks[0]?.kill();
  await computer.close();
  expect(log).toEqual(["putBack"]);
});

test("without a clipboard nothing may be pasted", async () => {
  const { links } = await setUp();
  await expect(links[0]?.keep()).rejects.toThrow("text: this executor may not paste");
});

test("a confirm that throws is a no", async () => {
  const { computer, hands } = await setUp();
  const look = await computer.look(size, []);
  const hooks = hooksWith({
    confirm: () => {
      throw new Error("no");
    },
  });
  expect(await computer.perform(requestOf({ action: "type", text: "a" }, look, null), hooks)).toMatchObject({
    kind: "returned",
    reason: "policy",
  });
  expect(hands.log).toEqual([]);
});

test("a stop cuts a wait", async () => {
  const { computer } = await setUp();
  const look = await computer.look(size, []);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 120);
  const start = performance.now();
  const result = await computer.perform(
    requestOf({ action: "wait", duration: 5 }, look, null),
    hooksWith({ signal: abort.signal }),
  );
  expect(result).toMatchObject({ kind: "interrupted" });
  expect(result.kind === "interrupted" && result.progress).toMatch(/^after 0(\.\d)? of 5 seconds$/);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("when main falls silent, what runs is cut and everything let go; after that it serves on", async () => {
  const { computer, hands, line } = await setUp();
  const look = await computer.look(size, []);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const request = requestOf({ action: "wait", duration: 5 }, look, null);
  const running = computer.perform(request, hooksWith({ onProgress: () => begin() }));
  await begun;
  line.silent = true;
  const result = await running;
  // Nobody interrupted it, so Claude must not read that the operator did.
  expect(result).toMatchObject({ kind: "failed", after: { picture: { size } } });
  expect(result.kind === "failed" && result.message).toMatch(
    /^Countersign was held up for a moment, so this action was cut after 0(\.\d)? of 5 seconds; keys released\.$/,
  );
  expect(hands.log).toContain("releaseAll");
  line.silent = false;
  expect(await computer.display()).toMatchObject({ w: 400 });
});

test("an executor that can't hear stop any more cuts what runs, and says that nobody asked for it", async () => {
  const { computer, line } = await setUp();
  const look = await computer.look(size, []);
  const running = computer.perform(requestOf({ action: "wait", duration: 5 }, look, null), hooksWith({}));
  setTimeout(() => line.heard({ kind: "deaf", why: "the display is gone" }), 50);
  const result = await running;
  expect(result.kind === "failed" && result.message).toMatch(/^The operator's stop could no longer be heard, so/);
});

test("the operator's hand: at once, in order, without a look at the screen", async () => {
  const { computer, hands } = await setUp();
  hands.focus = null;
  await Promise.all([
    computer.hand({ action: "left_click", coordinate: [10, 20] }, size),
    computer.hand({ action: "type", text: "ab" }, size),
    computer.hand({ action: "key", text: "ctrl+s" }, size),
    computer.hand({ action: "scroll", scroll_direction: "up", scroll_amount: 1 }, { ...size }),
  ]);
  expect(hands.log).toEqual([
    ...["move 10,20", "down left", "up left", "type 1", "type 2", "press ctrl+s 1"],
    ...["move 10,20", "wheel up"],
  ]);
});

test("the operator's hand is refused in words, what it holds down stays", async () => {
  const { computer, hands } = await setUp();
  await computer.hand({ action: "mouse_move", coordinate: [10, 20] }, size);
  await computer.hand({ action: "left_mouse_down" }, size);
  const refused: readonly [Parameters<RemoteComputer["hand"]>[0], string][] = [
    [{ action: "screenshot" }, "action: screenshot is nothing to do by hand"],
    [{ action: "wait", duration: 1 }, "action: wait is nothing to do by hand"],
    [{ action: "left_click", coordinate: [400, 0] }, "coordinate[0]: 400 is outside the 400x300 screenshot"],
  ];
  for (const [action, message] of refused) {
    await expect(computer.hand(action, size)).rejects.toMatchObject({ code: "unsupported", message });
  }
  await expect(computer.hand({ action: "left_mouse_up" }, { w: 200, h: 150 })).rejects.toThrow("no cursor position");
  await expect(computer.hand({ action: "left_click", coordinate: [5, 5] }, { w: 400, h: 400 })).rejects.toThrow(
    "coordinate: [5, 5] is outside the display's part of the screenshot",
  );
  expect(hands.log).toEqual(["move 10,20", "move 10,20", "down left"]);
});

test("a failing hand lets everything go and says why", async () => {
  const { computer, hands } = await setUp();
  hands.onLine = (line) => {
    if (line === "down left") throw new Error("the display is gone");
  };
  await expect(computer.hand({ action: "left_click", coordinate: [1, 1] }, size)).rejects.toMatchObject({
    code: "input_failed",
    message: "the display is gone",
  });
  expect(hands.log.at(-1)).toBe("releaseAll");
});

test("the hand and Claude's actions never run at the same time", async () => {
  const { computer, hands } = await setUp();
  const look = await computer.look(size, []);
  const abort = new AbortController();
  const claudes = computer.perform(
    requestOf({ action: "wait", duration: 5 }, look, null),
    hooksWith({ signal: abort.signal }),
  );
  await expect(computer.hand({ action: "type", text: "a" }, size)).rejects.toThrow("Another action is still running.");
  abort.abort();
  expect(await claudes).toMatchObject({ kind: "interrupted" });
  const mine = computer.hand({ action: "left_click", coordinate: [1, 1] }, size);
  const second = computer.hand({ action: "left_click", coordinate: [2, 2] }, size);
  await expect(computer.perform(requestOf({ action: "type", text: "b" }, look, null), hooksWith({}))).rejects.toThrow(
    "Another action is still running.",
  );
  await Promise.all([mine, second]);
  expect(hands.log.filter((line) => line.startsWith("type"))).toEqual([]);
});

test.each(["releaseAll", "silence"])("%s cuts the hand and all that waits behind it", async (how) => {
  const { computer, hands, line } = await setUp();
  const held = Promise.withResolvers<void>();
  hands.onLine = (said) => {
    if (said === "down left") held.resolve();
  };
  // A drag takes a quarter of a second, silence is noticed after half of one.
  const drags = Array.from({ length: 20 }, () =>
    computer.hand({ action: "left_click_drag", start_coordinate: [0, 0], coordinate: [90, 90] }, size),
  );
  const ends = Promise.allSettled([...drags, computer.hand({ action: "type", text: "later" }, size)]);
  await held.promise;
  if (how === "silence") line.silent = true;
  else await computer.releaseAll();
  const cut = (await ends).filter((end) => end.status === "rejected").map((end) => end.reason);
  if (how === "releaseAll") expect(cut).toHaveLength(21);
  expect(cut[0]).toMatchObject({ code: "input_failed", message: expect.stringMatching(/^Stopped (after|before) /) });
  expect(cut.at(-1)).toMatchObject({ code: "input_failed", message: "Stopped before anything was sent." });
  expect(hands.log).toContain("releaseAll");
  expect(hands.log.filter((said) => said.startsWith("type"))).toEqual([]);
  line.silent = false;
  await computer.hand({ action: "key", text: "a" }, size);
  expect(hands.log.at(-1)).toBe("press a 1");
});

test("a dead executor: a second one lets go, then who waits hears of it, and later calls too", async () => {
  const { computer, forks } = await setUp();
  const look = await computer.look(size, []);
  const running = computer.perform(requestOf({ action: "wait", duration: 5 }, look, null), hooksWith({}));
  forks[0]?.kill();
  await expect(running).rejects.toMatchObject({ code: "executor_died" });
  expect(forks).toHaveLength(2);
  await expect(computer.display()).rejects.toBeInstanceOf(ComputerError);
});

test("once it has answered close it is sent nothing more, however long it takes to end", async () => {
  const { computer, forks, line } = await setUp();
  line.slow = true;
  const closed = computer.close();
  await expect.poll(() => line.sent.at(-1)).toMatchObject({ type: "close" });
  await sleep(3 * BEAT_EVERY);
  expect(line.sent.at(-1)).toMatchObject({ type: "close" });
  forks[0]?.kill();
  await closed;
});

test("closing is no death", async () => {
  const { computer, forks, hands } = await setUp();
  await computer.close();
  expect(hands.log).toContain("close");
  expect(forks).toHaveLength(1);
});
