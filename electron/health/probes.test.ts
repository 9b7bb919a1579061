import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dataFolderHere, displayHere, installerHere, permissionsHere } from "./probes.ts";

describe("the operator's display", () => {
  test("that answers is counted", async () => {
    expect(await displayHere(async () => 2)).toEqual({ kind: "answers", monitors: 2 });
  });

  test("that refuses is said in its own words; one that says nothing is not waited for", async () => {
    const refusing = async () => {
      throw new Error("the cookie is not accepted");
    };
    expect(await displayHere(refusing)).toEqual({ kind: "silent", why: "the cookie is not accepted" });
    expect(await displayHere(() => new Promise(() => undefined), 20)).toMatchObject({ kind: "silent" });
  });

  test("that is none is not asked", async () => {
    expect(await displayHere(null)).toEqual({ kind: "none" });
  });
});

test("the package manager is the first of those known", () => {
  expect(installerHere((program) => program === "dnf" || program === "zypper")).toBe("dnf");
  expect(installerHere(() => false)).toBeNull();
});

describe("permissions", () => {
  const mac = (screen: string, trusted: boolean) => ({
    asked: [] as unknown[],
    getMediaAccessStatus(kind: "screen") {
      this.asked.push(kind);
      return screen;
    },
    isTrustedAccessibilityClient(prompt: boolean) {
      this.asked.push(prompt);
      return trusted;
    },
  });

  test.each([
    ["granted", true],
    ["denied", false],
    ["not-determined", false],
    ["restricted", true],
  ])("macOS says %s and %s; asking shows no dialog", (screen, accessibility) => {
    const preferences = mac(screen, accessibility);
    expect(permissionsHere("darwin", preferences)).toEqual({ screen, accessibility });
    expect(preferences.asked).toEqual(["screen", false]);
  });

  test("a word of macOS that is not known is none that allows anything", () => {
    expect(permissionsHere("darwin", mac("maybe", true))?.screen).toBe("unknown");
  });

  test.each(["linux", "win32"])("%s is not asked", (platform) => {
    const preferences = mac("granted", true);
    expect(permissionsHere(platform, preferences)).toBeNull();
    expect(preferences.asked).toEqual([]);
  });
});

describe("the data folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "countersign-health-"));
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  test("is there or can be made, and is not made by looking", () => {
    for (const each of [folder, join(folder, "a", "b")]) {
      const found = dataFolderHere(each);
      expect(found).toMatchObject({ folder: each, problem: null });
      expect(found.freeBytes).toBeGreaterThan(0);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("with a file in its place is said", () => {
    writeFileSync(join(folder, "file"), "", { mode: 0o700 });
    expect(dataFolderHere(join(folder, "file", "data")).problem).toMatch(/file/);
  });

  test("that can't be written is said", () => {
    // Root may write everywhere but where there is no disk.
    const place = process.getuid?.() === 0 ? "/proc/countersign" : folder;
    if (place === folder) chmodSync(folder, 0o500);
    expect(dataFolderHere(place).problem).not.toBeNull();
  });
});
