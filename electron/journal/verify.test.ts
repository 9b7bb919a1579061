import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { randomBelow } from "../../soak/proof.ts";
import { SESSION } from "./sample-session.ts";
import { OTHER, type Sample, sampleStore } from "./test-edits.ts";
import { verifySession } from "./verify.ts";

// Every kind of edit at random places is soak/tamper.proof.ts; `npm test` runs a sample of it.

let sample: Sample;

beforeAll(async () => {
  sample = await sampleStore();
});
afterAll(() => sample.remove());

const edited: Sample["edited"] = (edit) => sample.edited(edit);

it("finds a session whole, also one that is still open", async () => {
  const head = sample.events.at(-1)?.hash;
  expect(
    await verifySession(
      edited(() => undefined),
      SESSION,
    ),
  ).toEqual({
    ok: true,
    events: sample.events.length,
    blobs: 5,
    head,
    signedBy: null,
    dropped: [],
  });
  expect(await verifySession(sample.whole, OTHER)).toMatchObject({ ok: true, blobs: 2 });
});

it("finds a page of the database file overwritten", async () => {
  const random = randomBelow(7);
  // Pages that nothing uses hold no record.
  const db = new DatabaseSync(join(sample.whole, "journal.db"));
  db.exec("VACUUM");
  db.close();
  const size = readFileSync(join(sample.whole, "journal.db")).length;
  for (let i = 0; i < 12; i += 1) {
    const page = 1 + random(size / 4096 - 1);
    const dir = edited((dir) => {
      const bytes = readFileSync(join(dir, "journal.db"));
      for (let at = page * 4096; at < (page + 1) * 4096; at += 1) bytes[at] = random(256);
      writeFileSync(join(dir, "journal.db"), bytes);
    });
    const found = await verifySession(dir, SESSION).catch((error: unknown) => ({ ok: false, error }));
    expect([page, found]).toMatchObject([page, { ok: false }]);
  }
});

it("says that a session is not there", async () => {
  await expect(verifySession(sample.whole, "20261121-none")).rejects.toMatchObject({ code: "not_found" });
  await expect(verifySession(join(sample.root, "nowhere"), SESSION)).rejects.toMatchObject({ code: "not_found" });
});

it("does not take what Claude wrote for a picture's name", () => {
  expect(sample.events.some((event) => JSON.stringify(event.body).includes('"sha256":"ff"'))).toBe(true);
  expect(sample.blobs).toHaveLength(5);
});
