import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULTS, loadSettings, type Settings, saveSettings, withReason } from "./settings.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-settings-"));
  file = join(folder, "settings.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(content: string): ReturnType<typeof loadSettings> {
  writeFileSync(file, content);
  return loadSettings(file);
}

const mode = (path: string) => statSync(path).mode & 0o777;

describe("reading", () => {
  test("a missing file means the defaults, and is no problem", () => {
    expect(loadSettings(file)).toEqual({ settings: DEFAULTS, problems: [] });
  });

  test("known values are taken", () => {
    const settings: Settings = {
      ...DEFAULTS,
      retention: { days: 30, gigabytes: null },
      privacy: { regions: [[0, 0, 1280, 24]], programs: ["keepassxc"] },
      theme: "dark",
      armingMs: 500,
      holdMs: 1000,
      notify: false,
      keys: { ...DEFAULTS.keys, approve: "F2" },
      settleMs: 3000,
      instructions: "Be careful",
      reasons: ["Not now"],
    };
    expect(load(JSON.stringify({ version: 2, ...settings }))).toEqual({ settings, problems: [] });
    expect(load('{"version":2}')).toEqual({ settings: DEFAULTS, problems: [] });
  });

  test.each(["", "{", "not json", "\0\0\0", '{"theme": "dark"'])(
    "a broken file (%j) means the defaults and one problem",
    (content) => {
      const { settings, problems } = load(content);
      expect(settings).toEqual(DEFAULTS);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^settings\.json: can't be read, the defaults are used: /);
    },
  );

  test.each(["[]", "null", '"dark"', "5"])("a file that holds %s means the defaults and one problem", (content) => {
    expect(load(content)).toEqual({
      settings: DEFAULTS,
      problems: ["settings.json: expected an object; the defaults are used"],
    });
  });

  test("a broken value is named, and the others are kept", () => {
    const { settings, problems } = load(
      JSON.stringify({ version: 1, theme: "pink", armingMs: -1, settleMs: "fast", instructions: "x" }),
    );
    expect(settings).toEqual({ ...DEFAULTS, instructions: "x" });
    expect(problems.map((problem) => problem.split(": ").slice(0, 2).join(": "))).toEqual([
      "settings.json: theme",
      "settings.json: armingMs",
      "settings.json: settleMs",
    ]);
    expect(problems.every((problem) => problem.endsWith("; the default is used"))).toBe(true);
  });

  test("keys are completed from the defaults; ones that can't be are named, and the defaults kept", () => {
    expect(load('{"version":1,"keys":{"approve":"ctrl+y"}}').settings.keys).toEqual({
      ...DEFAULTS.keys,
      approve: "ctrl+y",
    });
    const { settings, problems } = load('{"version":1,"keys":{"approve":"y"}}');
    expect(settings.keys).toEqual(DEFAULTS.keys);
    expect(problems).toEqual([
      'settings.json: keys: approve: "y" needs Ctrl or Alt, or has to be an F key; the default is used',
    ]);
  });

  test("chords are completed from the defaults; ones that can't be are named, and the defaults kept", () => {
    const { settings, problems } = load('{"version":1,"chords":{"stop":"ctrl+alt+q"}}');
    expect(settings.chords).toEqual({ ...DEFAULTS.chords, stop: "ctrl+alt+q" });
    expect(problems).toEqual([]);
    const broken = load('{"version":1,"chords":{"stop":"F12"}}');
    expect(broken.settings.chords).toEqual(DEFAULTS.chords);
    expect(broken.problems).toEqual([
      'settings.json: chords: stop: "F12" needs two of Ctrl, Alt, Shift and Super at least; the default is used',
    ]);
  });

  test("a chord that is a key of the window, too, is named; the default of whichever is in the way is used", () => {
    const chord = load('{"version":1,"chords":{"approve":"ctrl+alt+e"},"keys":{"edit":"ctrl+alt+e"}}');
    expect(chord.problems).toEqual([
      "settings.json: chords: approve: Ctrl+Alt+E is edit in the window already; the default is used",
    ]);
    expect(chord.settings).toMatchObject({ chords: DEFAULTS.chords, keys: { edit: "ctrl+alt+e" } });
    const key = load('{"version":1,"keys":{"edit":"ctrl+shift+F9"}}');
    expect(key.problems.map((problem) => problem.slice(0, 23))).toEqual(
      ["settings.json: chords: a", "settings.json: keys: app"].map((p) => p.slice(0, 23)),
    );
    expect(key.settings).toEqual(DEFAULTS);
  });

  test("unknown names are named, those of Object too", () => {
    const { settings, problems } = load(
      '{"version":1,"colour":"red","__proto__":{"armingMs":0},"constructor":1,"theme":"light"}',
    );
    expect(settings).toEqual({ ...DEFAULTS, theme: "light" });
    expect(problems).toEqual([
      "settings.json: __proto__: is a name that is never read; leave it out; the default is used",
      "settings.json: colour: unknown setting",
      "settings.json: constructor: unknown setting",
    ]);
  });

  test("a broken value inside another is named by its whole path", () => {
    const { settings, problems } = load(
      '{"version":2,"theme":"dark","privacy":{"regions":[[0,0,10,10],[0,0,"x",9]],"programs":[]},"retention":{"days":-1,"gigabytes":2}}',
    );
    expect(settings).toEqual({ ...DEFAULTS, theme: "dark" });
    expect(problems.map((problem) => problem.split(": ")[1])).toEqual(["privacy.regions[1][2]", "retention.days"]);
  });

  test("a later version is said, as is none, and what can be read is", () => {
    expect(load('{"version":3,"theme":"dark"}')).toEqual({
      settings: { ...DEFAULTS, theme: "dark" },
      problems: ["settings.json: version: expected 2, got 3"],
    });
    for (const version of ["0", "-1", "1.5", '"1"', "null"])
      expect(load(`{"version":${version}}`).problems).toHaveLength(1);
    expect(load("{}").problems).toEqual(["settings.json: version: expected 2, got undefined"]);
  });

  test("a file of version 1 is brought up: who answered the question of the record has been welcomed", () => {
    const retention = { days: 30, gigabytes: null };
    expect(load(JSON.stringify({ version: 1, theme: "dark", retention }))).toEqual({
      settings: { ...DEFAULTS, theme: "dark", retention, welcomed: true },
      problems: [],
    });
    expect(load('{"version":1,"retention":null}')).toEqual({ settings: DEFAULTS, problems: [] });
    saveSettings(file, { ...DEFAULTS, retention, welcomed: true });
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: 2, welcomed: true });
  });

  test("a folder in its place is a problem, not a crash", () => {
    mkdirSync(file);
    expect(loadSettings(file).problems).toHaveLength(1);
  });
});

