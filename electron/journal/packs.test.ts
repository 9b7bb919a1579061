import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyStore } from "../../e2e/independent-verifier.ts";
import { recordSample, SESSION, startedEvent, tickingClock } from "./sample-session.ts";
import { openStore } from "./store.ts";
import { unpackAll } from "./test-edits.ts";
import { verifySession } from "./verify.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "countersign-packs-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function inTables<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(dir, "journal.db"));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const count = (table: "events" | "packs") =>
  inTables((db) => Number(db.prepare(`SELECT count(*) AS n FROM ${table} WHERE session = ?`).get(SESSION)?.n));

/** A store as version 2 wrote it. */
function asVersion2(): void {
  inTables((db) => {
    unpackAll(db);
    db.exec("DROP TABLE packs; DROP INDEX said_program; PRAGMA user_version = 2");
  });
}

async function bothFindWhole(): Promise<void> {
  const ours = await verifySession(dir, SESSION);
  const second = verifyStore(dir, SESSION);
  expect([ours, second]).toMatchObject([{ ok: true }, { ok: true, head: ours.ok ? ours.head : "" }]);
}

describe("packs", () => {
  it("an open session keeps rows until there are enough for a pack; an ended one has none", async () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const note = (n: number) => ({ type: "note.added", body: { text: `note ${n}` } }) as const;
    for (let n = 2; n <= 255; n += 1) journal.append([note(n)]);
    expect([count("events"), count("packs")]).toEqual([255, 0]);
    journal.append([note(256), note(257)]);
    expect([count("events"), count("packs")]).toEqual([1, 1]);
    await bothFindWhole();
    journal.append([{ type: "session.ended", body: { reason: "finished", detail: null } }]);
    expect([count("events"), count("packs")]).toEqual([0, 2]);
    await bothFindWhole();
    const all = store.events(SESSION);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 258 }, (_, i) => i + 1));
    expect(all.every(({ prevHash }, i) => prevHash === (all[i - 1]?.hash ?? "0".repeat(64)))).toBe(true);
    for (const after of [0, 1, 200, 255, 256, 257])
      expect(store.events(SESSION, after, 5)).toEqual(all.slice(after, after + 5));
    store.close();
  });

  it("an ended session leaves no unused page and no log of changes behind", () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    const note = { type: "note.added", body: { text: "words ".repeat(200) } } as const;
    journal.append([startedEvent(), ...Array.from({ length: 200 }, () => note)]);
    journal.append([{ type: "session.ended", body: { reason: "finished", detail: null } }]);
    expect(statSync(join(dir, "journal.db-wal")).size).toBe(0);
    expect(inTables((db) => db.prepare("PRAGMA freelist_count").get())).toEqual({ freelist_count: 0 });
    store.close();
  });

  it("no commit that input waits for makes a pack", () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const note = { type: "note.added", body: { text: "words" } } as const;
    journal.append(Array.from({ length: 254 }, () => note));
    const action = { action: "left_click", coordinate: [1, 1] } as const;
    journal.append([note, { type: "action.started", body: { proposal: "1.0", rev: 1, action } }]);
    expect(count("packs")).toBe(0);
    journal.append([note]);
    expect(count("packs")).toBe(1);
    store.close();
  });

  it("a failed append leaves the rows as they were", () => {
    let fail = false;
    const aroundCommit = (commit: () => void) => {
      if (fail) throw new Error("no");
      commit();
    };
    const store = openStore(dir, { aroundCommit });
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    fail = true;
    const ended = { type: "session.ended", body: { reason: "finished", detail: null } } as const;
    expect(() => journal.append([ended])).toThrow();
    expect([count("events"), count("packs")]).toEqual([1, 0]);
    fail = false;
    journal.append([ended]);
    expect([count("events"), count("packs")]).toEqual([0, 1]);
    store.close();
  });

  it("says that a damaged pack can't be read", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 1, end: true });
    inTables((db) => db.exec("UPDATE packs SET lines = x'00'"));
    expect(() => store.events(SESSION)).toThrow(/Events 1 to \d+ of session .* can't be read/);
    store.close();
  });
});

describe("a store of version 2", () => {
  it("opens, reads and verifies as it is, and goes on in packs", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 3, end: true });
    await recordSample(store.createSession("20261121-open", tickingClock()), { turns: 2, end: false });
    const [ended, open] = [store.events(SESSION), store.events("20261121-open")];
    const found = store.search({ text: "naïve", session: null, limit: 9 });
    store.close();
    asVersion2();
    const again = openStore(dir);
    expect(again.events(SESSION)).toEqual(ended);
    expect(again.events("20261121-open")).toEqual(open);
    expect(again.search({ text: "naïve", session: null, limit: 9 })).toEqual(found);
    await bothFindWhole();
    expect(
      inTables((db) => db.prepare("SELECT name FROM sqlite_schema WHERE name = 'said_program'").all()),
    ).toHaveLength(1);
    again
      .reopenSession("20261121-open", tickingClock())
      .append([{ type: "session.ended", body: { reason: "interrupted", detail: null } }]);
    expect(again.events("20261121-open")).toHaveLength(open.length + 1);
    expect(await verifySession(dir, "20261121-open")).toMatchObject({ ok: true });
    again.delete(SESSION, "operator");
    expect([count("events"), count("packs")]).toEqual([0, 0]);
    again.close();
  });
});
