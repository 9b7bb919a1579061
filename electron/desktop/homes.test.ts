import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Homes } from "./homes.ts";

let root = "";
let homes = new Homes("");
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "countersign-homes-"));
  homes = new Homes(join(root, "homes"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

it("makes a fresh home in the session's own folder", () => {
  const { path } = homes.take({ kind: "fresh" }, join(root, "session"));
  expect(path).toBe(join(root, "session", "home"));
  expect(mode(path ?? "")).toBe(0o700);
  expect(homes.names()).toEqual([]);
});

it("keeps a named one, for one session at a time", () => {
  const kept = { kind: "kept", name: "work" } as const;
  const first = homes.take(kept, root);
  expect(first.path).toBe(join(root, "homes", "work"));
  writeFileSync(join(first.path ?? "", "note"), "kept");
  chmodSync(first.path ?? "", 0o755);
  expect(() => homes.take(kept, root)).toThrow('where.home.name: another session works with the home "work"');
  first.release();
  expect(mode(homes.take(kept, root).path ?? "")).toBe(0o700);
  homes.take({ kind: "kept", name: "other" }, root);
  expect(homes.names()).toEqual(["other", "work"]);
});

it.each(["..", "a/b", "", ".hidden", "a b", "x".repeat(41)])("takes no home of the name %j", (name) => {
  expect(() => homes.take({ kind: "kept", name }, root)).toThrow("is no name");
});

it("takes no link for a home", () => {
  mkdirSync(join(root, "homes"));
  symlinkSync(root, join(root, "homes", "work"));
  expect(() => homes.take({ kind: "kept", name: "work" }, root)).toThrow("is not a folder");
  expect(homes.names()).toEqual([]);
});

it("leaves the operator's own alone", () => {
  expect(homes.take({ kind: "operator" }, root).path).toBeNull();
});
