import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Blobs } from "./blobs.ts";
import { samplePicture } from "./sample-session.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "blobs-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const { bytes, ref } = samplePicture(1);

it("stores a picture under its hash, with nothing half-written left", async () => {
  const blobs = new Blobs(dir);
  expect(blobs.has(ref.sha256)).toBe(false);
  await blobs.put(bytes, ref.sha256);
  const path = join(dir, "blobs", ref.sha256.slice(0, 2), `${ref.sha256}.png`);
  expect(blobs.path(ref.sha256)).toBe(path);
  expect(readFileSync(path)).toEqual(Buffer.from(bytes));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(dir, "blobs", "tmp"))).toEqual([]);
  expect(blobs.has(ref.sha256)).toBe(true);
  expect(new Blobs(dir).has(ref.sha256)).toBe(true);
});

it("stores the same content once, also when asked twice at the same time", async () => {
  const blobs = new Blobs(dir);
  await Promise.all([blobs.put(bytes, ref.sha256), blobs.put(bytes, ref.sha256)]);
  const { ino } = statSync(blobs.path(ref.sha256));
  await blobs.put(bytes, ref.sha256);
  await new Blobs(dir).put(bytes, ref.sha256);
  expect(statSync(blobs.path(ref.sha256)).ino).toBe(ino);
});

it("refuses bytes that do not have the hash they are said to have", async () => {
  const blobs = new Blobs(dir);
  await expect(blobs.put(bytes, samplePicture(2).ref.sha256)).rejects.toMatchObject({ code: "damaged" });
  expect(existsSync(join(dir, "blobs"))).toBe(false);
});

it("refuses names that are no hash, so that none leads out of the folder", async () => {
  const blobs = new Blobs(dir);
  for (const name of ["", "../../etc/passwd", ref.sha256.toUpperCase(), `${ref.sha256}\n`]) {
    expect(() => blobs.path(name)).toThrow(/must be a SHA-256/);
    await expect(blobs.put(bytes, name)).rejects.toThrow(/must be a SHA-256/);
  }
});

it("says what is wrong with a picture that is gone or changed", async () => {
  const blobs = new Blobs(dir);
  await expect(blobs.read(ref.sha256)).rejects.toMatchObject({ code: "not_found" });
  await blobs.put(bytes, ref.sha256);
  expect(Buffer.from(await blobs.read(ref.sha256))).toEqual(Buffer.from(bytes));
  writeFileSync(blobs.path(ref.sha256), bytes.slice(1));
  await expect(blobs.read(ref.sha256)).rejects.toMatchObject({ code: "damaged" });
});

it("writes a picture anew when the stored one was changed", async () => {
  await new Blobs(dir).put(bytes, ref.sha256);
  const later = new Blobs(dir);
  writeFileSync(later.path(ref.sha256), "something else");
  await later.put(bytes, ref.sha256);
  expect(Buffer.from(await later.read(ref.sha256))).toEqual(Buffer.from(bytes));
});

it("removes what a crashed writer left, and not what one at work is writing", async () => {
  const blobs = new Blobs(dir);
  await blobs.put(bytes, ref.sha256);
  const old = join(dir, "blobs", "tmp", "old");
  const young = join(dir, "blobs", "tmp", "young");
  for (const file of [old, young]) writeFileSync(file, "half");
  utimesSync(old, 0, 0);
  blobs.clean();
  expect(readdirSync(join(dir, "blobs", "tmp"))).toEqual(["young"]);
});
