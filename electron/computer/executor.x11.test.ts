/** The executor as a process of its own, on a real X server with real programs: xev, mousepad, xterm. */
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Action } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";
import { startOwnDesktop } from "../desktop/own-desktop.ts";
import { type Bench, hooksWith, requestOf, startBench, still } from "./test-support.ts";
import { openX11, type X11 } from "./x11/connection.ts";

const run = promisify(execFile);
const size = { w: 1000, h: 700 };

type Button = {
  readonly kind: "Press" | "Release";
  readonly button: number;
  readonly at: string;
  readonly state: number;
};

/** The mouse buttons that xev reports. */
function buttonsOf(output: string): Button[] {
  const pattern =
    /Button(Press|Release) event.*\n.*time \d+, .*root:\((\d+,\d+)\),\n\s+state 0x([0-9a-f]+), button (\d+)/g;
  return [...output.matchAll(pattern)].map(([, kind, at, state, button]) => ({
    kind: kind === "Press" ? "Press" : "Release",
    button: Number(button),
    at: at ?? "",
    state: Number.parseInt(state ?? "0", 16),
  }));
}

describe("on xev", () => {
  let bench: Bench;
  let x11: X11;
  let seen = 0;

  beforeAll(async () => {
    bench = await startBench(startOwnDesktop, size, ["stdbuf -oL xev -name target -geometry 600x400+50+50"]);
    x11 = await openX11({ display: bench.desktop.display, authority: bench.desktop.authority });
  });
  afterAll(async () => {
    x11.close();
    await bench.close();
  });
  beforeEach(async () => {
    // Two tests that click at one place must not be a double click to each other.
    seen = (await bench.output(1)).length;
  });
  const heard = async () => {
    await sleep(60);
    return (await bench.output(1)).slice(seen);
  };
  const pressed = async () => ({ keys: await x11.pressedKeys(), buttons: (await x11.pointer()).buttons });
  const nothing = { keys: [], buttons: [] };

  test.each<[Action, number, number]>([
    [{ action: "left_click", coordinate: [200, 200] }, 1, 0],
    [{ action: "right_click", coordinate: [333, 222], text: "ctrl" }, 3, 4],
    [{ action: "middle_click", coordinate: [640, 440], text: "shift+alt" }, 2, 9],
  ])("%o arrives at its px, with its modifiers", async (action, button, state) => {
    const result = await bench.act(action);
    expect(result).toMatchObject({ kind: "done", cursor: "coordinate" in action ? action.coordinate : null });
    const at = "coordinate" in action ? String(action.coordinate) : "";
    const [down, up, ...more] = buttonsOf(await heard());
    expect(down).toMatchObject({ kind: "Press", button, at, state });
    expect(up).toMatchObject({ kind: "Release", button, at });
    expect(more).toEqual([]);
    expect(await pressed()).toEqual(nothing);
  });

  test.each([
    ["double_click", 2],
    ["triple_click", 3],
  ] as const)("%s is that many clicks one after the other, the pointer still", async (action, times) => {
    await bench.act({ action, coordinate: [300, 300] });
    const events = buttonsOf(await heard());
    expect(events.map(({ kind }) => kind)).toEqual(Array.from({ length: times }, () => ["Press", "Release"]).flat());
    // That programs take it for one is shown in a browser (soak/mouse.proof.ts, `npm run bench clicks`).
    expect(new Set(events.map(({ at }) => at))).toEqual(new Set(["300,300"]));
  });

  test.each([
    ["up", 4],
    ["down", 5],
    ["left", 6],
    ["right", 7],
  ] as const)(
    "scrolling %s turns the right wheel the right way, as often as said",
    async (scroll_direction, button) => {
      await bench.act({ action: "scroll", scroll_direction, scroll_amount: 3, coordinate: [200, 200], text: "shift" });
      const presses = buttonsOf(await heard()).filter(({ kind }) => kind === "Press");
      expect(presses.map((press) => [press.button, press.state])).toEqual([
        [button, 1],
        [button, 1],
        [button, 1],
      ]);
    },
  );

  test("a drag moves through many places between press and release", async () => {
    await bench.act({ action: "left_click_drag", start_coordinate: [150, 150], coordinate: [450, 350] });
    const output = await heard();
    const [down, up] = buttonsOf(output);
    expect(down).toMatchObject({ kind: "Press", at: "150,150" });
    expect(up).toMatchObject({ kind: "Release", at: "450,350" });
    const between = output.slice(output.indexOf("ButtonPress"), output.indexOf("ButtonRelease"));
    expect(between.match(/MotionNotify/g)?.length ?? 0).toBeGreaterThan(8);
  });

  test("a drag with modifiers holds them from its press to its release", async () => {
    await bench.act({ action: "left_click_drag", start_coordinate: [150, 150], coordinate: [450, 350], text: "ctrl" });
    // The release is seen with the button's own bit.
    expect(buttonsOf(await heard()).map(({ kind, state }) => [kind, state])).toEqual([
      ["Press", 4],
      ["Release", 0x104],
    ]);
    expect(await pressed()).toEqual(nothing);
  });

  test("a button held by left_mouse_down stays down over a move, and is let go", async () => {
    const down = await bench.act({ action: "left_mouse_down" }, {}, [200, 250]);
    expect(down).toMatchObject({ kind: "done", cursor: [200, 250] });
    expect((await pressed()).buttons).toEqual([1]);
    await bench.act({ action: "mouse_move", coordinate: [300, 250] }, {}, [200, 250]);
    expect((await pressed()).buttons).toEqual([1]);
    await bench.act({ action: "left_mouse_up" }, {}, [300, 250]);
    expect((await pressed()).buttons).toEqual([]);
    expect(buttonsOf(await heard()).map(({ at }) => at)).toEqual(["200,250", "300,250"]);
  });

  test("keys arrive with their modifiers", async () => {
    await bench.act({ action: "left_click", coordinate: [220, 320] });
    await bench.act({ action: "key", text: "ctrl+s", repeat: 2 });
    const output = await heard();
    const keys = [
      ...output.matchAll(
        /KeyPress event[^\n]*\n[^\n]*\n\s+state 0x([0-9a-f]+), keycode \d+ \(keysym 0x[0-9a-f]+, (\w+)\)/g,
      ),
    ];
    expect(keys.map(([, state, name]) => `${state} ${name}`)).toEqual(["0 Control_L", "4 s", "0 Control_L", "4 s"]);
  });

  test("a cursor left elsewhere by hand is put back first", async () => {
    await run("xdotool", ["mousemove", "900", "600"], { env: { ...bench.desktop.env } });
    await bench.act({ action: "left_click" }, {}, [260, 160]);
    expect(buttonsOf(await heard())[0]).toMatchObject({ at: "260,160" });
  });

  test("pictures: a screenshot in its space, a zoom at the display's resolution", async () => {
    const small = { w: 500, h: 350 };
    const look = await bench.computer.look(small, [[100, 100]]);
    expect(look.picture.size).toEqual(small);
    expect(look.facts.targets[0]?.title).toBe("target");
    const zoom: Action = { action: "zoom", region: [20, 20, 120, 90] };
    const result = await bench.computer.perform(requestOf(zoom, look, null), hooksWith({}));
    expect(result).toMatchObject({ kind: "done", image: { size: { w: 500, h: 350 } }, after: null });
    const shot = await bench.computer.perform(requestOf({ action: "screenshot" }, look, null), hooksWith({}));
    expect(shot).toMatchObject({ kind: "done", image: { size: small, sha256: look.picture.sha256 } });
  });

  test("a point of a smaller picture lands on the px under it", async () => {
    const look = await bench.computer.look({ w: 500, h: 350 }, [[150, 100]]);
    const result = await bench.computer.perform(
      requestOf({ action: "left_click", coordinate: [150, 100] }, look, null),
      hooksWith({}),
    );
    expect(result).toMatchObject({ kind: "done", cursor: [150, 100] });
    expect(buttonsOf(await heard())[0]).toMatchObject({ at: "301,201" });
  });

  test("a picture of another shape: bars beside the display, points land where they are seen, bars take nothing", async () => {
    // 1000x700 in a square: 500x350, 75 px of bars above and below.
    const square = { w: 500, h: 500 };
    const look = await bench.computer.look(square, [
      [150, 20],
      [150, 175],
    ]);
    expect(look.picture.size).toEqual(square);
    expect(look.facts.targets.map((window) => window?.title ?? null)).toEqual([null, "target"]);
    const click = (coordinate: Point) =>
      bench.computer.perform(requestOf({ action: "left_click", coordinate }, look, null), hooksWith({}));
    expect(await click([150, 74])).toMatchObject({
      kind: "failed",
      message: "coordinate: [150, 74] is outside the display's part of the screenshot",
    });
    expect(buttonsOf(await heard())).toEqual([]);
    const again = await bench.computer.look(square, [[150, 175]]);
    const inside = { action: "left_click", coordinate: [150, 175] } as const;
    const result = await bench.computer.perform(requestOf(inside, again, null), hooksWith({}));
    expect(result).toMatchObject({ kind: "done", cursor: [150, 175] });
    expect(buttonsOf(await heard())[0]).toMatchObject({ at: "301,201" });
  });

  test("the operator's hand: pointer, wheel and keys arrive at once, and nothing stays held", async () => {
    await bench.computer.hand({ action: "left_click", coordinate: [210, 330], text: "ctrl" }, size);
    await bench.computer.hand({ action: "scroll", scroll_direction: "down", scroll_amount: 2 }, size);
    await bench.computer.hand({ action: "key", text: "ctrl+s" }, size);
    await bench.computer.hand({ action: "type", text: "é!" }, size);
    const output = await heard();
    const presses = buttonsOf(output).filter(({ kind }) => kind === "Press");
    expect(presses.map(({ button, at, state }) => [button, at, state])).toEqual([
      [1, "210,330", 4],
      [5, "210,330", 0],
      [5, "210,330", 0],
    ]);
    const keys = [...output.matchAll(/KeyPress event[^\n]*\n[^\n]*\n[^\n]*\(keysym 0x[0-9a-f]+, (\w+)\)/g)];
    expect(keys.map(([, name]) => name)).toEqual(["Control_L", "Control_L", "s", "eacute", "Shift_L", "exclam"]);
    expect(await pressed()).toEqual(nothing);
  });

  test("a hand that is cut in a drag lets the button go", async () => {
    const drag: Action = { action: "left_click_drag", start_coordinate: [150, 250], coordinate: [550, 250] };
    const running = bench.computer.hand(drag, size);
    running.catch(() => undefined);
    while ((await pressed()).buttons.length === 0) await sleep(5);
    await bench.computer.releaseAll();
    await expect(running).rejects.toMatchObject({ code: "input_failed" });
    expect(await pressed()).toEqual(nothing);
  });

  test("a window that moved between look and action: nothing is sent", async () => {
    const look = await still(bench.computer, size);
    const action: Action = { action: "left_click", coordinate: [60, 70] };
    const { stdout } = await run("xdotool", ["search", "--name", "target"], { env: { ...bench.desktop.env } });
    const [id = ""] = stdout.split("\n");
    await run("xdotool", ["windowmove", "--sync", id, "200", "150"], { env: { ...bench.desktop.env } });
    const at = await bench.computer.look(size, [[60, 70]]);
    const result = await bench.computer.perform(
      requestOf(action, { ...look, facts: { ...look.facts, targets: [] } }, null),
      hooksWith({}),
    );
    expect(result).toMatchObject({
      kind: "returned",
      reason: "pixels",
      now: { picture: { sha256: at.picture.sha256 } },
    });
    expect(buttonsOf(await heard())).toEqual([]);
    await run("xdotool", ["windowmove", "--sync", id, "50", "50"], { env: { ...bench.desktop.env } });
  });

  test("a stop in the middle of a drag lets the button go at once", async () => {
    const abort = new AbortController();
    const look = await still(bench.computer, size);
    const drag: Action = { action: "left_click_drag", start_coordinate: [150, 250], coordinate: [550, 250] };
    const running = bench.computer.perform(requestOf(drag, look, null), hooksWith({ signal: abort.signal }));
    while ((await pressed()).buttons.length === 0) await sleep(5);
    abort.abort();
    expect(await running).toMatchObject({ kind: "interrupted", cursor: [150, 250] });
    expect(await pressed()).toEqual(nothing);
    // Cut short: it never came to its end. How soon after the stop is soak/stops.proof.ts's to say.
    expect(buttonsOf(await heard()).map(({ kind }) => kind)).toEqual(["Press", "Release"]);
    expect((await x11.pointer()).x).toBeLessThan(550);
  });

  test("a stop in the middle of hold_key and wait says how far it was", async () => {
    for (const action of [
      { action: "hold_key", text: "shift", duration: 9 },
      { action: "wait", duration: 9 },
    ] as const) {
      const abort = new AbortController();
      const look = await still(bench.computer, size);
      const hooks = hooksWith({ signal: abort.signal, onProgress: () => setTimeout(() => abort.abort(), 300) });
      const result = await bench.computer.perform(requestOf(action, look, null), hooks);
      expect(result.kind === "interrupted" && result.progress).toMatch(/^after 0\.\d of 9 seconds$/);
      expect(await pressed()).toEqual(nothing);
    }
  });

  test("an executor killed while it holds a key and a button: both are let go, the call rejects", async () => {
    const other = await startBench(startOwnDesktop, size, ["xterm"]);
    const watcher = await openX11({ display: other.desktop.display, authority: other.desktop.authority });
    try {
      await other.act({ action: "left_mouse_down" }, {}, [500, 690]);
      const look = await still(other.computer, size);
      const running = other.computer.perform(
        requestOf({ action: "hold_key", text: "ctrl", duration: 30 }, look, null),
        hooksWith({}),
      );
      running.catch(() => undefined);
      while ((await watcher.pressedKeys()).length === 0) await sleep(10);
      expect((await watcher.pointer()).buttons).toEqual([1]);
      const [executor] = other.executors;
      executor?.kill("SIGKILL");
      await expect(running).rejects.toMatchObject({ code: "executor_died" });
      expect(await watcher.pressedKeys()).toEqual([]);
      expect((await watcher.pointer()).buttons).toEqual([]);
      for (const child of other.executors)
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    } finally {
      watcher.close();
      await other.close();
    }
  });
});

