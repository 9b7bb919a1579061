/**
 * The live picture of a session's desktop in the real app's gate: what it costs while nothing moves, while somebody types and
 * while a film runs there; how many pictures a second come, and how long a change takes to be in the page. Peers, on the same
 * desktop and film, in turns: x11vnc with a viewer of raw pixels (where it is installed), and a loop that takes a picture of
 * the whole desktop five times a second. Run as `npm run bench liveview [seconds]`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openPainter, type Painter } from "../electron/computer/test-painter.ts";
import { end, startTestDesktop, until } from "../electron/computer/x11/test-desktop.ts";
import { findProgram } from "../electron/desktop/desktop-problem.ts";
import { text, turn, withSettings } from "../electron/practice/script.ts";
import { type Launched, launched } from "./lib/launched.ts";
import { secondsBelow } from "./lib/processor-time.ts";
import { printTable } from "./lib/table.ts";
import { openVnc } from "./lib/vnc-client.ts";

const seconds = Number(process.argv[2] ?? 10);
const SPOT = 16;
/** Above the session's window manager: nothing else draws there. */
const FILM = { small: [0, 0, 640, 360], whole: [0, 0, 1280, 800] } as const;

/** What runs on the desktop. */
const SCENES = {
  nothing: null,
  "typing, 10 a second": { region: [0, 0, 24, 24], every: 100 },
  "a film of 640x360, 25 a second": { region: FILM.small, every: 40 },
  "a film of 1280x800, 25 a second": { region: FILM.whole, every: 40 },
} as const;
type SceneName = keyof typeof SCENES;

/** When which colour was drawn, ms since 1970. */
const drawn = new Map<number, number>();

type Row = {
  readonly scene: SceneName;
  readonly who: string;
  readonly ours: number;
  readonly server: number;
  readonly pictures: number;
  readonly late: readonly number[];
};

/** Another moment of a film: noise, and a spot whose colour tells which. */
function moment(w: number, h: number, spot: number): Uint32Array {
  const pixels = new Uint32Array(w * h);
  let seed = spot * 2654435761;
  for (let i = 0; i < pixels.length; i += 1) {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    pixels[i] = ((seed >>> 8) & 0x3f3f3f) + 0x404040;
  }
  for (let y = 0; y < SPOT; y += 1) pixels.fill(spot, y * w, y * w + SPOT);
  return pixels;
}

let frame = 0x100000;

/** Draws a scene for so long. */
async function play(painter: Painter, scene: SceneName): Promise<void> {
  const what = SCENES[scene];
  if (what === null) return void (await sleep(seconds * 1000));
  const [, , w, h] = what.region;
  const moments = Array.from({ length: 12 }, (_, i) => moment(w, h, i));
  const begun = performance.now();
  for (let i = 0; performance.now() - begun < seconds * 1000; i += 1) {
    frame += 1;
    const picture = moments[i % moments.length] ?? new Uint32Array(w * h);
    painter.picture([0, 0], { w, h }, picture);
    painter.fill([0, 0, SPOT, SPOT], frame);
    await painter.done();
    drawn.set(frame, performance.timeOrigin + performance.now());
    await sleep(Math.max(0, begun + (i + 1) * what.every - performance.now()));
  }
}

/** Plays a scene and says what it cost. `seen` gives the spots seen, each with its time, and how many pictures came. */
async function measured(
  scene: SceneName,
  who: string,
  painter: Painter,
  cost: () => { readonly ours: number; readonly server: number },
  seen: () => Promise<{ readonly pictures: number; readonly spots: readonly (readonly [number, number])[] }>,
): Promise<Row> {
  await seen();
  drawn.clear();
  const [before, begun] = [cost(), performance.now()];
  await play(painter, scene);
  const [after, took] = [cost(), (performance.now() - begun) / 1000];
  const { pictures, spots } = await seen();
  const late = spots.flatMap(([spot, at]) => {
    const when = drawn.get(spot);
    // Who takes pictures by the clock sees it again and again.
    drawn.delete(spot);
    return when === undefined ? [] : [at - when];
  });
  const share = (a: number, b: number) => (100 * (b - a)) / took;
  return {
    scene,
    who,
    ours: share(before.ours, after.ours),
    server: share(before.server, after.server),
    pictures: pictures / took,
    late,
  };
}

/** In the page: every picture is noted with the colour of the spot, once it is on the canvas. */
async function noteInPage({ page }: Launched): Promise<() => Promise<{ pictures: number; spots: [number, number][] }>> {
  const ahead = await pageAhead(page);
  await page.evaluate(() => {
    const notes = { pictures: 0, spots: [] as [number, number][] };
    Object.assign(globalThis, { notes });
    const put = CanvasRenderingContext2D.prototype.putImageData as (
      this: CanvasRenderingContext2D,
      image: ImageData,
      x: number,
      y: number,
    ) => void;
    CanvasRenderingContext2D.prototype.putImageData = function note(
      this: CanvasRenderingContext2D,
      ...args: unknown[]
    ) {
      const [image, x, y] = args as [ImageData, number, number];
      put.call(this, image, x, y);
      notes.pictures += 1;
      if (x !== 0 || y !== 0) return;
      const [red = 0, green = 0, blue = 0] = image.data;
      const spot = (red << 16) | (green << 8) | blue;
      requestAnimationFrame(() => notes.spots.push([spot, performance.timeOrigin + performance.now()]));
    };
  });
  return async () => {
    const { pictures, spots } = await page.evaluate(() => {
      const { notes } = globalThis as unknown as { notes: { pictures: number; spots: [number, number][] } };
      const taken = { pictures: notes.pictures, spots: notes.spots };
      Object.assign(notes, { pictures: 0, spots: [] });
      return taken;
    });
    return { pictures, spots: spots.map(([spot, at]) => [spot, at - ahead]) };
  };
}

