/**
 * A program that fills one display, for proofs: it paints itself one colour, slowly and only where it has to, as programs
 * without a background of their own do, and keeps every event it gets.
 */
import type { XEvent } from "x11";
import { openX11, type X11 } from "../electron/computer/x11/connection.ts";

export type Target = {
  readonly id: number;
  readonly colour: number;
  /** Everything received since the last call. */
  readonly take: () => readonly TargetEvent[];
  readonly close: () => void;
};
export type TargetEvent = { readonly name: string; readonly x: number; readonly y: number; readonly detail: number };

const INPUT_OUTPUT = 1;
/** Key and button presses and releases, motion, exposure. */
const EVENTS = 0x1 | 0x2 | 0x4 | 0x8 | 0x40 | 0x8000;
const ATOM_CARDINAL = 6;
const ATOM_STRING = 31;
const ATOM_WM_HINTS = 35;
const ATOM_WM_SIZE_HINTS = 41;

type Place = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/**
 * Opens it over `place` (px of the desktop), without a frame.
 * @param slowness up to this many ms pass between an area's becoming visible and its being painted
 */
export async function openTarget(
  server: { readonly display: string; readonly authority: string },
  place: Place,
  slowness: () => number,
): Promise<Target> {
  const x11 = await openX11(server);
  const colour = 0x2a5caa;
  const events: TargetEvent[] = [];
  let id = 0;
  let gc = 0;
  x11.onEvent((event) => {
    if (event.wid !== id) return;
    if (event.name === "Expose") {
      const { x = 0, y = 0, width = 0, height = 0 } = event as XEvent & Exposed;
      setTimeout(() => {
        if (!x11.gone.aborted) x11.tell((client) => client.PolyFillRectangle(id, gc, [x, y, width, height]));
      }, slowness());
    } else if (event.name !== undefined && /^(Key|Button|Motion)/.test(event.name)) {
      const { x = 0, y = 0, keycode = 0 } = event as XEvent & { x?: number; y?: number; keycode?: number };
      events.push({ name: event.name, x, y, detail: keycode });
    }
  });
  x11.tell((client) => {
    id = client.AllocID();
    gc = client.AllocID();
    client.CreateWindow(id, x11.root, place.x, place.y, place.w, place.h, 0, 0, INPUT_OUTPUT, 0, { eventMask: EVENTS });
    client.CreateGC(gc, id, { foreground: colour });
  });
  await dress(x11, id, place);
  x11.tell((client) => client.MapWindow(id));
  await x11.sync();
  return { id, colour, take: () => events.splice(0), close: () => x11.close() };
}

type Exposed = { readonly x?: number; readonly y?: number; readonly width?: number; readonly height?: number };

/** What window managers read: no frame, exactly here, takes keys, who it is. */
async function dress(x11: X11, id: number, { x, y, w, h }: Place): Promise<void> {
  const set = async (name: string, type: number | null, values: readonly number[]) => {
    const property = await x11.atom(name);
    x11.tell((client) => client.ChangeProperty(0, id, property, type ?? property, 32, values));
  };
  await set("_MOTIF_WM_HINTS", null, [2, 0, 0, 0, 0]);
  // InputHint: it wants the focus. USPosition and USSize: exactly there.
  await set("WM_HINTS", ATOM_WM_HINTS, [1, 1, 0, 0, 0, 0, 0, 0, 0]);
  await set("WM_NORMAL_HINTS", ATOM_WM_SIZE_HINTS, [3, x, y, w, h, ...Array.from({ length: 13 }, () => 0)]);
  await set("_NET_WM_PID", ATOM_CARDINAL, [process.pid]);
  const wmClass = await x11.atom("WM_CLASS");
  const names = Buffer.from("target\0Target\0", "latin1");
  x11.tell((client) => client.ChangeProperty(0, id, wmClass, ATOM_STRING, 8, names));
}
