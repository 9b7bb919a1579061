/**
 * Bad policies, settings and flags: each is refused with what is wrong and where, and nothing is lost by it. The bad zips
 * are in electron/journal/bad-zips.test.ts.
 */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { FlagError, parseFlags } from "./flags.ts";
import { PolicyStore, readPolicyFile } from "./policies.ts";
import { DEFAULTS, loadSettings, saveSettings, setAside } from "./settings.ts";
import { badJsonFiles, DOUBTFUL, placeFor } from "./test-bad-json.ts";

const SEED = 20261124;
const root = mkdtempSync(join(tmpdir(), "bad-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = "";
let made = 0;
beforeEach(() => {
  made += 1;
  folder = join(root, String(made));
  mkdirSync(folder);
});

const POLICY = {
  version: 1,
  name: "Notes",
  rules: [
    { id: "look", effect: "allow", actions: ["screenshot"] },
    {
      id: "point",
      effect: "allow",
      actions: ["left_click"],
      app: ["mousepad"],
      region: { space: "screenshot", of: [1280, 800], rect: [0, 0, 640, 400] },
      maxUses: 50,
    },
  ],
  lease: { actions: 100, minutes: 15 },
};
const [LOOK, POINT] = POLICY.rules;
const rule = (fields: object) => ({ ...POLICY, rules: [{ ...LOOK, ...fields }] });
const region = (fields: object) => ({ ...POLICY, rules: [{ ...POINT, region: { ...POINT?.region, ...fields } }] });

/** Policies that are JSON and no policy. */
const WRONG_POLICIES: readonly (readonly [name: string, json: unknown, says: RegExp])[] = [
  ["a list", [POLICY], /^policy: expected an object, got a list of 1$/],
  ["null", null, /^policy: expected an object, got null$/],
  ["a text", "policy", /^policy: expected an object, got "policy"$/],
  ["a number", 7, /^policy: expected an object, got 7$/],
  ["nothing in it", {}, /^version: is missing$/],
  ["another version", { ...POLICY, version: 2 }, /^version: expected 1, got 2$/],
  ["the version as a text", { ...POLICY, version: "1" }, /^version: expected 1, got "1"$/],
  ["no name", { ...POLICY, name: undefined }, /^name: is missing$/],
  ["an empty name", { ...POLICY, name: "" }, /^name: must not be empty$/],
  ["a long name", { ...POLICY, name: "x".repeat(81) }, /^name: must have at most 80 characters$/],
  ["a name of another type", { ...POLICY, name: ["Notes"] }, /^name: expected a text, got a list of 1$/],
  ["an unknown field", { ...POLICY, rule: [] }, /^rule: is not a known field; leave it out$/],
  ["a field named constructor", { ...POLICY, constructor: 1 }, /^constructor: is not a known field/],
  ["no rules", { ...POLICY, rules: [] }, /^rules: /],
  ["rules as an object", { ...POLICY, rules: {} }, /^rules: expected a list, got an object$/],
  [
    "too many rules",
    { ...POLICY, rules: Array.from({ length: 501 }, (_, i) => ({ ...LOOK, id: `${i}` })) },
    /^rules: /,
  ],
  ["a rule that is null", { ...POLICY, rules: [null] }, /^rules\[0\]: expected an object, got null$/],
  ["the same id twice", { ...POLICY, rules: [LOOK, LOOK] }, /^rules\[1\]\.id: "look" is used twice$/],
  [
    "an unknown effect",
    rule({ effect: "alow" }),
    /^rules\[0\]\.effect: expected one of "allow", "ask", "deny", got "alow"$/,
  ],
  ["an effect of another type", rule({ effect: true }), /^rules\[0\]\.effect: expected one of .*, got true$/],
  ["an unknown action", rule({ actions: ["clck"] }), /^rules\[0\]\.actions\[0\]: expected one of .*, got "clck"$/],
  ["actions as a text", rule({ actions: "screenshot" }), /^rules\[0\]\.actions: expected a list, got "screenshot"$/],
  ["an empty list of actions", rule({ actions: [] }), /^rules\[0\]\.actions: must not be empty/],
  ["too many actions", rule({ actions: Array(101).fill("wait") }), /^rules\[0\]\.actions: must have at most 100/],
  ["app as a text", rule({ app: "mousepad" }), /^rules\[0\]\.app: expected a list, got "mousepad"$/],
  ["a program that is a number", rule({ app: [5] }), /^rules\[0\]\.app\[0\]: expected a text, got 5$/],
  ["an unknown field of a rule", rule({ apps: [] }), /^rules\[0\]\.apps: is not a known field/],
  ["a condition of no listed action", rule({ text: "a" }), /^rules\[0\]\.text: applies to none of the rule's actions/],
  ["uses of a denial", rule({ effect: "deny", maxUses: 1 }), /^rules\[0\]\.maxUses: is for allow rules only$/],
  ["uses below one", rule({ maxUses: 0 }), /^rules\[0\]\.maxUses: .*got 0$/],
  ["half a use", rule({ maxUses: 1.5 }), /^rules\[0\]\.maxUses: expected a whole number, got 1\.5$/],
  ["a huge number of uses", rule({ maxUses: 1e15 }), /^rules\[0\]\.maxUses: .*got 1000000000000000$/],
  ["a rule about nothing", { ...POLICY, rules: [{ id: "a", effect: "allow" }] }, /^rules\[0\]\.actions: is missing; /],
  ["an expression that does not end", rule({ actions: ["type"], text: "(a" }), /^rules\[0\]\.text: /],
  ["an expression that looks back", rule({ actions: ["type"], text: "(?<=a)b" }), /^rules\[0\]\.text: /],
  ["an endless expression", rule({ actions: ["type"], text: "a".repeat(100_000) }), /^rules\[0\]\.text: /],
  ["keys nobody has", rule({ actions: ["key"], keys: ["ctrl+"] }), /^rules\[0\]\.keys\[0\]: /],
  ["an unknown space", region({ space: "moon" }), /^rules\[0\]\.region(\.space)?: /],
  ["a region without area", region({ rect: [5, 5, 5, 9] }), /^rules\[0\]\.region\.rect: has no area/],
  ["a region beyond its picture", region({ rect: [0, 0, 1281, 9] }), /^rules\[0\]\.region\.rect: reaches beyond/],
  ["a region of three", region({ rect: [0, 0, 9] }), /^rules\[0\]\.region\.rect/],
  ["a region below zero", region({ rect: [-1, 0, 9, 9] }), /^rules\[0\]\.region\.rect\[0\]: .*got -1$/],
  ["a region of texts", region({ rect: ["0", 0, 9, 9] }), /^rules\[0\]\.region\.rect\[0\]: .*got "0"$/],
  ["a huge picture", region({ of: [1e9, 800] }), /^rules\[0\]\.region\.of\[0\]: .*got 1000000000$/],
  ["a lease of nothing", { ...POLICY, lease: { actions: 0 } }, /^lease\.actions: must be at least 1$/],
  ["a lease of hours", { ...POLICY, lease: { hours: 1 } }, /^lease\.hours: is not a known field/],
  ["a lease as a list", { ...POLICY, lease: [100] }, /^lease: expected an object, got a list of 1$/],
  ["a lease below zero", { ...POLICY, lease: { costUsd: -1 } }, /^lease\.costUsd: must be more than 0$/],
];

/** One sentence for a person: no dump, nothing hidden, no end in sight otherwise. */
function isSaid(error: string): void {
  expect(error).not.toMatch(/\p{Cc}|undefined|\[object|Error:|\bat \/|invalid_|Invalid input/u);
  expect(error.length).toBeLessThan(700);
}

/** Every file of a folder with its bytes, or what it is instead. */
function stateOf(dir: string): readonly string[] {
  return readdirSync(dir)
    .sort()
    .map((name) => {
      const found = lstatSync(join(dir, name));
      const what = found.isFile()
        ? createHash("sha256")
            .update(readFileSync(join(dir, name)))
            .digest("hex")
        : `mode ${found.mode}`;
      return `${name} ${what} ${found.mtimeMs}`;
    });
}

function seeded(): (limit: number) => number {
  let state = SEED;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const BAD_POLICIES = [
  ...badJsonFiles(JSON.stringify(POLICY), seeded()),
  ...DOUBTFUL.map(({ name, member, says }) => ({
    name,
    says,
    put: (path: string) => writeFileSync(path, JSON.stringify(POLICY).replace("{", `{${member},`)),
  })),
  ...WRONG_POLICIES.map(([name, json, says]) => ({
    name,
    says,
    put: (path: string) => writeFileSync(path, JSON.stringify(json)),
  })),
];

describe("a bad policy", () => {
  it.each(BAD_POLICIES)("$name", ({ put, says }) => {
    const store = new PolicyStore(folder);
    expect(
      store.save(null, { version: 1, name: "Good", rules: [{ id: "a", effect: "ask", actions: ["key"] }] }).ok,
    ).toBe(true);
    const dir = join(folder, "policies");
    const path = placeFor(dir, 1);
    put(path);
    const before = stateOf(dir);
    const read = readPolicyFile(path);
    const error = read.ok ? "accepted" : read.error;
    expect(error).toMatch(says);
    isSaid(error);
    // The others load, and this one is named.
    const { policies, broken } = store.list();
    expect(policies.map(({ id }) => id)).toEqual(["good"]);
    expect(broken).toEqual([{ file: "bad-1.json", error }]);
    // As a flag it starts nothing.
    expect(() => parseFlags([`--policy=${path}`])).toThrow(FlagError);
    expect(() => parseFlags([`--policy=${path}`])).toThrow(/^--policy: /);
    expect(stateOf(dir)).toEqual(before);
  });

  it("a name that nothing has", () => {
    expect(readPolicyFile(join(folder, "none.json"))).toEqual({
      ok: false,
      error: "can't be read: there is no such file; check its name",
    });
    expect(readPolicyFile(join(folder, "x".repeat(300)))).toMatchObject({ error: expect.stringMatching(/too long/) });
  });
});

const GOOD_SETTINGS = { version: 1, theme: "dark", instructions: "Be careful" };

/** Settings that are JSON, with one that is wrong: the others are kept. */
const WRONG_SETTINGS: readonly (readonly [member: string, says: RegExp])[] = [
  ['"armingMs":-1', /armingMs: /],
  ['"armingMs":"300"', /armingMs: expected a number, got "300"/],
  ['"armingMs":1e15', /armingMs: /],
  ['"armingMs":null', /armingMs: expected a number, got null/],
  ['"armingMs":0.5', /armingMs: expected a whole number, got 0\.5/],
  ['"holdMs":299', /holdMs: /],
  ['"confirmMs":[3000]', /confirmMs: expected a number, got a list of 1/],
  ['"notify":"yes"', /notify: expected true or false, got "yes"/],
  ['"sound":1', /sound: expected true or false, got 1/],
  ['"anyInput":{}', /anyInput: expected true or false, got an object/],
  ['"keys":[]', /keys: expected an object, got a list of 0/],
  ['"keys":{"approve":5}', /keys\.approve: expected a text, got 5/],
  ['"keys":{"aprove":"F2"}', /keys(\.aprove)?: /],
  ['"keys":{"approve":"y"}', /keys: approve: "y" needs Ctrl or Alt/],
  ['"settleMs":99', /settleMs: /],
  ['"settleMs":1e308', /settleMs: /],
  ['"retention":{"days":-1}', /retention/],
  ['"retention":"for ever"', /retention: expected an object, got "for ever"/],
  ['"privacy":{"regions":[[0,0,5]],"programs":[]}', /privacy\.regions\[0\]/],
  ['"privacy":{"regions":[],"programs":[1]}', /privacy\.programs\[0\]: expected a text, got 1/],
  ['"reasons":"Not now"', /reasons: expected a list, got "Not now"/],
  ['"reasons":["","a"]', /reasons\[0\]: /],
  ['"colour":"red"', /colour: /],
  ['"constructor":{"prototype":{}}', /constructor: /],
  ['"toString":1', /toString: /],
  ['"__proto__ ":1', /__proto__ : /],
];

describe("bad settings", () => {
  it.each(badJsonFiles(JSON.stringify(GOOD_SETTINGS), seeded()))("$name: the defaults, and why", ({ put, says }) => {
    const file = join(folder, "settings.json");
    put(file);
    const before = stateOf(folder);
    const { settings, problems } = loadSettings(file);
    expect(settings).toEqual(DEFAULTS);
    expect(problems).toHaveLength(1);
    const [problem = ""] = problems;
    expect(problem).toMatch(/^settings\.json: .*the defaults are used/);
    expect(problem).toMatch(says);
    isSaid(problem);
    expect(stateOf(folder)).toEqual(before);
    // The first change keeps what was there, under another name.
    setAside(file);
    saveSettings(file, { ...DEFAULTS, theme: "light" });
    expect(loadSettings(file)).toMatchObject({ settings: { theme: "light" }, problems: [] });
    const [aside] = stateOf(folder).filter((line) => line.startsWith("settings.json.broken "));
    expect(aside?.split(" ")[1]).toBe(before[0]?.split(" ")[1]);
  });

  it.each([
    ...WRONG_SETTINGS.map(([member, says]) => ({ member, says })),
    ...DOUBTFUL.map(({ member, says }) => ({ member, says: new RegExp(says.source.replaceAll("^", "")) })),
  ])("$member: that one is named, the others are kept", ({ member, says }) => {
    const file = join(folder, "settings.json");
    const text = JSON.stringify(GOOD_SETTINGS).replace(/\}$/, `,${member}}`);
    writeFileSync(file, text);
    const { settings, problems } = loadSettings(file);
    expect(settings).toEqual({ ...DEFAULTS, theme: "dark", instructions: "Be careful" });
    expect(problems[0]).toMatch(/^settings\.json: /);
    expect(problems[0]).toMatch(says);
    for (const problem of problems) isSaid(problem);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect({}).not.toHaveProperty("armingMs");
  });

  it("a setting given twice is neither of the two", () => {
    const file = join(folder, "settings.json");
    writeFileSync(file, '{"version":1,"theme":"dark","theme":"light","sound":false}');
    expect(loadSettings(file)).toEqual({
      settings: { ...DEFAULTS, sound: false },
      problems: ["settings.json: theme: is given twice; keep one of them; the default is used"],
    });
  });

  it("each set aside has a name of its own", () => {
    const file = join(folder, "settings.json");
    for (const content of ["a", "b", "c"]) {
      writeFileSync(file, content);
      setAside(file);
    }
    expect(readdirSync(folder).sort()).toEqual(
      ["", ".broken", ".broken-2", ".broken-3"].map((end) => `settings.json${end}`),
    );
  });
});

describe("a bad flag starts nothing", () => {
  const cases: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
    [["--max-steps=1e3"], /^--max-steps: expected a whole number above 0, got "1e3"$/],
    [["--max-steps=99999999999999999999"], /^--max-steps: expected a whole number above 0/],
    [["--max-steps=١٢"], /^--max-steps: expected a whole number/],
    [["--max-minutes=1e999"], /^--max-minutes: expected a number above 0/],
    [[`--max-usd=${"9".repeat(400)}`], /^--max-usd: expected a number above 0/],
    [["--max-usd=-0"], /^--max-usd: expected a number above 0/],
    [["--where=own:0x0"], /^--where: expected own/],
    [["--where=own:1280x800;id"], /^--where: expected own/],
    [["--where=own:99999x99999"], /^--where: expected own/],
    [["--model=__proto__"], /^--model: unknown model "__proto__"/],
    [["--model=claude-opus-5-5\u0000"], /^--model: unknown model/],
    [["--__proto__=1"], /is not a flag/],
    [["--constructor=1"], /^--constructor: unknown flag/],
    [["--policy=/dev/zero"], /^--policy: .*is no plain file/],
    [["--policy=/"], /^--policy: .*is a folder/],
    [["--policy=../../../nowhere.json"], /^--policy: .*there is no such file/],
    [["--task=a", "--task=b"], /^--task: is given twice$/],
  ];
  it.each(cases)("%j", (argv, says) => {
    expect(() => parseFlags(argv)).toThrow(FlagError);
    expect(() => parseFlags(argv)).toThrow(says);
  });
});

it("these are most of the 200", () => {
  const files = 2 * badJsonFiles("{}", seeded()).length + 2 * DOUBTFUL.length;
  expect(files + WRONG_POLICIES.length + WRONG_SETTINGS.length).toBeGreaterThan(200);
});
