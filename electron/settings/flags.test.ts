import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MODELS } from "../../shared/model.ts";
import { FlagError, type Flags, parseFlags } from "./flags.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-flags-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NONE = parseFlags([]);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function errorOf(...argv: string[]): string {
  try {
    return `accepted: ${JSON.stringify(parseFlags(argv))}`;
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    return error.message;
  }
}

test("no flags leave everything to the window", () => {
  expect(NONE).toMatchObject({
    userDataDir: null,
    task: null,
    where: null,
    mode: null,
    model: null,
    limits: { steps: null, minutes: null, usd: null },
    operator: true,
    exitWhenDone: false,
    practice: false,
    health: false,
  });
});

describe("every flag", () => {
  test.each<[flag: string, value: string, change: Partial<Flags>]>([
    ["--user-data-dir", "/tmp/x y", { userDataDir: "/tmp/x y" }],
    ["--task", 'Write "a=b" -- now', { task: 'Write "a=b" -- now' }],
    ["--task", "two\nlines", { task: "two\nlines" }],
    ["--where", "own", { where: { kind: "own", size: { w: 1280, h: 800 }, programs: [] } }],
    ["--where", "this", { where: { kind: "this", monitor: null } }],
    ["--where", "this:DP-1", { where: { kind: "this", monitor: "DP-1" } }],
    ["--where", "own:1920x1080", { where: { kind: "own", size: { w: 1920, h: 1080 }, programs: [] } }],
    ["--program", "mousepad 'a b'", { programs: ["mousepad 'a b'"] }],
    ["--home", "fresh", { home: { kind: "fresh" } }],
    ["--home", "kept:work-1", { home: { kind: "kept", name: "work-1" } }],
    ["--home", "operator", { home: { kind: "operator" } }],
    ["--confine", "on", { confine: true }],
    ["--confine", "off", { confine: false }],
    ["--folder", "/srv/a:b", { folders: [{ path: "/srv/a:b", writable: false }] }],
    ["--folder", "/srv/a:ro", { folders: [{ path: "/srv/a", writable: false }] }],
    ["--folder", "/srv/a/:rw", { folders: [{ path: "/srv/a", writable: true }] }],
    ["--network", "own", { network: "own" }],
    ["--policy", "ask", { mode: { kind: "ask", askAll: false } }],
    ["--policy", "look", { mode: { kind: "look" } }],
    ["--policy", "watch", { mode: { kind: "watch" } }],
    ["--model", "claude-haiku-4-5", { model: "claude-haiku-4-5" }],
    ["--max-steps", "25", { limits: { ...NONE.limits, steps: 25 } }],
    ["--max-minutes", "1.5", { limits: { ...NONE.limits, minutes: 1.5 } }],
    ["--max-usd", "0.25", { limits: { ...NONE.limits, usd: 0.25 } }],
  ])("%s %j, after a space and after an equals sign", (flag, value, change) => {
    expect(parseFlags([flag, value])).toEqual({ ...NONE, ...change });
    expect(parseFlags([`${flag}=${value}`])).toEqual({ ...NONE, ...change });
  });

  test.each<[string, Partial<Flags>]>([
    ["--no-operator", { operator: false }],
    ["--exit-when-done", { exitWhenDone: true }],
    ["--practice", { practice: true }],
    ["--health", { health: true }],
  ])("%s is a switch", (flag, change) => {
    expect(parseFlags([flag])).toEqual({ ...NONE, ...change });
    expect(errorOf(`${flag}=1`)).toBe(`${flag}: takes no value`);
  });

  test.each(MODELS.map((model) => model.id))("--model %s is known", (id) => {
    expect(parseFlags(["--model", id]).model).toBe(id);
  });

  test("together, in any order, among Chromium's own", () => {
    const flags = parseFlags([
      "--no-sandbox",
      "--exit-when-done",
      "--max-steps=5",
      "--remote-debugging-port=0",
      "--task",
      "Look around",
      "--inspect=0",
      "--no-operator",
      "--lang=de",
    ]);
    expect(flags).toEqual({
      ...NONE,
      exitWhenDone: true,
      task: "Look around",
      operator: false,
      limits: { ...NONE.limits, steps: 5 },
    });
  });
});

test("programs and folders may be several", () => {
  const flags = parseFlags(["--program=a", "--folder=/x", "--program=b", "--folder", "/y:rw"]);
  expect(flags.programs).toEqual(["a", "b"]);
  expect(flags.folders.map(({ path }) => path)).toEqual(["/x", "/y"]);
  expect(errorOf(...Array.from({ length: 9 }, () => "--program=a"))).toContain("--program: at most 8");
});

test.each([
  [
    ["--home=kept:../x"],
    '--home: expected fresh, kept:NAME (letters, digits, dots, dashes, underscores) or operator, got "kept:../x"',
  ],
  [["--home=mine"], "--home: expected fresh"],
  [["--confine=yes"], '--confine: expected on or off, got "yes"'],
  [["--folder=:rw"], '--folder: expected FOLDER, FOLDER:ro or FOLDER:rw, got ":rw"'],
  [["--network=lan"], '--network: expected off, own, shared, got "lan"'],
  [["--confine=off", "--folder=/x"], "--folder: needs confinement"],
  [["--confine=off", "--network=off"], "--network: needs confinement"],
  [["--where=this", "--home=fresh"], "--home: is for a desktop of Claude's own"],
])("%j is refused", (argv, words) => {
  expect(errorOf(...argv)).toContain(words);
});

