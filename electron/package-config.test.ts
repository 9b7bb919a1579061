/** electron-builder.yml, as electron-builder itself reads it: what no build on this machine could show. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NEEDED_PROGRAMS } from "../shared/needed-programs.ts";

const ROOT = join(import.meta.dirname, "..");
const builder = createRequire(createRequire(import.meta.url).resolve("electron-builder"));
const { load } = builder("js-yaml") as { readonly load: (text: string) => unknown };
const { validateConfiguration } = builder("app-builder-lib/out/util/config/config") as {
  readonly validateConfiguration: (config: unknown, log: { readonly isEnabled: boolean }) => Promise<void>;
};

type Target = { readonly target: string; readonly arch: readonly string[] };
type Config = {
  readonly files: readonly string[];
  readonly asar: boolean;
  readonly asarUnpack: readonly string[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly linux: { readonly target: readonly string[]; readonly icon: string; readonly executableName: string };
  readonly deb: { readonly depends: readonly string[] };
  readonly mac: {
    readonly target: readonly Target[];
    readonly icon: string;
    readonly hardenedRuntime: boolean;
    readonly entitlements: string;
    readonly entitlementsInherit: string;
    readonly extendInfo: Readonly<Record<string, string>>;
  };
  readonly win: { readonly target: readonly string[]; readonly icon: string };
};
const config = load(readFileSync(join(ROOT, "electron-builder.yml"), "utf8")) as Config;

/** Width and height of a PNG, px. */
function sizeOf(icon: string): readonly [number, number] {
  const bytes = readFileSync(join(ROOT, icon));
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test("electron-builder knows every setting of it, and refuses one it does not know", async () => {
  await validateConfiguration(config, { isEnabled: false });
  const wrong = { ...config, mac: { ...config.mac, hardendRuntime: true } };
  await expect(validateConfiguration(wrong, { isEnabled: false })).rejects.toThrow(/configuration\.mac/);
});

test("the fuses: the binary runs this app and nothing else", () => {
  expect(config.asar).toBe(true);
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
  // A native binary can't be loaded out of the archive.
  expect(config.asarUnpack).toContain("**/*.node");
});

test("macOS: dmg and zip for both processors, the hardened runtime with no more than Electron needs, and why it asks", () => {
  expect(config.mac.target).toEqual([
    { target: "dmg", arch: ["x64", "arm64"] },
    { target: "zip", arch: ["x64", "arm64"] },
  ]);
  expect(config.mac.hardenedRuntime).toBe(true);
  expect(config.mac.entitlementsInherit).toBe(config.mac.entitlements);
  const entitlements = readFileSync(join(ROOT, config.mac.entitlements), "utf8");
  expect([...entitlements.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)).toEqual([
    "com.apple.security.cs.allow-jit",
  ]);
  const { NSScreenCaptureUsageDescription: screen, NSAccessibilityUsageDescription: hands } = config.mac.extendInfo;
  for (const words of [screen, hands]) expect(words).toMatch(/^Countersign .{20,}\.$/);
});

test("Linux and Windows: their installers", () => {
  expect(config.linux.target).toEqual(["AppImage", "deb"]);
  expect(config.win.target).toEqual(["nsis"]);
});

test("the Debian package asks for every program that a desktop of Claude's own can't do without", () => {
  const packages = config.deb.depends.flatMap((each) => each.split(" | "));
  const wanted = NEEDED_PROGRAMS.filter(({ need }) => need === "desktop").map((each) => each.packages["apt-get"]);
  expect(wanted.length).toBeGreaterThan(1);
  for (const name of wanted) expect(packages).toContain(name);
});

test("icons of our own, square, in the sizes that each system wants", () => {
  const linux = readdirSync(join(ROOT, config.linux.icon)).sort();
  for (const name of linux) {
    const [side] = name.split("x").map(Number);
    expect(sizeOf(join(config.linux.icon, name))).toEqual([side, side]);
  }
  for (const side of [16, 32, 48, 128, 256, 512]) expect(linux).toContain(`${side}x${side}.png`);
  for (const icon of [config.mac.icon, config.win.icon]) {
    const [w, h] = sizeOf(icon);
    expect([w === h, w >= 512]).toEqual([true, true]);
  }
});
