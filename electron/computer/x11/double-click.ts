/**
 * How long after a press a second one still makes a double click. On X11 each toolkit has its own: GTK, Qt and Chromium
 * read XSETTINGS (`Net/DoubleClickTime`, ms), Xt the X resource `multiClickTime`; without either they use 200 to 500 ms.
 */
import type { ClickTimes } from "../hands.ts";
import type { X11 } from "./connection.ts";

/** What toolkits take when nothing is set: Xt 200, GTK and Qt 400, Chromium 500. */
const UNSET: ClickTimes = { shortest: 200, longest: 500 };
/** Of a setting; beyond it is a mistake. */
const SENSIBLE = { from: 50, to: 5000 } as const;
const INTEGER = 0;
const STRING = 1;
const COLOR = 2;

/** The times of the programs of this display now: the shortest that one of them may go by, and the longest. */
export async function clickTimes(x11: X11): Promise<ClickTimes> {
  const manager = await x11.selectionOwner("_XSETTINGS_S0");
  const [settings, resources] = await Promise.all([
    // The manager may go away between the two questions.
    manager === 0 ? null : x11.property(manager, "_XSETTINGS_SETTINGS").catch(() => null),
    x11.property(x11.root, "RESOURCE_MANAGER"),
  ]);
  const set = [
    settings === null ? null : xsetting(settings.data, "Net/DoubleClickTime"),
    resources === null ? null : multiClickTime(resources.data.toString("latin1")),
  ].filter((ms) => ms !== null && ms >= SENSIBLE.from && ms <= SENSIBLE.to);
  return set.reduce<ClickTimes>(
    ({ shortest, longest }, ms) => ({
      shortest: Math.min(shortest, ms ?? shortest),
      longest: Math.max(longest, ms ?? 0),
    }),
    UNSET,
  );
}

/**
 * A whole-number setting of the property `_XSETTINGS_SETTINGS` (XSETTINGS 0.5); null when it is not there or the bytes
 * are no such list.
 */
export function xsetting(data: Buffer, name: string): number | null {
  const big = data[0] === 1;
  const u16 = (at: number) => (big ? data.readUInt16BE(at) : data.readUInt16LE(at));
  const u32 = (at: number) => (big ? data.readUInt32BE(at) : data.readUInt32LE(at));
  const padded = (length: number) => (length + 3) & ~3;
  try {
    const count = u32(8);
    let at = 12;
    for (let i = 0; i < count; i += 1) {
      const type = data.readUInt8(at);
      const length = u16(at + 2);
      const value = at + 4 + padded(length) + 4;
      const found = data.toString("latin1", at + 4, at + 4 + length) === name;
      if (found) return type === INTEGER ? u32(value) : null;
      if (type === INTEGER) at = value + 4;
      else if (type === STRING) at = value + 4 + padded(u32(value));
      else if (type === COLOR) at = value + 8;
      else return null;
    }
    return null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `multiClickTime` of the X resources, for all programs (`*multiClickTime: 300`), ms. */
export function multiClickTime(resources: string): number | null {
  const [, ms] = /^\s*\*[mM]ultiClickTime\s*:\s*(\d+)\s*$/m.exec(resources) ?? [];
  return ms === undefined ? null : Number(ms);
}
