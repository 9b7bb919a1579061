import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordSample, samplePicture, startedEvent, tickingClock } from "./sample-session.ts";
import { type JournalStore, openStore } from "./store.ts";
import { verifySession } from "./verify.ts";

const A = "20261101-0001";
const B = "20261102-0002";
const C = "20261103-0003";
const DAY = 86_400_000;

let dir = "";
let now = 0;
let store: JournalStore;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "deletion-"));
  now = Date.UTC(2026, 10, 20);
  store = openStore(dir, { now: () => now });
  // A names the pictures 0 to 3, B 0 to 2, C 0 and 1.
  await recordSample(store.createSession(A, tickingClock(Date.UTC(2026, 10, 1))), { turns: 3, end: true });
  await recordSample(store.createSession(B, tickingClock(Date.UTC(2026, 10, 2))), { turns: 2, end: true });
  await recordSample(store.createSession(C, tickingClock(Date.UTC(2026, 10, 3))), { turns: 1, end: true });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const there = () => [0, 1, 2, 3].filter((n) => existsSync(store.imagePath(samplePicture(n).ref.sha256)));
const ids = () => store.list().map(({ id }) => id);

describe("deleting", () => {
  it("removes the events and the pictures nothing else names; the rest verifies", async () => {
    store.delete(A, "operator");
    expect(ids()).toEqual([C, B]);
    expect(there()).toEqual([0, 1, 2]);
    expect(store.events(A)).toEqual([]);
    expect(store.search({ text: "naïve", session: A, limit: 9 })).toEqual([]);
    expect(await verifySession(dir, B)).toMatchObject({ ok: true, dropped: [] });
    await expect(verifySession(dir, A)).rejects.toThrow(/was deleted on 2026-11-20T00:00:00\.000Z \(entry \d+ of/);
    store.delete(B, "operator");
    store.delete(C, "operator");
    expect(there()).toEqual([]);
    expect(store.usage()).toMatchObject({ sessions: 0, oldest: null });
  });

  it("leaves nothing of the texts in the file", () => {
    const secret = "naïve 😀 “quoted”";
    for (const id of [A, B, C]) store.delete(id, "operator");
    store.close();
    for (const file of ["journal.db", "journal.db-wal"]) {
      const path = join(dir, file);
      if (existsSync(path)) expect(readFileSync(path).includes(secret)).toBe(false);
    }
    store = openStore(dir);
  });

  it("spares a running session's pictures that it has not named yet", async () => {
    const running = store.createSession("20261120-0004", () => now);
    running.append([startedEvent()]);
    const { bytes, ref } = samplePicture(3);
    await running.putImage(bytes, ref);
    store.delete(A, "operator");
    expect(there()).toContain(3);
    running.append([{ type: "takeover.ended", body: { note: null, after: ref } }]);
    running.append([{ type: "session.ended", body: { reason: "finished", detail: null } }]);
    store.sweep();
    expect(there()).toContain(3);
    expect(await verifySession(dir, "20261120-0004")).toMatchObject({ ok: true, blobs: 1 });
  });

  it("refuses a session that has not ended, and one that is not there", () => {
    store.createSession("20261120-0004", () => now).append([startedEvent()]);
    expect(() => store.delete("20261120-0004", "operator")).toThrow(/has not ended/);
    expect(() => store.delete("20261120-none", "operator")).toThrow(/There is no session/);
  });

  it("a deleted session that is put back is found", async () => {
    const copy = openStore(join(dir, "copy"));
    await recordSample(copy.createSession(A, tickingClock(Date.UTC(2026, 10, 1))), { turns: 3, end: true });
    copy.close();
    store.delete(A, "operator");
    const db = new DatabaseSync(join(dir, "journal.db"));
    db.exec(`ATTACH '${join(dir, "copy", "journal.db")}' AS copy;
      INSERT INTO sessions SELECT * FROM copy.sessions; INSERT INTO packs SELECT * FROM copy.packs;`);
    db.close();
    expect(await verifySession(dir, A)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/says that it was deleted/),
    });
  });
});

describe("retention", () => {
  const retain = (days: number | null, gigabytes: number | null) => {
    const gone: string[] = [];
    for (;;) {
      const next = store.retainNext({ days, gigabytes });
      if (next === null) return gone;
      gone.push(next);
    }
  };

  it("keeps everything without limits", () => {
    now += 10_000 * DAY;
    expect(retain(null, null)).toEqual([]);
  });

  it("by age, from a session's end", () => {
    expect(retain(30, null)).toEqual([]);
    now = Date.UTC(2026, 11, 1, 12);
    expect(retain(30, null)).toEqual([A]);
    now += DAY;
    expect(retain(30, null)).toEqual([B]);
    expect(ids()).toEqual([C]);
  });

  it("by size, the oldest first", () => {
    const { bytes } = store.usage();
    expect(retain(null, bytes / 1e9)).toEqual([]);
    expect(retain(null, (bytes - 1) / 1e9)).toEqual([A]);
    expect(retain(null, 1e-9)).toEqual([B, C]);
  });

  it("never a kept session, nor an open one", () => {
    store.addReview({ type: "session.kept", body: { session: A, keep: true } });
    store.createSession("20261101-0000", tickingClock(Date.UTC(2026, 10, 1))).append([startedEvent()]);
    now += 1000 * DAY;
    expect(retain(1, 1e-9)).toEqual([B, C]);
    expect(ids()).toEqual([A, "20261101-0000"]);
    store.addReview({ type: "session.kept", body: { session: A, keep: false } });
    expect(retain(1, 1e-9)).toEqual([A]);
  });
});
