import { expect, test } from "vitest";
import { FocusMovedError } from "../hands.ts";
import { type Clipboard, type Keyboard, typeParts } from "./type-text.ts";
import { typedParts } from "./typed-parts.ts";

/** Hands and a clipboard that write down what happens; `onLine` is called with each line as it is written. */
function setUp() {
  const log: string[] = [];
  const state = { onLine: (_line: string): void => undefined, focus: 7, clipboard: "theirs" };
  let kept: string | null = null;
  const say = async (line: string) => {
    log.push(line);
    state.onLine(line);
  };
  const keyboard: Keyboard = {
    focusedWindow: async () => state.focus,
    type: (text) => say(`type ${text}`),
    tap: (key) => say(`tap ${key}`),
    pressPaste: () => say(`paste ${state.clipboard}`),
    letGo: () => say("letGo"),
    sleep: (ms, signal) => say(`sleep ${ms}${signal.aborted ? " aborted" : ""}`),
  };
  const clipboard: Clipboard = {
    keep: async () => {
      kept = state.clipboard;
      await say("keep");
    },
    put: async (text) => {
      state.clipboard = text;
      await say(`put ${text}`);
    },
    putBack: async () => {
      state.clipboard = kept ?? state.clipboard;
      await say("putBack");
    },
  };
  const abort = new AbortController();
  const progress: string[] = [];
  const run = (text: string, window: number | null = 7) =>
    typeParts(typedParts(text, "win32", true), keyboard, clipboard, {
      signal: abort.signal,
      onProgress: (done, total) => progress.push(`${done}/${total}`),
      keysFor: window === null ? null : { window },
    });
  return { log, state, abort, progress, run };
}

test("plain text never touches the clipboard", async () => {
  const { log, progress, run } = setUp();
  expect(await run("twelve chars\nx")).toEqual({ stopped: false });
  expect(log).toEqual(["type twelve c", "type hars", "tap Return", "type x", "letGo"]);
  expect(progress).toEqual(["8/14", "12/14", "13/14", "14/14"]);
});

test("the order of a paste: kept, put, pasted, read, let go, put back", async () => {
  const { log, state, run } = setUp();
  expect(await run("ä\nb")).toEqual({ stopped: false });
  expect(log).toEqual([
    "keep",
    "keep",
    "put ä",
    "paste ä",
    "sleep 300",
    "letGo",
    "putBack",
    "tap Return",
    "type b",
    "letGo",
  ]);
  expect(state.clipboard).toBe("theirs");
});

test("a clipboard that can't be kept refuses the text before its first key", async () => {
  const { log, state, run } = setUp();
  state.onLine = (line) => {
    if (line === "keep") throw new Error("the clipboard holds files");
  };
  await expect(run("typed\nä")).rejects.toThrow("the clipboard holds files");
  expect(log).toEqual(["keep"]);
});

test("a stop is heard between two parts", async () => {
  const { log, state, abort, run } = setUp();
  state.onLine = (line) => {
    if (line === "type 12345678") abort.abort();
  };
  expect(await run("123456789")).toEqual({ stopped: true });
  expect(log).toEqual(["type 12345678", "letGo"]);
});

test("a stop in a paste: the program may still read it, then the clipboard is as it was", async () => {
  const { log, state, abort, run } = setUp();
  state.onLine = (line) => {
    if (line.startsWith("paste")) abort.abort();
  };
  expect(await run("ä\nmore")).toEqual({ stopped: true });
  expect(log.slice(-4)).toEqual(["sleep 300", "letGo", "putBack", "letGo"]);
  expect(state.clipboard).toBe("theirs");
});

test("an error in a paste: all let go, the clipboard put back, the error told", async () => {
  const { log, state, run } = setUp();
  state.onLine = (line) => {
    if (line.startsWith("paste")) throw new Error("no paste");
  };
  await expect(run("ä")).rejects.toThrow("no paste");
  expect(log.slice(-3)).toEqual(["letGo", "putBack", "letGo"]);
  expect(state.clipboard).toBe("theirs");
});

test("letting go that fails does not keep the clipboard", async () => {
  const { state, run } = setUp();
  state.onLine = (line) => {
    if (line === "letGo") throw new Error("stuck");
  };
  await expect(run("ä")).rejects.toThrow("stuck");
  expect(state.clipboard).toBe("theirs");
});

test("another window with the focus: nothing more, and how much went out", async () => {
  const { log, state, run } = setUp();
  state.onLine = (line) => {
    if (line === "tap Return") state.focus = 8;
  };
  const error = await run("ab\ncd").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FocusMovedError);
  expect(error).toMatchObject({ done: 3 });
  expect(log).toEqual(["type ab", "tap Return", "letGo"]);
});

test("keys for whatever has the focus go there", async () => {
  const { log, run } = setUp();
  await run("ab", null);
  expect(log).toEqual(["type ab", "letGo"]);
});
