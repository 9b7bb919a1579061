import { describe, expect, test } from "vitest";
import { CHORD_NAMES, type Chords, chordCombo, chordsProblem, chordText, DEFAULT_CHORDS } from "./chords.ts";
import { DEFAULT_BINDINGS } from "./key-bindings.ts";

const problemOf = (chords: Partial<Chords>, keys = DEFAULT_BINDINGS) =>
  chordsProblem({ ...DEFAULT_CHORDS, ...chords }, keys);

test("the chords as they come can be used, and are written for people and for Electron", () => {
  expect(problemOf({})).toBeNull();
  expect(CHORD_NAMES.map((name) => chordText(DEFAULT_CHORDS[name]))).toEqual([
    "Ctrl+Shift+F12",
    "Ctrl+Shift+F9",
    "Ctrl+Shift+F10",
    "Ctrl+Shift+F11",
    "Ctrl+Shift+F8",
  ]);
});

test.each([
  ["alt+ctrl+x", "Ctrl+Alt+X"],
  ["ctrl+alt+X", "Ctrl+Alt+X"],
  ["super+shift+Page_Up", "Shift+Super+PageUp"],
  ["ctrl+shift+space", "Ctrl+Shift+Space"],
  ["ctrl+alt+F13", "Ctrl+Alt+F13"],
])("%s may be one, written %s", (chord, shown) => {
  expect(problemOf({ approve: chord })).toBeNull();
  expect(chordText(chord)).toBe(shown);
});

describe("refused, by the name of the chord", () => {
  test.each<[Partial<Chords>, string]>([
    [{ stop: "F12" }, 'stop: "F12" needs two of Ctrl, Alt, Shift and Super at least'],
    [{ approve: "ctrl+F9" }, 'approve: "ctrl+F9" needs two of Ctrl, Alt, Shift and Super at least'],
    [{ stop: "ctrl+shift" }, 'stop: "ctrl+shift" has modifiers only; add a key'],
    [{ stop: "" }, "stop: expected a key such as Return or ctrl+s, got an empty text"],
    [{ reject: "ctrl+shift+Retrun" }, 'reject: unknown key "Retrun"; did you mean Return?'],
    [
      { reject: "ctrl+shift+Return" },
      'reject: "ctrl+shift+Return" has to end in a letter, an F key, Space, Insert, Home, End, Page_Up or Page_Down',
    ],
    [
      { reject: "ctrl+shift+?" },
      'reject: "ctrl+shift+?" has to end in a letter, an F key, Space, Insert, Home, End, Page_Up or Page_Down',
    ],
    [
      { approve: "ctrl+alt+7" },
      'approve: "ctrl+alt+7" has to end in a letter, an F key, Space, Insert, Home, End, Page_Up or Page_Down',
    ],
    [{ takeOver: "ctrl+alt+F2" }, 'takeOver: "ctrl+alt+F2" switches consoles'],
    [{ reject: "shift+ctrl+f9" }, "reject: Ctrl+Shift+F9 is taken by approve"],
    [{ stop: "ctrl+shift+F9" }, "approve: Ctrl+Shift+F9 is taken by stop"],
    [{ approve: "ctrl+shift+super+F12" }, "approve: Ctrl+Shift+Super+F12 has all of Ctrl+Shift+F12, which stops"],
  ])("%o", (chords, problem) => {
    expect(problemOf(chords)).toBe(problem);
  });

  test("what is a key of the window already", () => {
    const keys = { ...DEFAULT_BINDINGS, edit: "ctrl+shift+F9" };
    expect(problemOf({}, keys)).toBe("approve: Ctrl+Shift+F9 is edit in the window already");
    // Our window can't tell Cmd from Ctrl.
    expect(problemOf({ approve: "super+shift+e" }, { ...keys, edit: "ctrl+shift+E" })).toMatch(
      /^approve: .* is edit in/,
    );
    expect(chordsProblem(DEFAULT_CHORDS, null)).toBeNull();
  });
});

test("a chord that was never checked is a defect, not a silent one", () => {
  expect(() => chordCombo("F9")).toThrow(RangeError);
});
