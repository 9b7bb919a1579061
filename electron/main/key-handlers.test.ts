import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeyCheck, KeyVerdict } from "../../shared/ipc-keys.ts";
import { KeyRing } from "../settings/key-ring.ts";
import { keysForWindow } from "./key-handlers.ts";

const KEY = "sk-ant-marked-0123456789-wxyz";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "countersign-keys-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(verdict: KeyVerdict = "accepted", canWrite = true) {
  const asked: (readonly [string, string | null])[] = [];
  let changes = 0;
  let n = 0;
  const keychain = {
    available: () => !canWrite,
    encrypt: () => {
      throw new Error("the keychain is locked");
    },
    decrypt: () => "",
  };
  const ring = new KeyRing({
    dir,
    keychain,
    environment: { key: undefined, baseUrl: "https://env.example" },
    newId: () => {
      n += 1;
      return `key0000${n}`;
    },
  });
  const keys = keysForWindow({
    ring,
    ask: async (key, baseUrl): Promise<KeyCheck> => {
      asked.push([key, baseUrl]);
      return { verdict, message: "Said.", advice: "Do." };
    },
    changed: () => {
      changes += 1;
    },
  });
  return { ...keys, ring, asked, changes: () => changes };
}

test("a key the API does not accept is not kept, and not repeated", async () => {
  const { handlers, list, asked, changes } = open("wrong_key");
  expect(await handlers["key.set"]({ key: KEY, check: true })).toEqual({ ok: false, error: "Said. Do." });
  expect(asked).toEqual([[KEY, "https://env.example"]]);
  expect([list().entries, changes()]).toEqual([[], 0]);
});

test.each<KeyVerdict>(["accepted", "no_access", "no_network", "later", "other_server"])(
  "after %s a key is kept, with what was said",
  async (verdict) => {
    const { handlers, list } = open(verdict);
    const check = { verdict, message: "Said.", advice: "Do." };
    expect(await handlers["key.set"]({ key: KEY, name: "Work", check: true })).toEqual({
      ok: true,
      id: "key00001",
      check,
    });
    expect(list()).toEqual({
      entries: [{ id: "key00001", name: "Work", tail: "wxyz", baseUrl: "https://env.example", from: "memory", check }],
      chosen: "key00001",
      keychain: false,
    });
    expect(JSON.stringify(list())).not.toContain("marked");
  },
);

test("a key is asked about at its own address only", async () => {
  const { handlers, asked } = open();
  await handlers["key.set"]({ key: KEY, baseUrl: " https://gateway.example/ ", check: true });
  await handlers["key.set"]({ key: `${KEY}2`, baseUrl: "https://api.anthropic.com" });
  await handlers["key.check"]({ id: "key00001" });
  await handlers["key.check"]({ id: "key00002" });
  expect(asked).toEqual([
    [KEY, "https://gateway.example"],
    [KEY, "https://gateway.example"],
    [`${KEY}2`, null],
  ]);
});

test("an address that can't be one is refused by its field, before anything is asked", async () => {
  const { handlers, asked, list } = open();
  const outcome = await handlers["key.set"]({ key: KEY, baseUrl: "http://gateway.example", check: true });
  expect(outcome).toEqual({ ok: false, error: expect.stringMatching(/^Address: .* must be https/) });
  expect([asked, list().entries]).toEqual([[], []]);
});

test("renaming, choosing and deleting tell the window; an id that is gone is said", async () => {
  const { handlers, list, changes } = open();
  await handlers["key.set"]({ key: KEY });
  await handlers["key.set"]({ key: `${KEY}2` });
  expect(await handlers["key.rename"]({ id: "key00001", name: "Work" })).toEqual({ ok: true });
  expect(await handlers["key.choose"]({ id: "key00001" })).toEqual({ ok: true });
  expect(list()).toMatchObject({ chosen: "key00001", entries: [{ name: "Work" }, { name: "Key 2" }] });
  expect(await handlers["key.forget"]({ id: "key00001" })).toEqual({ ok: true });
  expect(changes()).toBe(5);
  const gone = { ok: false, error: "There is no such key any more." };
  for (const channel of ["key.forget", "key.choose", "key.check"] as const)
    expect(await handlers[channel]({ id: "key00001" })).toEqual(gone);
  expect(await handlers["key.rename"]({ id: "key00001", name: "x" })).toEqual(gone);
});

test("what can't be written is said, and nothing has changed", async () => {
  const { handlers, list } = open("accepted", false);
  const outcome = await handlers["key.set"]({ key: KEY });
  expect(outcome).toEqual({ ok: false, error: expect.stringContaining("nothing has changed: the keychain is locked") });
  expect(list().entries).toEqual([]);
});