describe("writing", () => {
  const changed: Settings = { ...DEFAULTS, theme: "dark", instructions: "Grüße" };

  test("reads back the same, for its owner only, with nothing left beside it", () => {
    saveSettings(file, changed);
    expect(loadSettings(file)).toEqual({ settings: changed, problems: [] });
    expect(mode(file)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });

  test("makes a missing folder, for its owner only", () => {
    const deep = join(folder, "data", "settings.json");
    saveSettings(deep, changed);
    expect(loadSettings(deep).settings).toEqual(changed);
    expect(mode(join(folder, "data"))).toBe(0o700);
  });

  test("takes away what others could read before", () => {
    writeFileSync(file, "{}");
    chmodSync(file, 0o666);
    writeFileSync(`${file}.${process.pid}.tmp`, "left by a crash");
    chmodSync(`${file}.${process.pid}.tmp`, 0o666);
    saveSettings(file, changed);
    expect(mode(file)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });

  test("that fails leaves the old file whole and nothing beside it", () => {
    saveSettings(file, changed);
    const before = readFileSync(file, "utf8");
    const blocked = join(folder, "blocked");
    mkdirSync(blocked);
    writeFileSync(join(blocked, "inside"), "");
    expect(() => saveSettings(blocked, changed)).toThrow();
    expect(readdirSync(folder).toSorted()).toEqual(["blocked", "settings.json"]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

test("reasons for rejecting are kept newest first, each once, six of them", () => {
  const reasons = ["a", "b", "c", "a", "d", "e", "f", "g"].reduce(withReason, DEFAULTS).reasons;
  expect(reasons).toEqual(["g", "f", "e", "d", "a", "c"]);
});
