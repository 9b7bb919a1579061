import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Credentials, checkBaseUrl, type Keychain } from "./credentials.ts";

const KEY = "sk-ant-secret-0123456789";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-key-"));
  file = join(folder, "key.bin");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A keychain that scrambles, so that the plain key can be looked for on disk. */
const KEYCHAIN: Keychain = {
  available: () => true,
  encrypt: (text) => Buffer.from(Buffer.from(text, "utf8").map((byte) => byte ^ 0x5a)),
  decrypt: (bytes) => {
    if (bytes.some((byte) => byte < 0x0a)) throw new Error("not of this keychain");
    return Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString("utf8");
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

function open(keychain: Keychain, environment?: string): Credentials {
  const credentials = new Credentials(file, keychain, environment);
  credentials.load();
  return credentials;
}

describe("without a keychain", () => {
  test("a key is kept in memory only, and nothing is on disk", () => {
    const credentials = open(NO_KEYCHAIN);
    credentials.set(KEY);
    expect(credentials.key()).toBe(KEY);
    expect(credentials.status()).toEqual({ kind: "entered", persisted: false });
    expect(readdirSync(folder)).toEqual([]);
    expect(open(NO_KEYCHAIN).key()).toBeNull();
  });

  test("a file of another time is not read", () => {
    open(KEYCHAIN).set(KEY);
    expect(open(NO_KEYCHAIN).status()).toEqual({ kind: "none" });
  });
});

describe("with a keychain", () => {
  test("a key is kept encrypted, for its owner only, and found again", () => {
    open(KEYCHAIN).set(KEY);
    expect(readdirSync(folder)).toEqual(["key.bin"]);
    expect(readFileSync(file, "latin1")).not.toContain("secret");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = open(KEYCHAIN);
    expect(again.key()).toBe(KEY);
    expect(again.status()).toEqual({ kind: "entered", persisted: true });
  });

  test("a file that others could read is replaced", () => {
    writeFileSync(file, "old");
    chmodSync(file, 0o666);
    open(KEYCHAIN).set(KEY);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["of another keychain", Buffer.from([1, 2, 3])],
    ["that is empty", Buffer.alloc(0)],
  ])("a file %s means no key", (_, bytes) => {
    writeFileSync(file, bytes);
    expect(open(KEYCHAIN).status()).toEqual({ kind: "none" });
  });

  test("forgetting removes it from memory and disk, also twice", () => {
    const credentials = open(KEYCHAIN);
    credentials.set(KEY);
    credentials.forget();
    credentials.forget();
    expect(credentials.key()).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
    expect(open(KEYCHAIN).key()).toBeNull();
  });
});

describe("the environment's key", () => {
  test("is used, trimmed, and never written", () => {
    const credentials = open(KEYCHAIN, ` ${KEY}\n`);
    expect(credentials.key()).toBe(KEY);
    expect(credentials.status()).toEqual({ kind: "environment" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("comes after an entered one, and is back when that is forgotten", () => {
    const credentials = open(NO_KEYCHAIN, "from-environment");
    credentials.set(KEY);
    expect(credentials.key()).toBe(KEY);
    credentials.forget();
    expect(credentials.key()).toBe("from-environment");
  });

  test.each([undefined, "", "  "])("that is %j is none", (value) => {
    expect(open(NO_KEYCHAIN, value).status()).toEqual({ kind: "none" });
  });
});

test("neither printing nor JSON shows a key", async () => {
  const { inspect } = await import("node:util");
  const credentials = open(NO_KEYCHAIN, KEY);
  credentials.set(`${KEY}2`);
  expect(inspect(credentials, { depth: 9, showHidden: true })).not.toContain("secret");
  expect(JSON.stringify(credentials)).not.toContain("secret");
});

describe("the base URL", () => {
  test.each([
    [undefined, null],
    ["", null],
    ["  ", null],
    ["https://api.anthropic.com", null],
    ["https://api.anthropic.com/", null],
    ["https://API.anthropic.com:443//", null],
    ["https://gateway.example/anthropic/", "https://gateway.example/anthropic"],
    ["https://api.anthropic.com.example", "https://api.anthropic.com.example"],
    ["http://127.0.0.1:8123", "http://127.0.0.1:8123"],
    ["http://127.1:8123/", "http://127.0.0.1:8123"],
    ["http://localhost:1/v", "http://localhost:1/v"],
    ["http://[::1]:8123", "http://[::1]:8123"],
    [" https://gateway.example ", "https://gateway.example"],
  ])("%j is %j", (value, expected) => {
    expect(checkBaseUrl(value)).toBe(expected);
  });

  test.each<[string, RegExp]>([
    ["http://api.anthropic.com", /must be https/],
    ["http://127.0.0.1.example", /must be https/],
    ["http://localhost.example", /must be https/],
    ["http://0.0.0.0:80", /must be https/],
    ["http://10.0.0.1", /must be https/],
    ["ftp://gateway.example", /must be https/],
    ["javascript:alert(1)", /must be https/],
    ["file:///etc/passwd", /must be https/],
    ["gateway.example", /is not a URL/],
    ["https://", /is not a URL/],
    ["https://gateway.example/?key=1", /must not carry a query/],
    ["https://gateway.example/#x", /must not carry a query/],
    ["https://user@gateway.example", /must not carry a user name or password/],
  ])("%s is refused in words that name the variable", (value, words) => {
    expect(() => checkBaseUrl(value)).toThrow(/^ANTHROPIC_BASE_URL: /);
    expect(() => checkBaseUrl(value)).toThrow(words);
  });

  test.each([
    "https://user:hunter2@gateway.example",
    "user:hunter2@gateway.example",
    "http://user:hunter2@ gateway",
    "http://u:hunter2@127.0.0.1:x",
  ])("a password is not repeated (%s)", (value) => {
    expect(() => checkBaseUrl(value)).toThrow(/^ANTHROPIC_BASE_URL: (?!.*hunter2)/);
  });
});
