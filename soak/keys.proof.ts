/** Every key name that Claude uses reaches a program as that key, on several layouts: what `xev` says it got. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileText, startTestDesktop, until } from "../electron/computer/x11/test-desktop.ts";
import { TestHands } from "../electron/computer/x11/test-hands.ts";
import { openboxConfig } from "../electron/desktop/openbox-config.ts";
import { parseKeys } from "../shared/keys.ts";
import { type Proof, randomBelow } from "./proof.ts";

const LAYOUTS = ["us", "de", "fr", "ru"] as const;
const MASK: Readonly<Record<string, number>> = { shift: 1, ctrl: 4, alt: 8, super: 64 };
const HELD = new Set(["Shift_L", "Control_L", "Alt_L", "Super_L"]);
/** Shift is part of some characters, and of others on another layout: only these are compared. */
const COMPARED = 4 + 8 + 64;

/** As written, and the name of the keysym that X's own tables have for it; one of several names for a character. */
const KEYS: readonly (readonly [string, string])[] = [
  ...same(
    "Return BackSpace Tab Escape Delete Insert Home End Left Up Right Down space Pause Print Menu Help Undo Redo",
  ),
  ...same("Find Cancel Select Execute Scroll_Lock Begin Break Sys_Req"),
  ...same("KP_Enter KP_Home KP_Left KP_Up KP_Right KP_Down KP_End KP_Begin KP_Insert KP_Delete KP_Equal KP_Multiply"),
  ...same("KP_Add KP_Separator KP_Subtract KP_Decimal KP_Divide KP_Space KP_Tab"),
  ...same("XF86AudioMute XF86AudioPlay XF86Back XF86Forward XF86Reload XF86Refresh XF86HomePage"),
  ...Array.from({ length: 24 }, (_, i) => [`F${i + 1}`, `F${i + 1}`] as const),
  ...Array.from({ length: 10 }, (_, i) => [`KP_${i}`, `KP_${i}`] as const),
  ...[..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"].map((key) => [key, key] as const),
  ...same(
    "exclam quotedbl numbersign dollar percent ampersand apostrophe parenleft parenright asterisk plus comma minus",
  ),
  ...same("period slash colon semicolon less equal greater question at bracketleft backslash bracketright asciicircum"),
  ...same("underscore grave braceleft bar braceright asciitilde adiaeresis ssharp"),
  ...Object.entries({
    Page_Up: "Prior",
    Page_Down: "Next",
    PageDown: "Next",
    Prior: "Prior",
    Next: "Next",
    KP_Page_Up: "KP_Prior",
    KP_Page_Down: "KP_Next",
    enter: "Return",
    RETURN: "Return",
    esc: "Escape",
    del: "Delete",
    backspace: "BackSpace",
    ArrowDown: "Down",
    "?": "question",
    "!": "exclam",
    "@": "at",
    "+": "plus",
    "ctrl++": "plus",
    "ctrl+-": "minus",
    "ctrl+c": "c",
    "Ctrl+S": "S",
    "ctrl+shift+t": "T",
    "shift+Tab": "ISO_Left_Tab",
    "alt+Left": "Left",
    "F5+ctrl": "F5",
    "cmd+e": "e",
    "alt+shift+F7": "F7",
    "ctrl+alt+Delete": "Delete",
    "ctrl+/": "slash",
    "ctrl+[": "bracketleft",
    ß: "ssharp",
    // A key of the layout gives the old keysym of its character, a lent one the one by its number.
    "€": "EuroSign|U20AC",
    ж: "Cyrillic_zhe|U0436",
    Ω: "Greek_OMEGA|U03A9",
    好: "U597D",
    U20AC: "EuroSign|U20AC",
  }),
];

export const PROOFS: readonly Proof[] = [
  {
    name: "every key name arrives as that key",
    whole: KEYS.length * LAYOUTS.length,
    sample: 60,
    run: async (count, seed) => {
      const each = Math.ceil(count / LAYOUTS.length);
      const wrong: string[] = [];
      for (const layout of LAYOUTS) wrong.push(...(await wrongOn(layout, some(each, seed))));
      if (wrong.length > 0) throw new Error(`${wrong.length} wrong: ${wrong.join("; ")}`);
      return `${each * LAYOUTS.length} keys on ${LAYOUTS.join(", ")}: 0 wrong`;
    },
  },
];

function same(names: string): (readonly [string, string])[] {
  return names.split(" ").map((name) => [name, name] as const);
}

/** `count` of the table in a random order, all of it when that is its length. */
function some(count: number, seed: number) {
  const below = randomBelow(seed);
  const rest = [...KEYS];
  return Array.from({ length: Math.min(count, KEYS.length) }, () => rest.splice(below(rest.length), 1)).flat();
}

/** Presses `keys` into xev, one after the other; what came otherwise, in words. */
async function wrongOn(layout: string, keys: readonly (readonly [string, string])[]): Promise<string[]> {
  // An own desktop's window manager takes no key for itself; the configuration of its package takes Print and super+e.
  const desktop = await startTestDesktop(undefined, openboxConfig());
  try {
    execFileSync("setxkbmap", [layout], { env: desktop.env });
    const hands = new TestHands(desktop.x11);
    const log = join(desktop.folder, "xev.log");
    desktop.start("sh", ["-c", `exec stdbuf -oL xev -event keyboard > '${log}'`]);
    await until("xev", async () => (await hands.focusWindow())?.title === "Event Tester");
    await sleep(300);
    const wrong: string[] = [];
    for (const [written, expected] of keys) {
      const before = (await fileText(log, () => true)).length;
      const parsed = parseKeys(written);
      if (!parsed.ok) {
        wrong.push(`${layout}: ${parsed.error}`);
        continue;
      }
      await hands.pressKeys(parsed.combo);
      const ask = parsed.combo.modifiers.reduce((mask, name) => mask | (MASK[name] ?? 0), 0) & COMPARED;
      const got = pressed(await fileText(log, (text) => pressed(text.slice(before)).length > 0), before);
      const want = expected.split("|").map((name) => `${ask} ${name}`);
      if (!got.every((each) => want.includes(each)) || got.length !== 1) {
        wrong.push(`${layout}: ${written} came as ${got.join(" and ") || "nothing"}`);
      }
    }
    return wrong;
  } finally {
    await desktop.close();
  }
}

/** The keys pressed in a stretch of xev's log, modifiers by their mask: `4 c`. */
function pressed(log: string, from = 0): string[] {
  const events = log
    .slice(from)
    .matchAll(/^KeyPress event[\s\S]*?state (0x[0-9a-f]+), keycode \d+ \(keysym (0x[0-9a-f]+), (\S+)\)/gm);
  return [...events]
    .map(([, state, , keysym]) => ({ mask: Number(state) & COMPARED, keysym: keysym ?? "" }))
    .filter(({ keysym }) => !HELD.has(keysym))
    .map(({ mask, keysym }) => `${mask} ${keysym}`);
}