test("in mousepad: a drag selects, typing replaces, ctrl+s saves, and a stop cuts the typing", async () => {
  const bench = await startBench(startOwnDesktop, size, ["xterm -T behind", "mousepad --disable-server note.txt"]);
  try {
    const file = join(bench.dir, "note.txt");
    const first = await bench.act({ action: "type", text: "alpha beta\ngamma" });
    expect(first).toMatchObject({ kind: "done" });
    const window = (await still(bench.computer, size)).facts.focus?.bounds;
    if (window === undefined) throw new Error("mousepad has no focus");
    // From the empty part below the text up to the menu, over everything typed.
    const drag: Action = {
      action: "left_click_drag",
      start_coordinate: [window.x + 200, window.y + window.h - 80],
      coordinate: [window.x + 2, window.y + 12],
    };
    expect(await bench.act(drag)).toMatchObject({ kind: "done" });
    await bench.act({ action: "type", text: "Ünïcode 世界" });
    await bench.act({ action: "key", text: "ctrl+s" });
    await sleep(200);
    expect((await readFile(file, "utf8")).trimEnd()).toBe("Ünïcode 世界");

    const look = await still(bench.computer, size);
    const abort = new AbortController();
    const text = "x".repeat(2000);
    let typed = 0;
    const stopAt = (done: number) => {
      typed = done;
      if (done >= 100) abort.abort();
    };
    const cut = await bench.computer.perform(
      requestOf({ action: "type", text }, look, null),
      hooksWith({ signal: abort.signal, onProgress: stopAt }),
    );
    expect(cut.kind === "interrupted" && cut.progress).toBe(`after ${typed} of 2000 characters`);
    expect(typed).toBeLessThan(300);
  } finally {
    await bench.close();
  }
});

