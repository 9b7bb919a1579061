import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordSample, SESSION, tickingClock } from "./sample-session.ts";
import { type JournalStore, openStore } from "./store.ts";
import { verifySession } from "./verify.ts";

const OTHER = "20261121-0002";
let dir = "";
let store: JournalStore;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "review-"));
  store = openStore(dir, { now: tickingClock(Date.UTC(2026, 10, 23)) });
  await recordSample(store.createSession(SESSION, tickingClock()), { turns: 2, end: true });
  await recordSample(store.createSession(OTHER, tickingClock(Date.UTC(2026, 10, 22))), { turns: 1, end: true });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

it("notes and flags are events of their own: the session's head stays, and both verify", async () => {
  const before = await verifySession(dir, SESSION);
  store.addReview({ type: "note.added", body: { session: SESSION, step: "2.0", text: "Why here?" } });
  store.addReview({ type: "note.added", body: { session: SESSION, step: null, text: "All in all fine" } });
  store.addReview({ type: "step.flagged", body: { session: SESSION, step: "3.0", on: true } });
  const { notes, flags, kept } = store.review(SESSION);
  expect(notes).toMatchObject([
    { step: "2.0", text: "Why here?" },
    { step: null, text: "All in all fine" },
  ]);
  expect(flags).toMatchObject([{ session: SESSION, step: "3.0" }]);
  expect(kept).toBe(false);
  expect(await verifySession(dir, SESSION)).toEqual(before);
  store.addReview({ type: "note.removed", body: { session: SESSION, note: notes[0]?.id ?? 0 } });
  expect(store.review(SESSION).notes).toMatchObject([{ text: "All in all fine" }]);
});

it("lists flagged steps of all sessions, the newest flag first, and counts them in the list", () => {
  const flag = (session: string, step: string, on: boolean) =>
    store.addReview({ type: "step.flagged", body: { session, step, on } });
  flag(SESSION, "1.0", true);
  flag(OTHER, "2.0", true);
  flag(SESSION, "2.0", true);
  flag(SESSION, "1.0", false);
  expect(store.flagged()).toMatchObject([
    { session: SESSION, step: "2.0" },
    { session: OTHER, step: "2.0" },
  ]);
  const query = { text: "", sort: "startedAt", descending: true, offset: 0, limit: 10 } as const;
  expect(store.sessions(query).rows.map(({ id, flags }) => [id, flags])).toEqual([
    [OTHER, 1],
    [SESSION, 1],
  ]);
});

it("refuses what is not there", () => {
  const note = (session: string, step: string | null) =>
    store.addReview({ type: "note.added", body: { session, step, text: "x" } });
  expect(() => note("20261121-none", null)).toThrow(/no session/);
  expect(() => note(SESSION, "7.0")).toThrow(/no step 7\.0/);
  expect(() => note(SESSION, "1.1")).toThrow(/no step 1\.1/);
  expect(() => store.addReview({ type: "note.removed", body: { session: SESSION, note: 1 } })).toThrow(/no note 1/);
});

it("sorts and searches the list", () => {
  const ids = (query: Partial<Parameters<JournalStore["sessions"]>[0]>) =>
    store
      .sessions({ text: "", sort: "startedAt", descending: true, offset: 0, limit: 10, ...query })
      .rows.map(({ id }) => id);
  expect(ids({})).toEqual([OTHER, SESSION]);
  expect(ids({ descending: false })).toEqual([SESSION, OTHER]);
  expect(ids({ sort: "steps" })).toEqual([SESSION, OTHER]);
  expect(ids({ sort: "costUsd", descending: false })).toEqual([OTHER, SESSION]);
  expect(ids({ sort: "duration" })).toEqual([SESSION, OTHER]);
  expect(ids({ text: "LINE 2:" })).toEqual([SESSION]);
  expect(ids({ text: "mousepad" })).toEqual([OTHER, SESSION]);
  expect(ids({ text: SESSION })).toEqual([SESSION]);
  expect(ids({ text: "no such words" })).toEqual([]);
  expect(ids({ offset: 1, limit: 1 })).toEqual([SESSION]);
  expect(store.sessions({ text: "", sort: "task", descending: false, offset: 0, limit: 1 })).toMatchObject({
    total: 2,
  });
});
