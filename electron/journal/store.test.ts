import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FIRST_PREV_HASH, hashText } from "../../shared/session-event.ts";
import { foldSession, sessionRow } from "../../shared/session-view.ts";
import { JournalError } from "./journal.ts";
import {
  approvedEvents,
  finishedEvent,
  proposedEvent,
  recordSample,
  SESSION,
  samplePicture,
  startedEvent,
  TASK,
  tickingClock,
  turnEvents,
} from "./sample-session.ts";
import { sha256Hex } from "./sha256.ts";
import { openStore } from "./store.ts";

let root = "";
let dir = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "journal-"));
  dir = join(root, "data");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The JournalError a call throws. */
function failure(work: () => unknown): JournalError {
  try {
    work();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function query(sql: string, ...values: string[]) {
  const db = new DatabaseSync(join(dir, "journal.db"));
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

describe("openStore", () => {
  it("makes a private folder with private files", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 1, end: true });
    const seen = new Map<string, string>();
    const walk = (folder: string) => {
      seen.set(folder, (statSync(folder).mode & 0o777).toString(8));
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) walk(path);
        else seen.set(path, (statSync(path).mode & 0o777).toString(8));
      }
    };
    walk(dir);
    for (const [path, mode] of seen) expect([path, mode]).toEqual([path, statSync(path).isDirectory() ? "700" : "600"]);
    expect([...seen.keys()].map((path) => path.slice(dir.length + 1))).toEqual(
      expect.arrayContaining(["journal.db", "journal.db-wal", "journal.db-shm"]),
    );
    store.close();
  });

  it("closes an open folder and file of ours to others", () => {
    openStore(dir).close();
    chmodSync(dir, 0o755);
    chmodSync(join(dir, "journal.db"), 0o644);
    openStore(dir).close();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, "journal.db")).mode & 0o777).toBe(0o600);
  });

  it("leaves the permissions of a shared folder alone", () => {
    mkdirSync(dir);
    chmodSync(dir, 0o1777);
    openStore(dir).close();
    expect(statSync(dir).mode & 0o1777).toBe(0o1777);
  });

  it("writes ahead and waits for the disk", () => {
    openStore(dir).close();
    expect(query("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(query("PRAGMA user_version")).toEqual([{ user_version: 3 }]);
  });

  it("refuses a newer format in words and leaves it as it was", () => {
    openStore(dir).close();
    query("PRAGMA user_version = 4");
    for (const readOnly of [false, true]) {
      const error = failure(() => openStore(dir, { readOnly }));
      expect(error.code).toBe("newer_format");
      expect(error.message).toMatch(/newer Countersign \(format 4; this one reads up to 3\)\. Update the app/);
    }
    expect(query("PRAGMA user_version")).toEqual([{ user_version: 4 }]);
  });

  it("refuses a file that is no journal", () => {
    mkdirSync(dir);
    writeFileSync(join(dir, "journal.db"), "not a database ".repeat(1000));
    expect(failure(() => openStore(dir)).code).toBe("damaged");
    rmSync(join(dir, "journal.db"));
    query("CREATE TABLE other (x)");
    expect(failure(() => openStore(dir)).code).toBe("damaged");
  });

  it("never makes a store when it only reads", () => {
    expect(failure(() => openStore(dir, { readOnly: true })).code).toBe("not_found");
    expect(existsSync(dir)).toBe(false);
  });
});

