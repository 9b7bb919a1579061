/** What starting a desktop has to see and set on its X server: the window manager, the windows, the background. */
import { createClient, type XClient, type XDisplay } from "x11";
import type { Cookie } from "./xauthority.ts";

export type XProbe = {
  /** Whether a window manager has announced itself (EWMH `_NET_SUPPORTING_WM_CHECK`). */
  readonly hasWindowManager: () => Promise<boolean>;
  /** How many windows of programs there are (EWMH `_NET_CLIENT_LIST`). */
  readonly windowCount: () => Promise<number>;
  /**
   * Sends the window manager a message that means nothing. While it starts, openbox (3.6.1) may read a window's request
   * to be shown and then sleep on it until the next event: a program started right after it stays without a frame, and
   * unlisted, for ever.
   */
  readonly nudge: () => Promise<void>;
  /** Fills the background; `colour` is 0xRRGGBB. */
  readonly paintBackground: (colour: number) => void;
  readonly close: () => void;
};

const TIMEOUT = 5000;
const WM_CHECK = "_NET_SUPPORTING_WM_CHECK";
const NOTHING = Buffer.alloc(0);
const LAST_PREDEFINED_ATOM = 68;
/** Event mask of what goes to the window manager: substructure redirect and notify. */
const SUBSTRUCTURE = 0x180000;

/** Connects to `display`; rejects with an Error in words. */
export async function openProbe(display: string, cookie: Cookie): Promise<XProbe> {
  const opened = await connect(display, cookie);
  const { client } = opened;
  const root = opened.screen[0]?.root ?? 0;
  const gone = new Promise<never>((_, reject) => client.on("end", () => reject(new Error("the display is gone"))));
  // Who asks next hears of it; nobody may be asking now.
  gone.catch(() => undefined);
  const bytesOf = (name: string) => Promise.race([property(client, root, name), gone]);
  return {
    hasWindowManager: async () => {
      const check = await bytesOf(WM_CHECK);
      if (check.length < 4) return false;
      // One that was killed leaves the property on the root window, but not its own window.
      const window = check.readUInt32LE(0);
      return (await Promise.race([property(client, window, WM_CHECK).catch(() => NOTHING), gone])).length > 0;
    },
    windowCount: async () => (await bytesOf("_NET_CLIENT_LIST")).length / 4,
    nudge: async () => {
      const type = await Promise.race([atomOf(client, "_COUNTERSIGN_NUDGE"), gone]);
      const event = {
        name: "ClientMessage",
        format: 32,
        wid: root,
        message_type: type,
        data: [0, 0, 0, 0, 0],
      } as const;
      // Whether it arrives does not matter: there is a next one.
      client.SendEvent(root, 0, SUBSTRUCTURE, event, () => true);
    },
    paintBackground: (colour) => {
      client.ChangeWindowAttributes(root, { backgroundPixel: colour });
      client.ClearArea(root, 0, 0, 0, 0, 0);
    },
    close: () => client.terminate(),
  };
}

function connect(display: string, auth: Cookie): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${display}: no answer within ${TIMEOUT} ms`));
      client.terminate();
    }, TIMEOUT);
    const client = createClient({ display, auth, shm: false, bufferRequests: true }, (error, opened) => {
      clearTimeout(timer);
      if (error) {
        reject(error);
      } else {
        ownAtoms(opened.client);
        resolve(opened);
      }
    });
    client.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/**
 * The package keeps one table of atoms for all connections of a process, but each server numbers its own: a second
 * desktop would be asked with the numbers of the first. Only the predefined ones (X protocol, appendix B) are common.
 */
function ownAtoms(client: XClient): void {
  client.atoms = Object.fromEntries(Object.entries(client.atoms).filter(([, atom]) => atom <= LAST_PREDEFINED_ATOM));
}

function atomOf(client: XClient, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    client.InternAtom(false, name, (error, atom) => {
      if (error) reject(error);
      else resolve(atom);
      return true;
    });
  });
}

/** The bytes of a property of any type; empty when it is not there. */
async function property(client: XClient, window: number, name: string): Promise<Buffer> {
  const atom = await atomOf(client, name);
  return await new Promise((resolve, reject) => {
    client.GetProperty(0, window, atom, 0, 0, 1024, (error, got) => {
      if (error) reject(error);
      else resolve(got.type === 0 ? Buffer.alloc(0) : got.data);
      return true;
    });
  });
}
