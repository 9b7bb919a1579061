/**
 * Input methods (ibus, fcitx and others) stand between keys and programs: with Vietnamese on, `tieengs` arrives as
 * "tiếng", and what has no part in it may come in another order. They are found by their servers on the display (XIM:
 * the root window's `XIM_SERVERS`) and by their processes there; whether one changes keys now is asked of it by its own
 * command. None is switched: ibus changes the keyboard map with its engines.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { X11 } from "./connection.ts";

const run = promisify(execFile);

/** Their processes' names, at most 15 characters (proc(5)), and what people call them. */
const PROCESSES: Readonly<Record<string, string>> = {
  "ibus-daemon": "ibus",
  fcitx5: "fcitx5",
  fcitx: "fcitx",
  "scim-launcher": "scim",
  "uim-xim": "uim",
  nimf: "nimf",
  kime: "kime",
  gcin: "gcin",
  hime: "hime",
};
const SERVER = "@server=";
const ASK = 1000;

/** How an input method is asked what it does now; resolves with what its command wrote. */
export type AskMethod = (command: string, args: readonly string[]) => Promise<string>;

/** Asks in the environment of this process: for the desktop it was started on, never for one that others can fill. */
export async function askMethod(command: string, args: readonly string[]): Promise<string> {
  return (await run(command, [...args], { timeout: ASK })).stdout.trim();
}

/**
 * The input method that would change keys on the display, in words; null when there is none or it lets them through.
 * Without `ask` one that is there counts as one that changes them.
 */
export async function activeInputMethod(x11: X11, ask: AskMethod | null): Promise<string | null> {
  const names = new Set([...(await servers(x11)), ...processesOn(x11.display)]);
  // fcitx5 serves under its old name.
  if (names.has("fcitx5")) names.delete("fcitx");
  for (const name of names) {
    const does = ask === null ? name : await changes(name, ask);
    if (does !== null) return does;
  }
  return null;
}

/** Null when the input method `name` lets keys through now, else its name and what it is set to. */
async function changes(name: string, ask: AskMethod): Promise<string | null> {
  try {
    if (name === "ibus") {
      const engine = await ask("ibus", ["engine"]);
      // Engines of this name are plain keyboard layouts.
      return engine.startsWith("xkb:") ? null : `ibus, ${engine}`;
    }
    // 0: closed, 1: off, 2: on.
    if (name === "fcitx" || name === "fcitx5") return (await ask(`${name}-remote`, [])) === "2" ? name : null;
  } catch {
    // It does not answer, or has no engine yet.
  }
  return name;
}

/** XIM servers whose selection somebody owns: a server that has ended leaves its name behind. */
async function servers(x11: X11): Promise<string[]> {
  const list = await x11.property(x11.root, "XIM_SERVERS");
  const atoms = Array.from({ length: (list?.data.length ?? 0) >> 2 }, (_, i) => list?.data.readUInt32LE(i * 4) ?? 0);
  const names = await Promise.all(atoms.map((atom) => x11.atomName(atom)));
  const alive = await Promise.all(names.map(async (name) => (await x11.selectionOwner(name)) !== 0));
  return names.filter((name, i) => name.startsWith(SERVER) && alive[i]).map((name) => name.slice(SERVER.length));
}

/** Input methods of this user that were started on `display`. */
function processesOn(display: string): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const name = PROCESSES[readFileSync(`/proc/${pid}/comm`, "latin1").trim()];
      if (name === undefined) return [];
      const [, on] = /(?:^|\0)DISPLAY=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1")) ?? [];
      return on?.replace(/\.\d+$/, "") === display.replace(/\.\d+$/, "") ? [name] : [];
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  });
}
