import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { characterKeysym, formatKeys, keysymOf, MODIFIERS, parseKeys, parseModifiers } from "./keys.ts";
import { textPieces } from "./visible-text.ts";

/** The one spelling a text stands for, or its error. */
function canonical(text: string): string {
  const parsed = parseKeys(text);
  return parsed.ok ? formatKeys(parsed.combo) : `error: ${parsed.error}`;
}

describe("names", () => {
  test.each([
    ["Return", "Return"],
    ["return", "Return"],
    ["ENTER", "Return"],
    ["KP_Enter", "KP_Enter"],
    ["Tab", "Tab"],
    ["ISO_Left_Tab", "ISO_Left_Tab"],
    ["space", "space"],
    ["Space", "space"],
    [" ", "space"],
    ["Escape", "Escape"],
    ["esc", "Escape"],
    ["BackSpace", "BackSpace"],
    ["Backspace", "BackSpace"],
    ["backspace", "BackSpace"],
    ["Delete", "Delete"],
    ["del", "Delete"],
    ["Insert", "Insert"],
    ["Home", "Home"],
    ["End", "End"],
    ["Page_Down", "Page_Down"],
    ["PageDown", "Page_Down"],
    ["pgdn", "Page_Down"],
    ["Next", "Page_Down"],
    ["Page_Up", "Page_Up"],
    ["Prior", "Page_Up"],
    ["Left", "Left"],
    ["ArrowUp", "Up"],
    ["down", "Down"],
    ["Right", "Right"],
    ["Print", "Print"],
    ["Menu", "Menu"],
    ["Caps_Lock", "Caps_Lock"],
    ["KP_5", "KP_5"],
    ["kp_add", "KP_Add"],
    ["XF86AudioMute", "XF86AudioMute"],
    ["minus", "-"],
    ["period", "."],
    ["slash", "/"],
    ["plus", "+"],
    ["a", "a"],
    ["A", "A"],
    ["ä", "ä"],
    ["Ä", "Ä"],
    ["udiaeresis", "ü"],
    ["Udiaeresis", "Ü"],
    ["ssharp", "ß"],
    ["EuroSign", "€"],
    ["U20AC", "€"],
    ["u1F600", "😀"],
    ["你", "你"],
    ["super", "super"],
    ["Super_L", "super"],
    ["cmd", "super"],
    ["Command", "super"],
    ["win", "super"],
    ["Shift_R", "shift"],
    ["Control_L", "ctrl"],
    ["option", "alt"],
    ["meta", "alt"],
  ])("%s is %s", (written, expected) => {
    expect(canonical(written)).toBe(expected);
  });

  test.each(Array.from({ length: 24 }, (_, i) => i + 1))("F%i", (n) => {
    expect(canonical(`F${n}`)).toBe(`F${n}`);
    expect(canonical(`ctrl+f${n}`)).toBe(`ctrl+F${n}`);
    expect(keysymOf(`F${n}`)).toBe(0xffbe + n - 1);
  });
});

describe("combinations", () => {
  test.each([
    ["ctrl+s", "ctrl+s"],
    ["Ctrl+S", "ctrl+S"],
    ["ctrl+shift+T", "ctrl+shift+T"],
    ["shift+ctrl+T", "ctrl+shift+T"],
    ["SHIFT+Control+alt+CMD+F5", "ctrl+alt+shift+super+F5"],
    ["s+ctrl", "ctrl+s"],
    ["ctrl+ctrl+s", "ctrl+s"],
    ["ctrl + s", "ctrl+s"],
    ["ctrl+ ", "ctrl+space"],
    ["alt+shift", "alt+shift"],
    ["+", "+"],
    ["ctrl++", "ctrl++"],
    ["ctrl+plus", "ctrl++"],
    ["ctrl + shift ++", "ctrl+shift++"],
    ["alt+F4", "alt+F4"],
    ["ctrl+Page_Down", "ctrl+Page_Down"],
    ["ctrl+alt+Delete", "ctrl+alt+Delete"],
  ])("%s is %s", (written, expected) => {
    expect(canonical(written)).toBe(expected);
  });
});