test("a bound in USD with a model that has no price: nothing starts, whichever says it", () => {
  const unpriced = MODELS.find(({ prices }) => prices === null);
  if (unpriced === undefined) throw new Error("every model has a price");
  const rules = [{ id: "look", effect: "allow", actions: ["screenshot"] }];
  const path = file("costly.json", JSON.stringify({ version: 1, name: "Costly", rules, lease: { costUsd: 1 } }));
  const unknown = `the price of ${unpriced.name} is not known, so it can't be kept; leave it out, or choose another model`;
  expect(errorOf(`--model=${unpriced.id}`, `--policy=${path}`)).toBe(`--policy: ${path}: lease.costUsd: ${unknown}`);
  expect(errorOf("--max-usd=2", `--model=${unpriced.id}`)).toBe(`--max-usd: ${unknown}`);
  expect(parseFlags([`--policy=${path}`, "--model=claude-opus-5-5", "--max-usd=2"]).mode?.kind).toBe("policy");
});

describe("bad flags", () => {
  test.each<[argv: string[], error: string]>([
    [["--task"], "--task: needs a value"],
    [["--task="], "--task: needs a value"],
    [["--task", "  "], "--task: needs a value"],
    [["--task", "--practice"], "--task: needs a value; for one that starts with dashes write --task=--practice"],
    [["--task", "a", "--task", "b"], "--task: is given twice"],
    [["--practice", "--practice"], "--practice: is given twice"],
    [["--max-usd=1", "--max-usd", "2"], "--max-usd: is given twice"],
    [["practice"], "practice: is not a flag; see README.md for the list"],
    [["-p"], "-p: is not a flag; see README.md for the list"],
    [["--"], "--: is not a flag; see README.md for the list"],
    [[""], ": is not a flag; see README.md for the list"],
    [["--Practice"], "--Practice: is not a flag; see README.md for the list"],
    [
      ["--where", "here"],
      '--where: expected own, own:WIDTHxHEIGHT (640x480 to 7680x4320), this or this:DISPLAY, got "here"',
    ],
    [
      ["--where", "own:639x480"],
      '--where: expected own, own:WIDTHxHEIGHT (640x480 to 7680x4320), this or this:DISPLAY, got "own:639x480"',
    ],
    [
      ["--where", "own:9999x999"],
      '--where: expected own, own:WIDTHxHEIGHT (640x480 to 7680x4320), this or this:DISPLAY, got "own:9999x999"',
    ],
    [
      ["--where", "own:1280x800x24"],
      '--where: expected own, own:WIDTHxHEIGHT (640x480 to 7680x4320), this or this:DISPLAY, got "own:1280x800x24"',
    ],
    [["--max-steps", "0"], '--max-steps: expected a whole number above 0, got "0"'],
    [["--max-steps", "2.5"], '--max-steps: expected a whole number above 0, got "2.5"'],
    [["--max-steps", "-3"], '--max-steps: expected a whole number above 0, got "-3"'],
    [["--max-steps", "ten"], '--max-steps: expected a whole number above 0, got "ten"'],
    [["--max-steps", "0x10"], '--max-steps: expected a whole number above 0, got "0x10"'],
    [["--max-minutes", "Infinity"], '--max-minutes: expected a number above 0, got "Infinity"'],
    [["--max-minutes", "NaN"], '--max-minutes: expected a number above 0, got "NaN"'],
    [["--max-usd", "1,5"], '--max-usd: expected a number above 0, got "1,5"'],
    [["--max-usd", "$1"], '--max-usd: expected a number above 0, got "$1"'],
  ])("%j", (argv, error) => {
    expect(errorOf(...argv)).toBe(error);
  });

  test.each(["--pratice", "--constructor", "--no-sandboxx", "--operator"])(
    "%s is unknown, and the known ones are named",
    (flag) => {
      expect(errorOf(flag)).toMatch(new RegExp(`^${flag}: unknown flag; known are --user-data-dir .*--practice`));
    },
  );

  test("an unknown model names the known ones", () => {
    expect(errorOf("--model", "gpt")).toMatch(/^--model: unknown model "gpt"; known are claude-opus-5-5, /);
  });
});

describe("a policy file", () => {
  const good = { version: 1, name: "Look", rules: [{ id: "look", effect: "allow", actions: ["screenshot"] }] };

  test("is read", () => {
    const path = file("good.json", JSON.stringify(good));
    expect(parseFlags(["--policy", path]).mode).toEqual({ kind: "policy", policy: good });
  });

  test("that is missing, a folder or no JSON is said with its name", () => {
    expect(errorOf("--policy", join(folder, "none.json"))).toMatch(
      /^--policy: expected ask, look, watch or a policy file; ".*none\.json" can't be read: there is no such file; check its name$/,
    );
    expect(errorOf("--policy", folder)).toMatch(/can't be read: it is a folder; give a file$/);
    expect(errorOf("--policy", file("broken.json", '{"version": 1,'))).toMatch(
      /^--policy: .*broken\.json: line 1, column 15: expected a name in double quotes/,
    );
  });

  test("with something wrong in it is said with its path", () => {
    const path = file("wrong.json", JSON.stringify({ ...good, rules: [{ ...good.rules[0], actions: ["clck"] }] }));
    expect(errorOf("--policy", path)).toMatch(/^--policy: .*wrong\.json: rules\[0\]\.actions\[0\]: /);
  });
});
