import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSigningKey } from "./signing-key.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-signing-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A keychain that turns every byte around. */
const keychain = {
  available: () => true,
  encrypt: (text: string) => Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer,
  decrypt: (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString("utf8"),
};
const file = () => join(folder, "signing-key.bin");

test("made once, private, not in plain text", () => {
  let made = 0;
  const newKey = () => `key ${++made}`;
  expect(loadSigningKey(file(), keychain, newKey)).toBe("key 1");
  expect(loadSigningKey(file(), keychain, newKey)).toBe("key 1");
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readFileSync(file(), "latin1")).not.toContain("key 1");
});

test("no keychain: no key, and no file", () => {
  expect(loadSigningKey(file(), { ...keychain, available: () => false }, () => "key")).toBeNull();
  expect(() => statSync(file())).toThrow();
});

test("a file of another keychain is replaced", () => {
  writeFileSync(file(), "garbage");
  const broken = {
    ...keychain,
    decrypt: (bytes: Buffer) => {
      if (bytes.toString() === "garbage") throw new Error("not ours");
      return keychain.decrypt(bytes);
    },
  };
  expect(loadSigningKey(file(), broken, () => "new")).toBe("new");
  expect(loadSigningKey(file(), broken, () => "newer")).toBe("new");
});
