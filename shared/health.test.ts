/** The list as each system gets it: Linux, macOS, Windows, with everything there and with one thing after another missing. */
import { describe, expect, it } from "vitest";
import { type HealthFacts, healthOf, healthText, type MacPermissions, worstOf } from "./health.ts";
import { HEALTH_GROUPS, type HealthItem } from "./ipc-health.ts";
import type { KeyEntry, KeyVerdict } from "./ipc-keys.ts";

const KEY: KeyEntry = {
  id: "0123456789ab",
  name: "Work",
  tail: "wxyz",
  baseUrl: null,
  from: "keychain",
  check: null,
};

const LINUX: HealthFacts = {
  platform: "linux",
  thisDesktopProblem: null,
  display: { kind: "answers", monitors: 1 },
  isFound: () => true,
  installer: "apt-get",
  asRoot: false,
  permissions: null,
  keys: { entries: [KEY], chosen: KEY.id, keychain: true },
  sealedKeys: false,
  proxy: null,
  data: { folder: "/data", problem: null, freeBytes: 50e9 },
  settingsProblems: [],
  sandboxed: true,
  startProblem: null,
};
const MAC: HealthFacts = {
  ...LINUX,
  platform: "darwin",
  isFound: () => false,
  installer: null,
  thisDesktopProblem: "Linux only.",
  display: { kind: "none" },
  permissions: { screen: "granted", accessibility: true },
};
const WINDOWS: HealthFacts = { ...MAC, platform: "win32", permissions: null };

function find(facts: HealthFacts, id: string): HealthItem {
  const item = healthOf(facts).find((each) => each.id === id);
  if (item === undefined) throw new Error(`no ${id} among ${healthOf(facts).map((each) => each.id)}`);
  return item;
}
const without =
  (...names: string[]) =>
  (program: string) =>
    !names.includes(program);

it("says that all is well when it is", () => {
  expect(worstOf(healthOf(LINUX))).toBe("good");
  expect(healthText(healthOf(LINUX))).toMatch(/\nEverything needed is here\.$/);
});