describe("a session's journal", () => {
  it("chains events from 64 zeros, without a gap, with times that never go back", () => {
    const store = openStore(dir);
    const times = [1_700_000_000_500, 1_700_000_000_100.7, 1_700_000_001_000];
    const journal = store.createSession(SESSION, () => times.shift() ?? 1_700_000_002_000);
    const appended = [
      ...journal.append([startedEvent()]),
      ...journal.append([
        { type: "session.paused", body: { why: "operator", detail: null } },
        { type: "session.resumed", body: {} },
      ]),
      ...journal.append([{ type: "note.added", body: { text: "hello" } }]),
    ];
    expect(appended.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(appended.map(({ ts }) => ts)).toEqual([
      "2023-11-14T22:13:20.500Z",
      "2023-11-14T22:13:20.500Z",
      "2023-11-14T22:13:21.000Z",
      "2023-11-14T22:13:22.000Z",
    ]);
    let previous = FIRST_PREV_HASH;
    for (const event of appended) {
      expect(event.prevHash).toBe(previous);
      expect(event.hash).toBe(sha256Hex(hashText(previous, event)));
      previous = event.hash;
    }
    expect(store.events(SESSION)).toEqual(appended);
    expect(store.events(SESSION, 2)).toEqual(appended.slice(2));
    expect(journal.append([])).toEqual([]);
    store.close();
  });

  it("is on disk for another process when append returns", () => {
    const store = openStore(dir);
    const events = store.createSession(SESSION, tickingClock()).append([startedEvent()]);
    const reader = openStore(dir, { readOnly: true });
    expect(reader.events(SESSION)).toEqual(events);
    reader.close();
    store.close();
  });

  it("keeps the list row equal to the fold of the events after every append", async () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    let appends = 0;
    const watched = {
      session: SESSION,
      putImage: journal.putImage.bind(journal),
      append: (events: Parameters<typeof journal.append>[0]) => {
        const stored = journal.append(events);
        expect(store.row(SESSION)).toEqual(sessionRow(foldSession(SESSION, store.events(SESSION))));
        appends += 1;
        return stored;
      },
    };
    await recordSample(watched, { turns: 3, end: true });
    expect(appends).toBe(18);
    expect(store.row(SESSION)).toMatchObject({
      task: TASK,
      outcome: "finished",
      steps: 3,
      rejections: 1,
      where: "own:1280x800",
    });
    store.close();
  });

  it("keeps nothing of a failed append and goes on", () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const before = store.events(SESSION);
    const note = { type: "note.added", body: { text: "kept?" } } as const;
    const error = failure(() => journal.append([note, { type: "note.added", body: { text: "half \ud800" } }]));
    expect(error.message).toMatch(/Writing session .* failed: \$\.text: a lone surrogate/);
    expect(store.events(SESSION)).toEqual(before);
    expect(journal.append([note])[0]?.seq).toBe(2);
    store.close();
  });

  it("does not follow changes the caller makes to a body afterwards", () => {
    const store = openStore(dir);
    const body = { text: "as said" };
    const journal = store.createSession(SESSION, tickingClock());
    const stored = journal.append([startedEvent(), { type: "note.added", body }]);
    body.text = "as never said";
    expect(stored[1]?.body).toEqual({ text: "as said" });
    store.close();
  });

  it("begins with session.started, once, and takes nothing after session.ended", () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    expect(failure(() => journal.append([{ type: "note.added", body: { text: "early" } }])).message).toMatch(
      /first event/,
    );
    journal.append([startedEvent()]);
    expect(failure(() => journal.append([startedEvent()])).message).toMatch(/started already/);
    const end = { type: "session.ended", body: { reason: "finished", detail: null } } as const;
    const late = { type: "note.added", body: { text: "late" } } as const;
    expect(failure(() => journal.append([end, late])).message).toMatch(/has ended/);
    expect(store.events(SESSION)).toHaveLength(1);
    journal.append([end]);
    expect(failure(() => journal.append([late])).message).toMatch(/has ended/);
    expect(failure(() => store.reopenSession(SESSION, tickingClock()).append([late])).message).toMatch(/has ended/);
    expect(store.events(SESSION)).toHaveLength(2);
    store.close();
  });

  it("refuses an event that names a picture which is not stored", async () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const picture = samplePicture(1);
    const action = { action: "type", text: "x" } as const;
    const naming = [
      turnEvents(1, picture.ref, action),
      [proposedEvent(1, picture.ref, action)],
      [finishedEvent(1, "done", picture.ref)],
    ];
    for (const events of naming) {
      expect(failure(() => journal.append(events)).message).toMatch(
        `names the picture ${picture.ref.sha256}, which is not stored`,
      );
    }
    const storing = journal.putImage(picture.bytes, picture.ref);
    expect(() => journal.append(turnEvents(1, picture.ref, action))).toThrow(/not stored/);
    await storing;
    for (const events of naming) journal.append(events);
    expect(store.events(SESSION)).toHaveLength(5);
    store.close();
  });

  it("refuses a second writer of the same session", () => {
    const store = openStore(dir);
    const other = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const second = other.reopenSession(SESSION, tickingClock());
    journal.append([{ type: "note.added", body: { text: "mine" } }]);
    expect(failure(() => second.append([{ type: "note.added", body: { text: "theirs" } }])).code).toBe("failed");
    expect(store.events(SESSION)).toHaveLength(2);
    expect(failure(() => store.createSession(SESSION, tickingClock())).message).toMatch(/already/);
    expect(failure(() => store.createSession("../etc", tickingClock())).message).toMatch(/id is 8 to 40/);
    other.close();
    store.close();
  });

  it("says that another program holds the journal, soon", () => {
    const store = openStore(dir, { busyMs: 50 });
    const journal = store.createSession(SESSION, tickingClock());
    const other = new DatabaseSync(join(dir, "journal.db"));
    other.exec("BEGIN IMMEDIATE");
    const error = failure(() => journal.append([startedEvent()]));
    expect(error.code).toBe("locked");
    expect(error.message).toMatch(/another program holds the journal/);
    other.exec("ROLLBACK");
    other.close();
    journal.append([startedEvent()]);
    expect(store.events(SESSION)).toHaveLength(1);
    store.close();
  });

  it("goes on after a crash where it was", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 2, end: false });
    store.close();
    const again = openStore(dir);
    expect(again.openSessions().map(({ id }) => id)).toEqual([SESSION]);
    const before = again.events(SESSION);
    const journal = again.reopenSession(SESSION, () => 0);
    const [ended] = journal.append([{ type: "session.ended", body: { reason: "interrupted", detail: null } }]);
    expect(ended).toMatchObject({ seq: before.length + 1, prevHash: before.at(-1)?.hash, ts: before.at(-1)?.ts });
    expect(again.openSessions()).toEqual([]);
    expect(again.row(SESSION)).toEqual(sessionRow(foldSession(SESSION, again.events(SESSION))));
    again.close();
  });

  it("does not go on with a chain that was changed", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 1, end: false });
    query("UPDATE events SET ts = '2026-11-21T09:00:00.000Z' WHERE seq = 3");
    const error = failure(() => store.reopenSession(SESSION, tickingClock()));
    expect([error.code, error.message]).toEqual([
      "damaged",
      `Session ${SESSION} can't go on: its event 3 was changed: its hash does not fit its content.`,
    ]);
    expect(failure(() => store.reopenSession("20261121-none", tickingClock())).code).toBe("not_found");
    store.close();
  });
});

