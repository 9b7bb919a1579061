/** Several displays on a real X server: what is seen, where clicks land, and that a change is noticed in time. */
import { Transformer } from "@napi-rs/image";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_CHORDS } from "../../shared/chords.ts";
import { type Display, fitToTier, type Point, type Size, toScreen } from "../../shared/geometry.ts";
import type { Look, PerformResult } from "./computer.ts";
import { openDesktopLink } from "./desktop-link.ts";
import type { Here } from "./executor-env.ts";
import { portOfChild } from "./port.ts";
import { type RemoteComputer, startRemoteComputer } from "./remote-computer.ts";
import { forkExecutor, hooksWith, requestOf, still } from "./test-support.ts";
import { type MonitorDesktop, startMonitorDesktop } from "./x11/test-monitors.ts";

const TIER = { longEdge: 1568, maxTokens: 1568 } as const;
/** The second one hangs above and to the left of the first: in the first one's own px its place is negative. */
const MONITORS = [
  { size: "1920x1080", at: [1280, 200] },
  { size: "1280x800", at: [0, 0] },
  { size: "1368x768", at: [3200, 700] },
] as const;

const COLOURS = [0xaa3311, 0x11aa33, 0x3311aa] as const;

const PLACES = MONITORS.flatMap(({ at }, n) => ["--output", `DUMMY${n}`, "--pos", at.join("x")]);

let desktop: MonitorDesktop;

beforeAll(async () => {
  desktop = await startMonitorDesktop(MONITORS);
  // Each display is filled with a colour of its own.
  desktop.x11.tell((client) => {
    for (const [
      n,
      {
        size,
        at: [x, y],
      },
    ] of MONITORS.entries()) {
      const [w = 0, h = 0] = size.split("x").map(Number);
      const window = client.AllocID();
      const looks = { backgroundPixel: COLOURS[n] ?? 0, overrideRedirect: 1 };
      client.CreateWindow(window, desktop.x11.root, x, y, w, h, 0, 0, 1, 0, looks);
      client.MapWindow(window);
    }
  });
  await desktop.x11.sync();
}, 30_000);
afterAll(async () => {
  await desktop.close();
});

/** An executor for one monitor; `owner` is a process that has no windows there. */
async function at(monitor: string): Promise<RemoteComputer> {
  const here: Here = { monitor, owner: process.pid, chords: DEFAULT_CHORDS };
  const { display, authority } = desktop;
  return await startRemoteComputer({ display, authority, here, fork: (env) => portOfChild(forkExecutor(env)) });
}

/** Moves the mouse to a point of the picture as a session would, and says where the pointer is then. */
async function moved(
  computer: RemoteComputer,
  look: Look,
  point: Point,
): Promise<{ at: Point; result: PerformResult }> {
  const { targets } = await computer.facts(look.picture.size, [point]);
  const seen = { ...look, facts: { ...look.facts, targets } };
  const request = { ...requestOf({ action: "mouse_move", coordinate: point }, seen, null), settleMs: 0 };
  const result = await computer.perform(request, hooksWith({}));
  const { x, y } = await desktop.x11.pointer();
  return { at: [x, y], result };
}

test("all displays are listed, the primary one first, with their places and sizes", async () => {
  const link = await openDesktopLink(desktop.display, desktop.authority);
  expect(await link.monitors()).toEqual([
    { name: "DUMMY0", x: 1280, y: 200, w: 1920, h: 1080, scale: 1, primary: true },
    { name: "DUMMY1", x: 0, y: 0, w: 1280, h: 800, scale: 1, primary: false },
    { name: "DUMMY2", x: 3200, y: 700, w: 1368, h: 768, scale: 1, primary: false },
  ]);
  link.close();
});

