/**
 * Raw input events of a display (XInput 2.2, X.Org `XI2proto.txt`): what each device did before anything was made of it.
 * They come whatever has the focus and whoever has grabbed keyboard or pointer, with the device they came from.
 */
import type { XClient, XEvent, XInput, XInputDevice } from "x11";
import { type BareClient, openClient } from "../x11-client.ts";
import { X11Error } from "./connection.ts";
import type { Keymap } from "./keymap.ts";

/** One raw event. */
export type RawEvent = {
  /** The device's id. */
  readonly source: number;
  /** ms of the server's clock. */
  readonly time: number;
} & (
  | { readonly kind: "key" | "button"; readonly code: number; readonly down: boolean }
  /** The first two axes as the device gives them; null for one that did not change. */
  | { readonly kind: "motion"; readonly x: number | null; readonly y: number | null }
);

export type Device = {
  readonly id: number;
  readonly name: string;
  /** One of the server's own devices through which XTEST works. */
  readonly isXTest: boolean;
  /** Its first two axes are places, not ways. */
  readonly isAbsolute: boolean;
};

export type RawInput = {
  /** The devices as they are now. */
  readonly devices: () => ReadonlyMap<number, Device>;
  /** The keyboard map; read again after each change of it. */
  readonly keymap: () => Promise<Keymap>;
  /** Resolves when every event that the server had made before has been handed on. */
  readonly sync: () => Promise<void>;
  readonly onKeymap: (listener: () => void) => void;
  /** Called once, when the connection ends for any reason but `close`. */
  readonly onEnded: (listener: (error: Error) => void) => void;
  readonly close: () => void;
};

const ALL_MASTERS = 1;
const ALL_DEVICES = 0;
const ABSOLUTE = 1;
const SLAVE_POINTER = 3;
const FLOATING = 5;
/** Events by their number in XI2proto. */
const XI = {
  hierarchy: 11,
  key: [13, 14],
  button: [15, 16],
  motion: 17,
  touch: [22, 24],
} as const;
const RAW = ["RawKeyPress", "RawKeyRelease", "RawButtonPress", "RawButtonRelease", "RawMotion"];
const TOUCH = ["RawTouchBegin", "RawTouchEnd"];
/** A finger on a screen is as good as a button. */
const TOUCH_BUTTON = 1;
const MAPPING_NOTIFY = 34;

/** Starts hearing; rejects with an X11Error `no_display` when the display or its XInput can't be had. */
export async function openRawInput(
  display: string,
  authority: string,
  listener: (event: RawEvent) => void,
): Promise<RawInput> {
  let bare: BareClient | null = null;
  try {
    bare = await openClient(display, authority);
    const xinput = await requireXInput(bare.client);
    return await listen(bare, xinput, listener);
  } catch (error) {
    bare?.client.terminate();
    const why = error instanceof Error ? error.message : String(error);
    throw new X11Error("no_display", `the input devices of ${display} can't be listened to: ${why}`);
  }
}

async function listen(bare: BareClient, xinput: XInput, listener: (event: RawEvent) => void): Promise<RawInput> {
  const { client, root, ended } = bare;
  const mapListeners: (() => void)[] = [];
  let closed = false;
  let devices = new Map<number, Device>();
  const readDevices = async () => {
    devices = byId(await ask<readonly XInputDevice[]>((reply) => xinput.XIQueryDevice(ALL_DEVICES, reply)));
  };
  client.on("event", (event) => {
    if (event.type === MAPPING_NOTIFY) for (const each of mapListeners) each();
    else if (event.evtype === XI.hierarchy) readDevices().catch(() => undefined);
    else {
      const raw = readRaw(event);
      if (raw !== null) listener(raw);
    }
  });
  xinput.XISelectEvents(root, [
    { deviceId: ALL_MASTERS, mask: [...RAW, ...TOUCH] },
    { deviceId: ALL_DEVICES, mask: ["HierarchyChanged"] },
  ]);
  await readDevices();
  return {
    devices: () => devices,
    keymap: () => readKeymap(client),
    sync: async () => {
      await ask<unknown>((reply) => client.GetInputFocus(reply));
    },
    onKeymap: (each) => mapListeners.push(each),
    onEnded: (each) => void ended.then((error) => !closed && each(error)),
    close: () => {
      closed = true;
      client.terminate();
    },
  };
}

async function readKeymap(client: XClient): Promise<Keymap> {
  const { min_keycode: first, max_keycode: last } = client.display;
  const [rows, modifiers] = await Promise.all([
    ask<number[][]>((reply) => client.GetKeyboardMapping(first, last - first + 1, reply)),
    ask<number[][]>((reply) => client.GetModifierMapping(reply)),
  ]);
  return { first, rows, modifiers };
}

function readRaw(event: XEvent): RawEvent | null {
  const { evtype, sourceId: source = 0, time = 0, detail: code = 0, valuators = {} } = event;
  switch (evtype) {
    case XI.key[0]:
    case XI.key[1]:
      return { kind: "key", source, time, code, down: evtype === XI.key[0] };
    case XI.button[0]:
    case XI.button[1]:
      return { kind: "button", source, time, code, down: evtype === XI.button[0] };
    case XI.touch[0]:
    case XI.touch[1]:
      return { kind: "button", source, time, code: TOUCH_BUTTON, down: evtype === XI.touch[0] };
    case XI.motion:
      return { kind: "motion", source, time, x: valuators[0] ?? null, y: valuators[1] ?? null };
    default:
      return null;
  }
}

function byId(all: readonly XInputDevice[]): Map<number, Device> {
  const pointers = (use: number) => use >= SLAVE_POINTER && use <= FLOATING;
  return new Map(
    all
      .filter(({ use }) => pointers(use))
      .map(({ deviceId: id, name, classes }) => {
        const isAbsolute =
          isAbsoluteAnyway(name) || classes.some((each) => each.number === 0 && each.mode === ABSOLUTE);
        return [id, { id, name, isXTest: / XTEST (pointer|keyboard)$/.test(name), isAbsolute }];
      }),
  );
}

/** Xephyr calls its mouse's axes relative and reports places all the same (hw/kdrive/ephyr). */
function isAbsoluteAnyway(name: string): boolean {
  return name === "Xephyr virtual mouse";
}

function requireXInput(client: XClient): Promise<XInput> {
  return new Promise((resolve, reject) => {
    client.require("xinput", (error, extension) => {
      if (error) reject(error);
      else if (extension.xi2 === null || extension.xi2.minorVersion < 1) reject(new Error("it has no XInput 2.1"));
      else resolve(extension);
    });
  });
}

function ask<T>(request: (reply: (error: Error | null | undefined, value: T) => boolean) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    request((error, value) => {
      if (error) reject(error);
      else resolve(value);
      return true;
    });
  });
}
