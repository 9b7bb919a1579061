import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Policy } from "../../shared/policy/format.ts";
import { PolicyStore, readPolicyFile } from "./policies.ts";

const NOTES: Policy = {
  version: 1,
  name: "Notes, in the Editor!",
  rules: [{ id: "look", effect: "allow", actions: ["screenshot"] }],
};

let dir: string;
let store: PolicyStore;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "policies-"));
  store = new PolicyStore(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a policy is kept in a file for its owner only, listed, changed and deleted", () => {
  expect(store.list()).toEqual({ policies: [], broken: [] });
  expect(store.save(null, NOTES)).toEqual({ ok: true, id: "notes-in-the-editor" });
  const file = join(dir, "policies", "notes-in-the-editor.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, "policies")).mode & 0o777).toBe(0o700);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(NOTES);
  const renamed = { ...NOTES, name: "Another" };
  expect(store.save("notes-in-the-editor", renamed)).toEqual({ ok: true, id: "notes-in-the-editor" });
  expect(store.list().policies).toEqual([{ id: "notes-in-the-editor", policy: renamed }]);
  expect(store.delete("notes-in-the-editor")).toEqual({ ok: true });
  expect(store.list().policies).toEqual([]);
  expect(store.delete("notes-in-the-editor").ok).toBe(false);
});

test("names stay unique, files of names that read alike do too", () => {
  store.save(null, NOTES);
  expect(store.save(null, NOTES)).toEqual({
    ok: false,
    error: 'name: there is another policy "Notes, in the Editor!"',
  });
  expect(store.save(null, { ...NOTES, name: "notes in the editor" })).toEqual({
    ok: true,
    id: "notes-in-the-editor-2",
  });
  expect(store.save(null, { ...NOTES, name: "???" })).toEqual({ ok: true, id: "policy" });
  expect(store.save("gone", { ...NOTES, name: "New" }).ok).toBe(false);
});

test("what does not load is named with why, and keeps nothing else from loading", () => {
  store.save(null, NOTES);
  writeFileSync(join(dir, "policies", "bad.json"), '{"version":2}');
  writeFileSync(join(dir, "policies", "Odd Name.json"), JSON.stringify(NOTES));
  const { policies, broken } = store.list();
  expect(policies).toHaveLength(1);
  expect(broken).toEqual([
    { file: "Odd Name.json", error: expect.stringMatching(/its name/) },
    { file: "bad.json", error: expect.stringMatching(/^version: /) },
  ]);
  expect(readPolicyFile(join(dir, "nowhere.json"))).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^can't be read: /),
  });
});
