import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KeyRing } from "./key-ring.ts";
import { type Keychain, systemKeychain } from "./keychain.ts";

const KEY = "sk-ant-secret-0123456789-wxyz";
const OTHER = "gateway-secret-9876543210-abcd";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-key-"));
  file = join(folder, "keys.bin");
});
afterEach(() => rmSync(folder, { recursive: true }));

const MARK = Buffer.from([0x77]);

/** A keychain that scrambles, so that the plain key can be looked for on disk. */
const KEYCHAIN: Keychain = {
  available: () => true,
  encrypt: (text) => Buffer.concat([MARK, Buffer.from(text, "utf8").map((byte) => byte ^ 0x5a)]),
  decrypt: (bytes) => {
    if (!bytes.subarray(0, 1).equals(MARK)) throw new Error("not of this keychain");
    return Buffer.from(bytes.subarray(1).map((byte) => byte ^ 0x5a)).toString("utf8");
  },
};

const NO_KEYCHAIN: Keychain = {
  available: () => false,
  encrypt: () => {
    throw new Error("asked to encrypt without a keychain");
  },
  decrypt: () => {
    throw new Error("asked to decrypt without a keychain");
  },
};

function open(keychain: Keychain, key?: string, baseUrl: string | null = null): KeyRing {
  let n = 0;
  const newId = () => {
    n += 1;
    return `key0000${readdirSync(folder).length}${n}`;
  };
  const ring = new KeyRing({ dir: folder, keychain, environment: { key, baseUrl }, newId });
  ring.load();
  return ring;
}

describe("without a keychain", () => {
  test("a key is kept in memory only, and nothing is on disk", () => {
    const ring = open(NO_KEYCHAIN);
    ring.add(KEY, undefined, undefined);
    expect(ring.current()?.key).toBe(KEY);
    expect(ring.entries()).toMatchObject([{ name: "Key 1", from: "memory", tail: "wxyz", baseUrl: null }]);
    expect(readdirSync(folder)).toEqual([]);
    expect(open(NO_KEYCHAIN).current()).toBeNull();
  });

  test("what a keychain keeps is neither read nor lost", () => {
    open(KEYCHAIN).add(KEY, "Work", null);
    const ring = open(NO_KEYCHAIN);
    expect(ring.entries()).toEqual([]);
    ring.add(OTHER, "Now", null);
    expect(open(KEYCHAIN).entries()).toMatchObject([{ name: "Work" }]);
  });
});

test("a keychain that is unlocked later: what it keeps is read before it is written over", () => {
  open(KEYCHAIN).add(KEY, "Work", null);
  let locked = true;
  const ring = open({ ...KEYCHAIN, available: () => !locked });
  ring.add(OTHER, "Meanwhile", null);
  locked = false;
  ring.add(`${KEY}2`, "Later", null);
  expect(ring.entries().map(({ name, from }) => [name, from])).toEqual([
    ["Work", "keychain"],
    ["Meanwhile", "memory"],
    ["Later", "keychain"],
  ]);
  expect(
    open(KEYCHAIN)
      .entries()
      .map(({ name }) => name),
  ).toEqual(["Work", "Later"]);
});

