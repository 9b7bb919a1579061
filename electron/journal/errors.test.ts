import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { journalError } from "./errors.ts";
import { JournalError } from "./journal.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "errors-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

it("knows a full disk from SQLite", () => {
  const db = new DatabaseSync(join(dir, "full.db"));
  db.exec("PRAGMA page_size = 512; PRAGMA max_page_count = 4; CREATE TABLE t (x)");
  const error = journalError(
    thrown(() => db.prepare("INSERT INTO t VALUES (?)").run("x".repeat(100_000))),
    "Writing session s",
  );
  db.close();
  expect(error.code).toBe("full");
  expect(error.message).toBe("Writing session s failed: the disk is full. Free some space, then try again.");
});

it("knows a database that can only be read", () => {
  new DatabaseSync(join(dir, "a.db")).exec("CREATE TABLE t (x)");
  const db = new DatabaseSync(join(dir, "a.db"), { readOnly: true });
  expect(
    journalError(
      thrown(() => db.exec("DELETE FROM t")),
      "Writing",
    ).code,
  ).toBe("readonly");
  db.close();
});

it("knows a full disk, a missing and a forbidden file from the file system", () => {
  const coded = (code: string) => journalError(Object.assign(new Error(code), { code }), "Storing a picture").code;
  if (process.platform === "linux") {
    expect(
      journalError(
        thrown(() => writeFileSync("/dev/full", "x")),
        "Storing a picture",
      ).code,
    ).toBe("full");
  }
  expect(
    journalError(
      thrown(() => writeFileSync(join(dir, "no", "x"), "x")),
      "Storing",
    ).code,
  ).toBe("not_found");
  expect([coded("ENOSPC"), coded("EROFS"), coded("EACCES"), coded("EIO")]).toEqual([
    "full",
    "readonly",
    "readonly",
    "failed",
  ]);
});

it("keeps a JournalError, and the words of anything else", () => {
  const known = new JournalError("locked", "in use");
  expect(journalError(known, "Writing")).toBe(known);
  expect(journalError(new Error("odd"), "Writing")).toMatchObject({
    code: "failed",
    message: "Writing failed: odd. Try again; if it happens again, restart the app.",
  });
  expect(journalError("odd", "Writing").message).toBe(
    "Writing failed: odd. Try again; if it happens again, restart the app.",
  );
});

it.each(["ENOSPC", "EROFS", "EACCES", "ENOENT"])("says of %s what happened, why, and what to do", (code) => {
  const { message } = journalError(Object.assign(new Error(code), { code }), "Storing a picture");
  expect(message).toMatch(/^Storing a picture failed: [^.]+\. (Free|Check) [^.]+\.$/);
});
