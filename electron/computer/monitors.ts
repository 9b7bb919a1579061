/**
 * The monitors of an X display by RandR, physical px of the root window, and its scale. Read anew each time: a monitor
 * may be unplugged, moved or resized at any moment.
 */
import type { Randr } from "x11";
import type { Display } from "../../shared/geometry.ts";
import { ComputerError } from "./computer.ts";
import { ask, type BareClient, textProperty } from "./x11-client.ts";

/** A monitor that shows something: its output's name (`DP-1`), place and scale. */
export type Monitor = Display & { readonly name: string; readonly primary: boolean };

const NO_MODE = 0;
const NOW = 0;

/** All monitors, the primary one first, then from left to right. Mirrored outputs count once. */
export async function readMonitors(x: BareClient): Promise<readonly Monitor[]> {
  const randr = await randrOf(x);
  const [{ outputs }, primary, scale] = await Promise.all([
    ask<{ readonly outputs: readonly number[] }>(x, (reply) => randr.GetScreenResourcesCurrent(x.root, reply)),
    ask<number>(x, (reply) => randr.GetOutputPrimary(x.root, reply)),
    readScale(x),
  ]);
  const infos = await Promise.all(outputs.map((output) => monitorOf(x, randr, output)));
  const seen = new Set<number>();
  const found = infos.flatMap((info, i) => {
    if (info === null || seen.has(info.crtc)) return [];
    seen.add(info.crtc);
    return [{ ...info.monitor, scale, primary: outputs[i] === primary }];
  });
  return found.sort((a, b) => Number(b.primary) - Number(a.primary) || a.x - b.x || a.y - b.y);
}

/**
 * Where the monitor `name` is now. Rejects with a ComputerError `no_monitor` when it shows nothing any more.
 */
export async function monitorNow(x: BareClient, name: string): Promise<Display> {
  const found = (await readMonitors(x)).find((monitor) => monitor.name === name);
  if (found === undefined)
    throw new ComputerError("no_monitor", `The display ${name} is switched off or not connected any more.`);
  return { x: found.x, y: found.y, w: found.w, h: found.h, scale: found.scale };
}

async function monitorOf(x: BareClient, randr: Randr, output: number) {
  type Output = { readonly crtc: number; readonly name: string };
  const info = await ask<Output>(x, (reply) => randr.GetOutputInfo(output, NOW, reply));
  // One that was unplugged a moment ago still shows its part of the desktop until somebody switches it off.
  if (info.crtc === 0) return null;
  type Crtc = {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly mode: number;
  };
  const at = await ask<Crtc>(x, (reply) => randr.GetCrtcInfo(info.crtc, NOW, reply));
  if (at.mode === NO_MODE || at.width === 0 || at.height === 0) return null;
  return { crtc: info.crtc, monitor: { name: info.name, x: at.x, y: at.y, w: at.width, h: at.height } };
}

/** The scale that programs draw at: `Xft.dpi` of the X resources, 96 being 1. */
async function readScale(x: BareClient): Promise<number> {
  const dpi = Number(/^Xft\.dpi:\s*([\d.]+)\s*$/m.exec(await textProperty(x, x.root, "RESOURCE_MANAGER"))?.[1]);
  return Number.isFinite(dpi) && dpi > 0 ? Math.round((dpi / 96) * 100) / 100 : 1;
}

/** The extension of a connection, asked for once. */
function randrOf(x: BareClient): Promise<Randr> {
  const known = EXTENSIONS.get(x);
  if (known !== undefined) return known;
  const asked = new Promise<Randr>((resolve, reject) => {
    x.client.require("randr", (error, randr) => (error ? reject(error) : resolve(randr)));
  });
  EXTENSIONS.set(x, asked);
  return asked;
}

const EXTENSIONS = new WeakMap<BareClient, Promise<Randr>>();