describe("with a keychain", () => {
  test("keys are kept encrypted, for their owner only, and found again with name, address and choice", () => {
    const ring = open(KEYCHAIN);
    const work = ring.add(KEY, "Work", null);
    ring.add(OTHER, "Gateway", "https://gateway.example");
    ring.choose(work);
    expect(readdirSync(folder)).toEqual(["keys.bin"]);
    expect(readFileSync(file, "latin1")).not.toContain("secret");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = open(KEYCHAIN);
    expect(again.entries()).toMatchObject([
      { name: "Work", baseUrl: null, from: "keychain" },
      { name: "Gateway", baseUrl: "https://gateway.example" },
    ]);
    expect(again.current()).toMatchObject({ id: work, key: KEY });
  });

  test("the one key of an earlier version is taken over, with the address it went to", () => {
    writeFileSync(join(folder, "key.bin"), KEYCHAIN.encrypt(KEY));
    const ring = open(KEYCHAIN, undefined, "https://gateway.example");
    expect(ring.current()).toMatchObject({ name: "Key 1", key: KEY, baseUrl: "https://gateway.example" });
    expect(readdirSync(folder)).toEqual(["keys.bin"]);
    expect(open(KEYCHAIN).current()).toMatchObject({ key: KEY, baseUrl: "https://gateway.example" });
  });

  test.each([
    ["of another keychain", Buffer.from([1, 2, 3])],
    ["that is empty", Buffer.alloc(0)],
    ["with something else in it", KEYCHAIN.encrypt('{"v":2}')],
  ])("a file %s is said, and kept beside once there are keys again", (_, bytes) => {
    writeFileSync(file, bytes);
    const ring = open(KEYCHAIN);
    expect(ring.entries()).toEqual([]);
    expect(ring.problem).toMatch(/can't be opened .* enter them again/);
    ring.add(KEY, undefined, null);
    expect(ring.problem).toBeNull();
    expect(readFileSync(join(folder, "keys.bin.unread"))).toEqual(bytes);
    expect(open(KEYCHAIN).current()?.key).toBe(KEY);
  });

  test("the last one forgotten leaves nothing behind", () => {
    const ring = open(KEYCHAIN);
    const id = ring.add(KEY, undefined, null);
    expect(ring.forget(id)).toBe(true);
    expect(ring.forget(id)).toBe(false);
    expect(ring.current()).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("what can't be written changes nothing", () => {
    const ring = open(KEYCHAIN);
    const id = ring.add(KEY, "Work", null);
    rmSync(folder, { recursive: true });
    expect(() => ring.add(OTHER, "Gateway", null)).toThrow();
    expect(() => ring.rename(id, "Home")).toThrow();
    expect(ring.entries()).toMatchObject([{ id, name: "Work" }]);
    expect(ring.current()?.id).toBe(id);
    folder = mkdtempSync(join(tmpdir(), "countersign-key-"));
  });
});

describe("a key is bound to its address", () => {
  test("no key goes anywhere but to its own", () => {
    const ring = open(NO_KEYCHAIN);
    const work = ring.add(KEY, "Work", null);
    const gateway = ring.add(OTHER, "Gateway", "https://gateway.example");
    expect([ring.address, ring.keyFor("https://gateway.example"), ring.keyFor(null)]).toEqual([
      "https://gateway.example",
      OTHER,
      null,
    ]);
    ring.choose(work);
    expect([ring.address, ring.keyFor("https://gateway.example"), ring.keyFor(null)]).toEqual([null, null, KEY]);
    // Of several sessions each goes on with the key it began with.
    expect(ring.keyFor("https://gateway.example", gateway)).toBe(OTHER);
    expect(ring.keyFor("https://gateway.example", work)).toBeNull();
    ring.forget(gateway);
    expect(ring.keyFor("https://gateway.example", gateway)).toBeNull();
    expect(ring.keyFor("https://gateway.example")).toBeNull();
  });

  test("one whose address is not given goes where the environment says", () => {
    const ring = open(NO_KEYCHAIN, undefined, "https://gateway.example");
    ring.add(KEY, undefined, undefined);
    expect(ring.keyFor("https://gateway.example")).toBe(KEY);
    expect(ring.keyFor(null)).toBeNull();
  });
});

describe("which one is in use", () => {
  test("the one entered last; another when it is chosen; none of two when the chosen one is gone", () => {
    const ring = open(NO_KEYCHAIN);
    const [a, b, c] = ["a", "b", "c"].map((name) => ring.add(`${KEY}${name}`, name, null));
    expect(ring.current()?.id).toBe(c);
    expect(ring.choose(a ?? "")).toBe(true);
    expect(ring.choose("nobody00")).toBe(false);
    expect(ring.current()?.id).toBe(a);
    ring.forget(a ?? "");
    expect(ring.current()).toBeNull();
    ring.forget(b ?? "");
    expect(ring.current()?.id).toBe(c);
  });

  test("the environment's, when none was chosen or the chosen one is forgotten; it is never written", () => {
    const ring = open(KEYCHAIN, ` ${OTHER}\n`);
    expect(ring.current()).toMatchObject({ id: "environment", key: OTHER });
    expect(readdirSync(folder)).toEqual([]);
    const id = ring.add(KEY, undefined, null);
    expect(ring.current()?.key).toBe(KEY);
    expect(readFileSync(file, "latin1")).not.toContain(KEYCHAIN.encrypt(OTHER).toString("latin1"));
    ring.forget(id);
    expect(ring.current()?.key).toBe(OTHER);
    expect(ring.forget("environment")).toBe(false);
    expect(ring.rename("environment", "x")).toBe(false);
  });

  test.each([undefined, "", "  "])("%j in the environment is none", (value) => {
    expect(open(NO_KEYCHAIN, value).current()).toBeNull();
  });
});

test("names are given where none is, and can be changed", () => {
  const ring = open(KEYCHAIN);
  ring.add(KEY, undefined, null);
  const second = ring.add(OTHER, undefined, null);
  ring.rename(second, "Lab");
  ring.add(`${KEY}3`, undefined, null);
  expect(
    open(KEYCHAIN)
      .entries()
      .map(({ name }) => name),
  ).toEqual(["Key 1", "Lab", "Key 2"]);
});

test("of a key that is short nothing is shown", () => {
  const ring = open(NO_KEYCHAIN);
  ring.add("short-key-19-chars-", undefined, null);
  expect(ring.entries()[0]?.tail).toBe("");
});

test("neither printing nor JSON nor what the window gets shows a key", () => {
  const ring = open(NO_KEYCHAIN, KEY);
  ring.add(OTHER, undefined, null);
  expect(inspect(ring, { depth: 9, showHidden: true })).not.toContain("secret");
  expect(JSON.stringify(ring)).not.toContain("secret");
  expect(JSON.stringify(ring.entries())).not.toContain("secret");
  expect(ring.secrets()).toEqual([KEY, OTHER]);
});

describe("the system's keychain", () => {
  const storage = (backend: string, available = true) => ({
    isEncryptionAvailable: () => available,
    getSelectedStorageBackend: () => backend,
    encryptString: (text: string) => Buffer.from(text),
    decryptString: (bytes: Buffer) => bytes.toString(),
  });

  test.each([
    ["gnome_libsecret", true, true],
    ["kwallet6", true, true],
    ["basic_text", true, false],
    ["unknown", true, false],
    ["gnome_libsecret", false, false],
  ])("on Linux %s (available: %s) counts: %s", (backend, available, counts) => {
    expect(systemKeychain(storage(backend, available), "linux").available()).toBe(counts);
  });

  test.each(["darwin", "win32"] as const)("on %s it counts where it is available", (platform) => {
    const { getSelectedStorageBackend: _, ...others } = storage("", true);
    expect(systemKeychain(others, platform).available()).toBe(true);
    expect(systemKeychain({ ...others, isEncryptionAvailable: () => false }, platform).available()).toBe(false);
  });
});
