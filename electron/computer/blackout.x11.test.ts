import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Blackout } from "./blackout.ts";
import type { Picture } from "./computer.ts";
import { portOfChild } from "./port.ts";
import { startRemoteComputer } from "./remote-computer.ts";
import { forkExecutor, hooksWith, requestOf, still } from "./test-support.ts";
import { startTestDesktop, type TestDesktop } from "./x11/test-desktop.ts";

const SIZE = { w: 1280, h: 800 };
const RED = "255,0,0";

let desktop: TestDesktop;

beforeAll(async () => {
  desktop = await startTestDesktop();
  // Something that is not black: a capture of nothing but black counts as failed.
  desktop.x11.tell((client) => {
    const window = client.AllocID();
    const looks = { backgroundPixel: 0x3050a0, overrideRedirect: 1 };
    client.CreateWindow(window, desktop.x11.root, 0, 700, 100, 100, 0, 0, 1, 0, looks);
    client.MapWindow(window);
  });
  await desktop.open("xterm", ["-bg", "#ff0000", "-fg", "#ff0000", "-geometry", "40x20+300+200", "-e", "cat"]);
}, 30_000);
afterAll(() => desktop.close());

/** How many pixels of our own PNG (8-bit RGB, rows unfiltered) have a colour, below `from` lines. */
function pixels({ png, size }: Picture, colour: string): number {
  const view = Buffer.from(png);
  const start = view.indexOf("IDAT");
  const rows = inflateSync(view.subarray(start + 4, start + 4 + view.readUInt32BE(start - 4)));
  let count = 0;
  for (let y = 0; y < size.h; y += 1) {
    for (let x = 0; x < size.w; x += 1) {
      const at = y * (size.w * 3 + 1) + 1 + x * 3;
      if (`${rows[at]},${rows[at + 1]},${rows[at + 2]}` === colour) count += 1;
    }
  }
  return count;
}

async function seen(blackout?: Blackout): Promise<{ look: number; zoom: number }> {
  const { display, authority } = desktop;
  const options = {
    display,
    authority,
    here: null,
    fork: (env: Parameters<typeof forkExecutor>[0]) => portOfChild(forkExecutor(env)),
  };
  const computer = await startRemoteComputer(blackout === undefined ? options : { ...options, blackout });
  try {
    const look = await still(computer, SIZE);
    const action = { action: "zoom", region: [0, 0, 1280, 800] } as const;
    const result = await computer.perform(requestOf(action, look, null), hooksWith({}));
    if (result.kind !== "done" || result.image === null) throw new Error(`zoom: ${result.kind}`);
    return { look: pixels(look.picture, RED), zoom: pixels(result.image, RED) };
  } finally {
    await computer.close();
  }
}

test("a program and a region are black in what Claude would get: the screenshot and the zoom", {
  timeout: 40_000,
}, async () => {
  const open = await seen();
  expect(open.look).toBeGreaterThan(20_000);
  expect(open.zoom).toBeGreaterThan(20_000);
  expect(await seen({ regions: [], programs: ["XTerm"] })).toEqual({ look: 0, zoom: 0 });
  expect(await seen({ regions: [[290, 190, 900, 700]], programs: [] })).toEqual({ look: 0, zoom: 0 });
  expect(await seen({ regions: [], programs: ["mousepad"] })).toEqual(open);
});