describe("lists and search", () => {
  it("lists the newest first", () => {
    const store = openStore(dir);
    for (const [i, start] of [3000, 9000, 6000].entries()) {
      store.createSession(`session-${i}`, () => start).append([startedEvent(`task ${i}`)]);
    }
    expect(store.list().map(({ task }) => task)).toEqual(["task 1", "task 2", "task 0"]);
    store.close();
  });

  it("reads a session in parts and by type, for a replay", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 4, end: true });
    const all = store.events(SESSION);
    const parts = [0, 7, 14, 21, 28].flatMap((after) => store.events(SESSION, after, 7));
    expect(parts).toEqual(all.slice(0, 35));
    expect(store.lastSeq(SESSION)).toBe(all.length);
    expect(store.eventsOf(SESSION, ["session.started", "turn.finished"])).toEqual(
      all.filter(({ type }) => type === "session.started" || type === "turn.finished"),
    );
    expect(store.lastSeq("20260101-none")).toBe(0);
    store.close();
  });

  it("keeps any character of a task", () => {
    const store = openStore(dir);
    const task = "a\0b \u202e \u{1f600} \ufeff";
    store.createSession(SESSION, tickingClock()).append([startedEvent(task)]);
    expect(store.list()[0]?.task).toBe(task);
    store.close();
  });

  it("indexes task, thinking, typed text, reasons and notes with the event they are in", async () => {
    const store = openStore(dir);
    await recordSample(store.createSession(SESSION, tickingClock()), { turns: 1, end: true });
    const events = store.events(SESSION);
    const find = (text: string) =>
      store.search({ text, session: null, limit: 10 }).map(({ seq, kind, step, before, match, after }) => {
        expect(`${before}${match}${after}`.toLowerCase()).toContain(text.toLowerCase());
        return `${kind} ${step ?? "-"}: ${events.find((event) => event.seq === seq)?.type}`;
      });
    expect(find("grüße, 世界")).toEqual(["task -: session.started"]);
    expect(find("notes window is in")).toEqual(["thinking -: turn.finished", "thinking -: turn.finished"]);
    expect(find("naïve")).toEqual(["typed 1.0: action.proposed"]);
    expect(find("ïv")).toEqual(["typed 1.0: action.proposed"]);
    expect(find("not that one")).toEqual(["reason 2.0: decision.made"]);
    expect(find("only the notes")).toEqual(["note -: note.added"]);
    expect(find("Mousepad: Notes")).toEqual(["program 1.0: action.proposed"]);
    expect(find("nowhere")).toEqual([]);
    expect(find('"; %')).toEqual([]);
    store.close();
  });
});

describe("approvals", () => {
  it("commits the decision and the start of its action at once", () => {
    const store = openStore(dir, { busyMs: 0 });
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const pair = journal.append(approvedEvents(1, { action: "type", text: "x" }));
    expect(pair.map(({ type }) => type)).toEqual(["decision.made", "action.started"]);
    const reader = openStore(dir, { readOnly: true });
    expect(reader.events(SESSION, 1)).toEqual(pair);
    reader.close();
    store.close();
  });

  it("keeps neither when one of the two can't be written", () => {
    const store = openStore(dir);
    const journal = store.createSession(SESSION, tickingClock());
    journal.append([startedEvent()]);
    const before = store.row(SESSION);
    // Something stands where the second of the two would go.
    query("INSERT INTO events SELECT session, 3, v, ts, type, body, prev_hash, hash FROM events WHERE seq = 1");
    expect(failure(() => journal.append(approvedEvents(1, { action: "type", text: "x" }))).code).toBe("failed");
    expect(store.events(SESSION).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(store.row(SESSION)).toEqual(before);
    query("DELETE FROM events WHERE seq = 3");
    expect(journal.append(approvedEvents(1, { action: "type", text: "x" })).map(({ seq }) => seq)).toEqual([2, 3]);
    store.close();
  });
});