/** How far the page's clock is ahead of ours, ms: each counts from its own process's start. */
async function pageAhead(page: Launched["page"]): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 };
  for (let i = 0; i < 50; i += 1) {
    const asked = performance.timeOrigin + performance.now();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const took = performance.timeOrigin + performance.now() - asked;
    if (took < best.took) best = { took, ahead: there - asked - took / 2 };
  }
  console.log(`The page's clock is ${best.ahead.toFixed(1)} ms ahead (within ${(best.took / 2).toFixed(1)} ms).`);
  return best.ahead;
}

type Peer = {
  readonly who: string;
  readonly pid: number;
  readonly seen: () => Promise<{ pictures: number; spots: [number, number][] }>;
  readonly close: () => Promise<void>;
};

async function x11vnc(display: string, authority: string): Promise<Peer | null> {
  if (findProgram("x11vnc", process.env) === null) return null;
  const args = ["-display", display, "-auth", authority, "-localhost", "-nopw", "-forever", "-q", "-rfbport", "5977"];
  const child = spawn("x11vnc", args, { stdio: "ignore" });
  const notes = { pictures: 0, spots: [] as [number, number][] };
  let client: Awaited<ReturnType<typeof openVnc>> | null = null;
  await until("x11vnc", async () => {
    client = await openVnc(5977, (spot) => notes.spots.push([spot, performance.timeOrigin + performance.now()])).catch(
      () => null,
    );
    return client !== null;
  });
  let before = 0;
  return {
    who: "x11vnc, raw pixels",
    pid: child.pid ?? 0,
    seen: async () => {
      const now = client?.updates() ?? 0;
      const taken = { pictures: now - before, spots: notes.spots };
      before = now;
      notes.spots = [];
      return taken;
    },
    close: async () => {
      client?.close();
      await end(child);
    },
  };
}

/** A process that takes the whole desktop five times a second and says which spot it saw. */
async function polling(display: string, authority: string): Promise<Peer> {
  const entry = join(import.meta.dirname, "lib", "polling.ts");
  const child: ChildProcess = spawn(process.execPath, ["--no-warnings", entry, display, authority], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const notes = { pictures: 0, spots: [] as [number, number][] };
  child.on("message", (message) => {
    notes.pictures += 1;
    notes.spots.push(message as [number, number]);
  });
  await until("the loop", async () => notes.pictures > 0);
  return {
    who: "a picture 5 times a second",
    pid: child.pid ?? 0,
    seen: async () => {
      const taken = { ...notes };
      Object.assign(notes, { pictures: 0, spots: [] });
      return taken;
    },
    close: () => end(child),
  };
}

function median(values: readonly number[], part = 0.5): string {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? "-" : (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
}

const operator = await startTestDesktop();
const script = [withSettings({ delay: 3_600_000 }, turn(text("Never said.")))];
const launch = await launched(operator, script, ["--task=Wait", "--where=own:1280x800"]);
const rows: Row[] = [];
try {
  const { page, dir, app } = launch;
  await page.locator(".live-word-on").waitFor({ timeout: 60_000 });
  const session = (await page.evaluate(() => window.countersign.info())).current ?? "";
  const [started] = await page.evaluate((id) => window.countersign.events(id, 0), session);
  const display = (started as unknown as { body: { desktop: { display: string } } }).body.desktop.display;
  const authority = join(dir, "desktops", session, "Xauthority");
  const painter = await openPainter(display, authority, FILM.whole, 0x305070);
  const pid = app.process().pid ?? 0;
  const seen = await noteInPage(launch);
  const cost = () => secondsBelow(pid);
  await sleep(2000);
  for (const scene of Object.keys(SCENES) as SceneName[])
    rows.push(await measured(scene, "Countersign", painter, cost, seen));
  // The same with nobody watching: what the rest of the app costs, and the film the X server.
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Settings" }).click();
  await sleep(1000);
  for (const scene of Object.keys(SCENES) as SceneName[])
    rows.push(await measured(scene, "the app, not watching", painter, cost, seen));
  const peers = [() => x11vnc(display, authority), () => polling(display, authority)];
  for (const open of peers) {
    const peer = await open();
    if (peer === null) {
      console.log("x11vnc is not installed: it is left out.");
      continue;
    }
    await sleep(1000);
    const both = () => ({ ours: secondsBelow(peer.pid).ours, server: cost().server });
    for (const scene of Object.keys(SCENES) as SceneName[])
      rows.push(await measured(scene, peer.who, painter, both, peer.seen));
    await peer.close();
  }
  painter.close();
} finally {
  await launch.close();
  await operator.close();
}
console.log(`\nEach for ${seconds} s; % of one core; ms from the change drawn to its being seen`);
printTable([
  ["", "CPU", "X server", "pictures a second", "ms p50", "p95"],
  ...(Object.keys(SCENES) as SceneName[]).flatMap((scene) =>
    rows
      .filter((row) => row.scene === scene)
      .map(({ who, ours, server, pictures, late }) => [
        `${scene}: ${who}`,
        `${ours.toFixed(1)} %`,
        `${server.toFixed(1)} %`,
        pictures.toFixed(1),
        median(late),
        median(late, 0.95),
      ]),
  ),
]);
process.exit(0);
