/** What real programs call their controls, asked the way the executor asks. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Point } from "../../../shared/geometry.ts";
import type { SeenControl } from "../../../shared/policy/facts.ts";
import { startOwnDesktop } from "../../desktop/own-desktop.ts";
import type { DesktopFacts } from "../computer.ts";
import { type Bench, startBench, still } from "../test-support.ts";
import { type ControlsQuery, openControls } from "./controls.ts";
import { startTestBus, type TestBus } from "./test-bus.ts";

const size = { w: 900, h: 600 };
let bench: Bench;

/** Asks until the program has said something: one that has just started is not on its bus yet, a busy one is late. */
async function told(points: readonly Point[], which: (facts: DesktopFacts) => SeenControl | null | undefined) {
  for (let tries = 0; tries < 60; tries += 1) {
    const control = which(await bench.computer.facts(size, points)) ?? null;
    if (control !== null) return control;
    await sleep(100);
  }
  return null;
}

const controlAt = (point: Point) => told([point], ({ controls }) => controls?.[0]);
const focused = () => told([], ({ focusControl }) => focusControl);

describe("in mousepad (GTK)", () => {
  beforeAll(async () => {
    bench = await startBench(startOwnDesktop, size, ["mousepad --disable-server note.txt"]);
  });
  afterAll(() => bench.close());

  test("menus, their items and the text are named, with their places", async () => {
    const { focus } = (await still(bench.computer, size)).facts;
    const { x, y, w, h } = focus?.bounds ?? { x: 0, y: 0, w: 0, h: 0 };
    const menu = await controlAt([x + 14, y + 12]);
    expect(menu).toMatchObject({ name: "File", role: "menu", password: false });
    expect(await controlAt([x + w / 2, y + h / 2])).toMatchObject({ role: "text", password: false });
    expect(await focused()).toMatchObject({ role: "text", password: false });

    await bench.act({ action: "key", text: "alt+f" });
    await still(bench.computer, size);
    const item = await controlAt([x + 40, y + 36]);
    expect(item).toMatchObject({ name: "New", role: "menu item" });
    expect(item?.bounds?.h).toBeLessThan(60);
    await bench.act({ action: "key", text: "Escape" });
  });
});

describe("in mousepad, confined", () => {
  beforeAll(async () => {
    // Its process has another number in there, and as root another user.
    const start: typeof startOwnDesktop = (options) =>
      startOwnDesktop({ ...options, home: options.dir, confined: { folders: [], network: "off" } });
    bench = await startBench(start, size, ["mousepad --disable-server note.txt"]);
  });
  afterAll(() => bench.close());

  test("menus and the text are named as well, and the window is its program's", async () => {
    const { focus } = (await still(bench.computer, size)).facts;
    expect(focus).toMatchObject({ exe: "mousepad" });
    const { x, y, w, h } = focus?.bounds ?? { x: 0, y: 0, w: 0, h: 0 };
    expect(await controlAt([x + 14, y + 12])).toMatchObject({ name: "File", role: "menu" });
    expect(await controlAt([x + w / 2, y + h / 2])).toMatchObject({ role: "text", password: false });
  });
});

describe("by the operator's session bus", () => {
  let bus: TestBus;
  beforeAll(async () => {
    // A real one, which starts at-spi2-core's own accessibility bus when somebody asks for it.
    bus = await startTestBus();
    const DBUS_SESSION_BUS_ADDRESS = bus.address;
    const start: typeof startOwnDesktop = (options) =>
      startOwnDesktop({ ...options, extraEnv: { ...options.extraEnv, DBUS_SESSION_BUS_ADDRESS } });
    bench = await startBench(start, size, ["env -u AT_SPI_BUS_ADDRESS mousepad --disable-server note.txt"]);
  });
  afterAll(async () => {
    await bench.close();
    await bus.close();
  });

  test("a program of theirs is found: what is under the point, and what has the focus", async () => {
    const { targets, focus } = (await still(bench.computer, size)).facts;
    expect([targets, focus]).toEqual([[], expect.objectContaining({ class: "Mousepad" })]);
    const reader = openControls({ kind: "session", address: bus.address });
    try {
      const { x, y } = focus?.bounds ?? { x: 0, y: 0 };
      const query: ControlsQuery = { points: [{ at: [x + 14, y + 12], window: focus }], focus };
      let found = await reader.read(query);
      for (let tries = 0; tries < 60 && (found.controls[0] === null || found.focusControl === null); tries += 1) {
        await sleep(100);
        found = await reader.read(query);
      }
      expect(found.controls).toMatchObject([{ name: "File", role: "menu" }]);
      expect(found.focusControl).toMatchObject({ role: "text", password: false });
    } finally {
      reader.close();
    }
  });
});

describe("in a browser's engine (Chromium)", () => {
  beforeAll(async () => {
    const electron = process.env.COUNTERSIGN_ELECTRON ?? process.execPath;
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const page = join(import.meta.dirname, "test-form.cjs");
    bench = await startBench(startOwnDesktop, size, (dir) =>
      Promise.resolve([
        [
          electron,
          page,
          ...sandbox,
          "--disable-gpu",
          "--force-renderer-accessibility",
          `--user-data-dir=${dir}/profile`,
        ].join(" "),
      ]),
    );
  });
  afterAll(() => bench.close());

  test("buttons, fields and links of a page are named; what holds a password says so", async () => {
    expect(await controlAt([190, 60])).toEqual({
      name: "Send order",
      role: "push button",
      password: false,
      bounds: { x: 40, y: 40, w: 300, h: 40 },
    });
    expect(await controlAt([100, 120])).toMatchObject({ name: "Passphrase", role: "password text", password: true });
    expect(await controlAt([100, 180])).toMatchObject({ name: "Your name", role: "entry", password: false });
    expect(await controlAt([50, 230])).toMatchObject({ name: "Terms", role: "link" });
    expect(await focused()).toMatchObject({ name: "Passphrase", password: true });
    expect((await bench.computer.facts(size, [[50, 290]])).controls).toEqual([null]);
  });

  test("a program that hangs holds nobody up, and the next question finds it again", async () => {
    const { facts } = await still(bench.computer, size);
    const pid = facts.focus?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    try {
      for (let i = 0; i < 3; i += 1) {
        const started = performance.now();
        const { controls } = await bench.computer.facts(size, [[190, 60]]);
        expect(controls).toEqual([null]);
        // The limit is 50 ms; the rest is a busy machine's.
        expect(performance.now() - started).toBeLessThan(500);
      }
    } finally {
      process.kill(pid, "SIGCONT");
    }
    expect(await controlAt([190, 60])).toMatchObject({ name: "Send order" });
  });
});