describe("errors", () => {
  test.each([
    ["", "expected a key such as Return or ctrl+s, got an empty text"],
    ["Retrun", 'unknown key "Retrun"; did you mean Return?'],
    ["Retrn", 'unknown key "Retrn"; did you mean Return?'],
    ["ctrl+Bakspace", 'unknown key "Bakspace"; did you mean BackSpace?'],
    ["cntrl+s", 'unknown key "cntrl"; did you mean ctrl, control?'],
    ["Page Down", 'unknown key "Page Down"; did you mean Page_Down?'],
    ["page-up", 'unknown key "page-up"; did you mean Page_Up?'],
    ["Caps Lock", 'unknown key "Caps Lock"; did you mean Caps_Lock?'],
    ["Down Down Down", '"Down Down Down" is more than one key combination; press one at a time, or use repeat'],
    ["qwertzuiop", 'unknown key "qwertzuiop"'],
    ["F25", 'unknown key "F25"; did you mean F2, F5, F15?'],
    ["a+b", '"a+b" has two keys, "a" and "b"; press one at a time'],
    ["space+a", '"space+a" has two keys, "space" and "a"; press one at a time'],
    ["ctrl+", '"ctrl+" has an empty part; write the plus key as ctrl++'],
    ["++", '"++" has an empty part; write the plus key as ctrl++'],
    ["constructor", 'unknown key "constructor"'],
    ["__proto__", 'unknown key "__proto__"'],
    ["\u200b", 'unknown key "<U+200B>"'],
    ["\n", 'unknown key "↵"'],
    ["\u00a0", 'unknown key "⍽"'],
    ["\ud83d", 'unknown key "<U+D83D>"'],
    ["U00A0", 'unknown key "U00A0"'],
    ["UD800", 'unknown key "UD800"'],
    ["U110000", 'unknown key "U110000"'],
    ["x".repeat(101), "expected one key combination, got 101 characters"],
  ])("%j", (written, error) => {
    const parsed = parseKeys(written);
    expect(parsed.ok ? "accepted" : parsed.error).toBe(error);
  });
});

test("modifiers can be held, keys can't", () => {
  expect(parseModifiers("ctrl+SHIFT")).toEqual({ ok: true, combo: { modifiers: ["ctrl", "shift"], key: null } });
  const refused = { ok: false, error: '"a" can\'t be held; use shift, ctrl, alt or super' };
  expect(parseModifiers("a")).toEqual(refused);
  expect(parseModifiers("shift+a")).toEqual(refused);
  expect(parseModifiers("shft")).toEqual({ ok: false, error: 'unknown key "shft"; did you mean shift?' });
});

test("keysyms are those of keysymdef.h and XF86keysym.h", () => {
  const table: Record<string, number> = {
    BackSpace: 0xff08,
    Tab: 0xff09,
    Return: 0xff0d,
    Escape: 0xff1b,
    Delete: 0xffff,
    Home: 0xff50,
    Left: 0xff51,
    Up: 0xff52,
    Right: 0xff53,
    Down: 0xff54,
    Page_Up: 0xff55,
    Page_Down: 0xff56,
    End: 0xff57,
    Print: 0xff61,
    Insert: 0xff63,
    Menu: 0xff67,
    Num_Lock: 0xff7f,
    KP_Enter: 0xff8d,
    KP_Delete: 0xff9f,
    KP_Multiply: 0xffaa,
    KP_Divide: 0xffaf,
    KP_0: 0xffb0,
    KP_5: 0xffb5,
    KP_9: 0xffb9,
    F1: 0xffbe,
    F12: 0xffc9,
    F24: 0xffd5,
    Caps_Lock: 0xffe5,
    ISO_Left_Tab: 0xfe20,
    XF86AudioMute: 0x1008ff12,
    XF86Back: 0x1008ff26,
    XF86Refresh: 0x1008ff29,
    XF86Reload: 0x1008ff73,
    a: 0x61,
    A: 0x41,
    " ": 0x20,
    "+": 0x2b,
    "~": 0x7e,
    ä: 0xe4,
    ß: 0xdf,
    ÿ: 0xff,
    "€": 0x010020ac,
    П: 0x0100041f,
    你: 0x01004f60,
    "😀": 0x0101f600,
  };
  for (const [name, keysym] of Object.entries(table)) expect([name, keysymOf(name)]).toEqual([name, keysym]);
  expect([keysymOf("nonsense"), keysymOf(""), keysymOf("constructor")]).toEqual([null, null, null]);
  expect([0x0a, 0x0d, 0x09].map(characterKeysym)).toEqual([0xff0d, 0xff0d, 0xff09]);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ maxLength: 12 }),
  fc
    .array(
      fc.constantFrom("ctrl", "Shift", "+", " ", "Return", "plus", "U20AC", "ä", "F5", "a", "__proto__", "\u202e"),
      {
        maxLength: 5,
      },
    )
    .chain((parts) => fc.constantFrom("+", "", " + ").map((by) => parts.join(by))),
);

test("never throws; what is accepted reads back as itself and has a keysym; errors show nothing invisible", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseKeys(text);
      if (!parsed.ok) {
        expect(parsed.error).not.toBe("");
        expect(textPieces(parsed.error).every((piece) => piece.kind === "plain")).toBe(true);
        return;
      }
      const { key, modifiers } = parsed.combo;
      expect(parseKeys(formatKeys(parsed.combo))).toEqual(parsed);
      expect(modifiers).toEqual(MODIFIERS.filter((m) => modifiers.includes(m)));
      expect(key === null ? modifiers.length : keysymOf(key)).toBeGreaterThan(0);
    }),
    { numRuns: 3000 },
  );
});