test("a window that takes the focus in the middle of typing gets at most a key; what came before is whole", async () => {
  const bench = await startBench(startOwnDesktop, size, ["xterm -T other", "mousepad --disable-server note.txt"]);
  const env = { ...bench.desktop.env };
  try {
    const file = join(bench.dir, "note.txt");
    const look = await still(bench.computer, size);
    expect(look.facts.focus?.title).toContain("Mousepad");
    const { stdout } = await run("xdotool", ["search", "--name", "^other$"], { env });
    const [other = ""] = stdout.split("\n");
    const text = "Привет, мир! ".repeat(100);
    let taken: Promise<unknown> | null = null;
    const onProgress = (done: number) => {
      if (done === 60) taken = run("xdotool", ["windowfocus", other], { env });
    };
    const result = await bench.computer.perform(
      requestOf({ action: "type", text }, look, null),
      hooksWith({ onProgress }),
    );
    await taken;
    const words =
      result.kind === "failed" &&
      /^Typing stopped after (\d+) of 1300 characters: another window \("other"\) took the keyboard focus\.$/.exec(
        result.message,
      );
    const typed = Number((words || [])[1]);
    expect(typed).toBeGreaterThanOrEqual(60);
    expect(typed).toBeLessThan(400);
    expect(result).toMatchObject({ after: { facts: { focus: { title: "other" } } } });

    const { stdout: pads } = await run("xdotool", ["search", "--onlyvisible", "--class", "mousepad"], { env });
    await run("xdotool", ["windowfocus", pads.split("\n")[0] ?? ""], { env });
    await sleep(100);
    await bench.computer.hand({ action: "key", text: "ctrl+s" }, size);
    await sleep(300);
    // Only the editor's own line end goes: the text itself may have been cut behind a space.
    const saved = (await readFile(file, "utf8")).replace(/\n$/, "");
    expect(text.startsWith(saved)).toBe(true);
    expect([typed, typed - 1]).toContain([...saved].length);

    // The focus moves after the frame that allowed the keys: not one of them goes out.
    const again = await still(bench.computer, size);
    const progress: number[] = [];
    const stolen = await bench.computer.perform(
      requestOf({ action: "type", text: "ж".repeat(9) }, again, null),
      hooksWith({
        onProgress: (done) => progress.push(done),
        confirm: () => {
          execFileSync("xdotool", ["windowfocus", other], { env });
          return true;
        },
      }),
    );
    expect(progress.filter((done) => done > 0)).toEqual([]);
    expect(stolen).toMatchObject({ kind: "returned", reason: "focus", now: { facts: { focus: { title: "other" } } } });
  } finally {
    await bench.close();
  }
});