it.each([
  ["linux", LINUX],
  ["darwin", MAC],
  ["win32", WINDOWS],
])("on %s every item is whole, has a group that is shown, and an id of its own", (_, facts) => {
  const items = healthOf(facts);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  for (const { group, title, words } of items) {
    expect(HEALTH_GROUPS).toContain(group);
    expect(title).not.toBe("");
    expect(words).not.toMatch(/undefined|null|NaN|\[object/);
  }
  for (const item of items) expect(healthText(items)).toContain(`${item.title}: ${item.words}`);
});

describe("programs on Linux", () => {
  it.each([
    ["apt-get", "sudo apt-get install -y xvfb openbox"],
    ["dnf", "sudo dnf install -y xorg-x11-server-Xvfb openbox"],
    ["pacman", "sudo pacman -S --needed xorg-server-xvfb openbox"],
    ["zypper", "sudo zypper install -y xorg-x11-server-Xvfb openbox"],
    [null, "sudo apt-get install -y xvfb openbox"],
  ] as const)("without an own desktop's programs, %s is told the exact command", (installer, command) => {
    const item = find({ ...LINUX, installer, isFound: without("Xvfb", "openbox") }, "own-desktop");
    expect(item).toMatchObject({ state: "bad", command, words: expect.stringContaining("Xvfb and openbox") });
  });

  it("root needs no sudo", () => {
    expect(find({ ...LINUX, asRoot: true, isFound: without("Xvfb") }, "xvfb").command).toBe("apt-get install -y xvfb");
  });

  it("what is only good to have is a note, with its command; the others are found all the same", () => {
    const items = healthOf({ ...LINUX, isFound: without("mousepad", "xterm") });
    expect(items.filter(({ state }) => state === "note").map(({ id, command }) => [id, command])).toEqual([
      ["mousepad", "sudo apt-get install -y mousepad"],
      ["xterm", "sudo apt-get install -y xterm"],
    ]);
    expect(worstOf(items)).toBe("note");
  });

  it("other systems have none of them", () => {
    for (const facts of [MAC, WINDOWS]) expect(healthOf(facts).some(({ group }) => group === "Programs")).toBe(false);
  });
});

describe("this desktop", () => {
  it("counts its displays", () => {
    expect(find(LINUX, "this-desktop").words).toContain("one display");
    expect(find({ ...LINUX, display: { kind: "answers", monitors: 3 } }, "this-desktop").words).toContain("3 displays");
  });

  it.each<[string, Partial<HealthFacts>, string]>([
    ["under Wayland", { thisDesktopProblem: "A Wayland session: log out." }, "A Wayland session: log out."],
    ["when it is silent", { display: { kind: "silent", why: "refused" } }, "refused"],
    ["without a display", { display: { kind: "none" } }, "no display"],
  ])("%s is a note beside an own desktop, and a thing to do without one", (_, change, words) => {
    const facts = { ...LINUX, ...change };
    expect(find(facts, "this-desktop")).toMatchObject({ state: "note", words: expect.stringContaining(words) });
    expect(find({ ...facts, isFound: without("Xvfb") }, "this-desktop").state).toBe("bad");
  });

  it.each([MAC, WINDOWS])("is said not to work where it does not ($platform)", (facts) => {
    expect(find(facts, "this-desktop").state).toBe("bad");
    expect(find(facts, "own-desktop")).toMatchObject({ state: "note", words: expect.stringContaining("Linux") });
  });
});

describe("permissions", () => {
  it.each<[MacPermissions["screen"], string, RegExp]>([
    ["granted", "good", /Given/],
    ["denied", "bad", /Switch Countersign on .* starts again/],
    ["restricted", "bad", /manages this computer/],
    ["not-determined", "bad", /Not asked for yet/],
    ["unknown", "bad", /Not asked for yet/],
  ])("macOS, screen recording %s", (screen, state, words) => {
    const item = find({ ...MAC, permissions: { screen, accessibility: true } }, "screen-recording");
    expect(item).toMatchObject({ state, page: "screen-recording", words: expect.stringMatching(words) });
  });

  it.each([
    [true, "good"],
    [false, "bad"],
  ])("macOS, accessibility %s", (accessibility, state) => {
    const item = find({ ...MAC, permissions: { screen: "granted", accessibility } }, "accessibility");
    expect(item).toMatchObject({ state, page: "accessibility" });
  });

  it("Linux and Windows have none to give, and say so", () => {
    expect(find(LINUX, "permissions")).toMatchObject({
      state: "good",
      page: null,
      words: expect.stringContaining("X11"),
    });
    expect(find(WINDOWS, "permissions")).toMatchObject({ state: "good", page: null });
  });
});

describe("the key", () => {
  const withCheck = (verdict: KeyVerdict) => ({
    ...LINUX,
    keys: {
      ...LINUX.keys,
      entries: [{ ...KEY, baseUrl: "https://gateway.example", check: { verdict, message: "Said.", advice: "Do." } }],
    },
  });

  it.each<[KeyVerdict, string]>([
    ["accepted", "good"],
    ["wrong_key", "bad"],
    ["no_access", "bad"],
    ["no_network", "bad"],
    ["later", "note"],
    ["other_server", "note"],
  ])("%s is %s, with name, end, address and what to do", (verdict, state) => {
    expect(find(withCheck(verdict), "key")).toMatchObject({
      state,
      words: "Work, ending in wxyz, for https://gateway.example. Said. Do.",
    });
  });

  it("not checked, none, several, and some that can't be looked into are told apart", () => {
    expect(find(LINUX, "key")).toMatchObject({ state: "good", words: expect.stringContaining("Not checked yet") });
    const none = { ...LINUX, keys: { entries: [], chosen: null, keychain: true } };
    expect(find(none, "key")).toMatchObject({ state: "bad", words: expect.stringContaining("ANTHROPIC_API_KEY") });
    expect(find({ ...none, sealedKeys: true }, "key").state).toBe("note");
    expect(find({ ...LINUX, keys: { ...LINUX.keys, chosen: null } }, "key").words).toContain("none is chosen");
  });

  it.each([
    [true, "good", "stored"],
    [false, "note", "memory until the app ends"],
    [null, "note", "window only"],
  ] as const)("a keychain (%s) is %s", (keychain, state, words) => {
    const item = find({ ...LINUX, keys: { ...LINUX.keys, keychain } }, "keychain");
    expect(item).toMatchObject({ state, words: expect.stringContaining(words) });
  });

  it("a proxy is said", () => {
    expect(find({ ...LINUX, proxy: "proxy.example:3128" }, "proxy").words).toContain("proxy.example:3128");
  });
});

describe("the machine", () => {
  it.each<[string, Partial<HealthFacts>, string, RegExp]>([
    ["data", { data: { folder: "/data", problem: "EACCES", freeBytes: null } }, "bad", /can't be written: EACCES/],
    ["data", { data: { folder: "/data", problem: null, freeBytes: 4e8 } }, "bad", /only 0\.4 GB free/],
    ["data", { data: { folder: "/data", problem: null, freeBytes: null } }, "good", /^\/data$/],
    ["settings", { settingsProblems: ["settings.json: theme: no."] }, "bad", /theme: no\. Everything else is kept/],
    ["sandbox", { sandboxed: false }, "note", /root/],
    ["debugger", { startProblem: "No session can start." }, "bad", /No session/],
  ])("%s %j", (id, change, state, words) => {
    expect(find({ ...LINUX, ...change }, id)).toMatchObject({ state, words: expect.stringMatching(words) });
  });
});

it("as text counts what there is to do, with the command on a line of its own", () => {
  const text = healthText(healthOf({ ...LINUX, isFound: without("Xvfb") }));
  expect(text).toContain("[TO DO]  A desktop of Claude's own: ");
  expect(text).toMatch(/\n {11}sudo apt-get install -y xvfb\n/);
  expect(text).toMatch(/\n1 thing to do\.$/);
});
