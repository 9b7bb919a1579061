import { beforeEach, describe, expect, test } from "vitest";
import { Control, Stopped } from "./control.ts";

let control: Control;
let log: string[];

beforeEach(() => {
  control = new Control();
  log = [];
});

/** Notes when a promise is settled, and how. */
function watch(name: string, promise: Promise<unknown>): void {
  promise.then(
    () => log.push(name),
    (error: unknown) => log.push(`${name}: ${error instanceof Stopped ? error.why : String(error)}`),
  );
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Work that ends when its signal says so. */
function work(by: "stop" | "pause"): Promise<string> {
  return control.cuttable(by, (signal) => {
    if (signal.aborted) return Promise.resolve("cut before it began");
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve("cut")));
  });
}

describe("pass", () => {
  test("lets through what nothing holds", async () => {
    await control.pass();
  });

  test("holds while paused, and lets everyone through afterwards", async () => {
    control.pause();
    watch("a", control.pass());
    watch("b", control.pass());
    await turn();
    expect(log).toEqual([]);
    control.resume();
    await turn();
    expect(log).toEqual(["a", "b"]);
  });

  test("holds on when it is paused again in the same tick", async () => {
    control.pause();
    watch("a", control.pass());
    await turn();
    control.resume();
    control.pause();
    await turn();
    expect(log).toEqual([]);
    control.resume();
    await turn();
    expect(log).toEqual(["a"]);
  });

  test("throws when stopped, waiting or not", async () => {
    control.pause();
    watch("a", control.pass());
    control.stop("stopped");
    watch("b", control.pass());
    await turn();
    expect(log.toSorted()).toEqual(["a: stopped", "b: stopped"]);
  });
});

describe("until", () => {
  test("asks again at every wake, and only then", async () => {
    let asked = 0;
    let ready = false;
    const waiting = control.until(() => {
      asked += 1;
      return ready;
    });
    watch("a", waiting);
    await turn();
    expect(asked).toBe(1);
    control.wake();
    await turn();
    expect([asked, log]).toEqual([2, []]);
    ready = true;
    control.wake();
    await turn();
    expect([asked, log]).toEqual([3, ["a"]]);
    control.wake();
    await turn();
    expect(asked).toBe(3);
  });

  test("a wait that is ready is not kept up by a pause: what it waits for has come", async () => {
    control.pause();
    await control.until(() => true);
  });

  test("a stop is never passed, even when ready", async () => {
    control.stop("app_closed");
    await expect(control.until(() => true)).rejects.toBeInstanceOf(Stopped);
  });
});

describe("cuttable", () => {
  test("a stop cuts everything, a pause only what says so", async () => {
    watch("typing", work("pause"));
    watch("request", work("stop"));
    control.pause();
    await turn();
    expect(log).toEqual(["typing"]);
    control.stop("stopped");
    await turn();
    expect(log).toEqual(["typing", "request"]);
  });

  test("what begins while paused or stopped is cut before it began", async () => {
    control.pause();
    expect(await work("pause")).toBe("cut before it began");
    control.resume();
    control.stop("stopped");
    expect(await work("stop")).toBe("cut before it began");
  });

  test("a pause that is lifted at once has cut all the same", async () => {
    const typing = work("pause");
    control.pause();
    control.resume();
    expect(await typing).toBe("cut");
  });

  test("what has ended is not cut any more", async () => {
    let late: AbortSignal | null = null;
    await control.cuttable("pause", (signal) => {
      late = signal;
      return Promise.resolve();
    });
    control.stop("stopped");
    expect(late).toMatchObject({ aborted: false });
  });

  test("hands on results and errors", async () => {
    expect(await control.cuttable("stop", () => Promise.resolve(5))).toBe(5);
    await expect(control.cuttable("stop", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  });
});

describe("stop", () => {
  test("the first one counts, with its reason", () => {
    control.stop("limit", "100 steps");
    control.stop("error", "later");
    expect(control.stopped).toMatchObject({ why: "limit", detail: "100 steps" });
    expect(() => control.check()).toThrow(Stopped);
  });

  test("is not undone by a resume", async () => {
    control.stop("stopped");
    control.pause();
    control.resume();
    await expect(control.pass()).rejects.toBeInstanceOf(Stopped);
  });

  test("check lets a session go on that is only paused", () => {
    control.pause();
    control.check();
    expect(control.paused).toBe(true);
    control.resume();
    expect([control.paused, control.stopped]).toEqual([false, null]);
  });
});