describe.each([1, 1.25, 1.5, 2])("at a scale of %d", (scale) => {
  beforeAll(() => desktop.scale(scale));

  test.each(scale === 1 ? [0, 1, 2] : [0, 1])(
    "every asked point of display %d is hit within one physical px",
    { timeout: 40_000 },
    async (n) => {
      const computer = await at(`DUMMY${n}`);
      try {
        const display = await computer.display();
        const [x, y] = MONITORS[n]?.at ?? [0, 0];
        expect(display).toMatchObject({ x, y, scale });
        for (const space of [fitToTier(display, TIER), { w: display.w, h: display.h }]) {
          const look = await computer.look(space, []);
          for (const point of pointsOf(space)) {
            const { at: there, result } = await moved(computer, look, point);
            expect(result).toMatchObject({ kind: "done", cursor: point });
            const ideal = middleOf(point, space, display);
            expect(Math.abs(there[0] + 0.5 - ideal[0])).toBeLessThanOrEqual(1);
            expect(Math.abs(there[1] + 0.5 - ideal[1])).toBeLessThanOrEqual(1);
            expect(there).toEqual(toScreen(point, space, display));
          }
        }
      } finally {
        await computer.close();
      }
    },
  );
});

/** Where the middle of a picture's px is on the desktop, exactly. */
function middleOf([x, y]: Point, space: Size, display: Display): readonly [number, number] {
  return [display.x + ((x + 0.5) * display.w) / space.w, display.y + ((y + 0.5) * display.h) / space.h];
}

/** The corners, the edges' middles, and places between. */
function pointsOf({ w, h }: Size): readonly Point[] {
  const between = [0.137, 0.5, 0.871];
  const some = between.map((part): Point => [Math.floor(w * part), Math.floor(h * part)]);
  return [[0, 0], [w - 1, 0], [0, h - 1], [w - 1, h - 1], ...some];
}

test("the picture shows the one display only", { timeout: 30_000 }, async () => {
  for (const [n, { size }] of MONITORS.entries()) {
    const computer = await at(`DUMMY${n}`);
    const display = await computer.display();
    const space = { w: display.w, h: display.h };
    const look = await computer.look(space, []);
    expect(`${look.picture.size.w}x${look.picture.size.h}`).toBe(size);
    expect(coloursOf(await new Transformer(look.picture.png).rawPixels())).toEqual([COLOURS[n]]);
    await computer.close();
  }
});

/** The colours of a picture's px, three bytes each, as numbers. */
function coloursOf(pixels: Uint8Array): readonly number[] {
  const colours = new Set<number>();
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    colours.add(((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0));
  }
  return [...colours];
}

describe("a display that changes in a session", () => {
  const changes: readonly (readonly [
    what: string,
    change: readonly string[],
    back: readonly string[],
    says: RegExp,
  ])[] = [
    [
      "gets another size",
      ["--output", "DUMMY1", "--mode", "1280x720"],
      ["--output", "DUMMY1", "--mode", "1280x800"],
      /was 1280x800 and is now 1280x720/,
    ],
    [
      "is moved",
      // The others move up to the left edge.
      ["--output", "DUMMY1", "--pos", "3200x0"],
      PLACES,
      /is now 1280x800 at 1920, 0/,
    ],
    [
      "is unplugged",
      ["--output", "DUMMY1", "--off"],
      ["--output", "DUMMY1", "--mode", "1280x800", ...PLACES],
      /display DUMMY1 is switched off or not connected/,
    ],
  ];

  test.each(changes)(
    "%s: noticed before the next action, nothing is sent",
    { timeout: 30_000 },
    async (_, change, back, says) => {
      await desktop.scale(1);
      await desktop.xrandr("--addmode", "DUMMY1", "1280x720").catch(() => undefined);
      const computer = await at("DUMMY1");
      try {
        const space = { w: 1280, h: 800 };
        const look = await still(computer, space);
        await desktop.xrandr(...change);
        // The server takes the pointer along to a display that is left.
        const before = await desktop.x11.pointer();
        for (const action of [
          { action: "left_click", coordinate: [600, 400] },
          { action: "type", text: "x" },
          { action: "screenshot" },
        ] as const) {
          const result = await computer.perform(requestOf(action, look, null), hooksWith({}));
          expect(result).toMatchObject({ kind: "returned", reason: "geometry", detail: expect.stringMatching(says) });
        }
        expect(await desktop.x11.pointer()).toMatchObject({ x: before.x, y: before.y });
        await desktop.xrandr(...back);
        const again = await computer.look(space, []);
        const move = { action: "mouse_move", coordinate: [10, 10] } as const;
        expect(await computer.perform(requestOf(move, again, null), hooksWith({}))).toMatchObject({ kind: "done" });
      } finally {
        await computer.close();
      }
    },
  );
});
