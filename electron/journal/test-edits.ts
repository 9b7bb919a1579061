/** Edits of a record as someone with its files in their hands can make them, each with the place where it must be found. */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { canonicalJson } from "../../shared/jcs.ts";
import { FIRST_PREV_HASH, hashText, type StoredEvent } from "../../shared/session-event.ts";
import { lineOfEvent } from "./chain.ts";
import { readEvents } from "./event-reader.ts";
import { imagesOf } from "./images-of.ts";
import { packed } from "./packs.ts";
import { recordSample, SESSION, tickingClock } from "./sample-session.ts";
import { ADD_EVENT } from "./session-writer.ts";
import { sha256Hex } from "./sha256.ts";
import { openStore } from "./store.ts";
import type { DamageAt } from "./verify.ts";

/** Below a limit (exclusive), from 0. */
export type Random = (below: number) => number;

/** A whole store to make edited copies of: a session that ended, and another one that is open. */
export type Sample = {
  readonly root: string;
  readonly whole: string;
  readonly events: readonly StoredEvent[];
  readonly blobs: readonly string[];
  /** A fresh copy of the store, with `edit` made to it; its folder. */
  readonly edited: (edit: (dir: string) => void) => string;
  readonly remove: () => void;
};

export const OTHER = "20261121-0002";

export async function sampleStore(): Promise<Sample> {
  const root = mkdtempSync(join(tmpdir(), "countersign-tamper-"));
  const whole = join(root, "whole");
  const store = openStore(whole);
  await recordSample(store.createSession(SESSION, tickingClock()), { turns: 4, end: true });
  await recordSample(store.createSession(OTHER, tickingClock()), { turns: 1, end: false });
  const events = store.events(SESSION);
  store.close();
  return {
    root,
    whole,
    events,
    blobs: [...new Set(events.flatMap(imagesOf))],
    edited: (edit) => {
      const dir = join(root, "edited");
      rmSync(dir, { recursive: true, force: true });
      cpSync(whole, dir, { recursive: true });
      edit(dir);
      return dir;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

type Run = (text: string, ...values: SQLInputValue[]) => void;

/** An edit as someone with the file in their hands can make it: no foreign keys in the way. */
function sql(dir: string, work: (run: Run, db: DatabaseSync) => void) {
  const db = new DatabaseSync(join(dir, "journal.db"), { enableForeignKeyConstraints: false });
  try {
    work((text, ...values) => db.prepare(text).run(...values), db);
  } finally {
    db.close();
  }
}

/** The same on a session whose events are rows, as they are before they are packed: it is whole so, too. */
function sqlOnRows(dir: string, work: (run: Run, db: DatabaseSync) => void) {
  sql(dir, (run, db) => {
    unpackAll(db);
    work(run, db);
  });
}

/** Every packed event as a row again, as stores of before version 3 have them. */
export function unpackAll(db: DatabaseSync): void {
  const sessions = db.prepare("SELECT DISTINCT session FROM packs").all();
  const add = db.prepare(ADD_EVENT);
  for (const { session } of sessions) {
    const events = readEvents(db, String(session));
    db.prepare("DELETE FROM packs WHERE session = ?").run(String(session));
    for (const { seq, v, ts, type, body, prevHash, hash } of events.filter((event) => !isRow(db, event)))
      add.run(String(session), seq, v, ts, type, canonicalJson(body), prevHash, hash);
  }
}

function isRow(db: DatabaseSync, { session, seq }: StoredEvent): boolean {
  return db.prepare("SELECT 1 FROM events WHERE session = ? AND seq = ?").get(session, seq) !== undefined;
}

/** Packs these lines as if they were events from `first` on, following `prevHash`. */
function addPack(run: Run, lines: readonly string[], first: number, prevHash: string): void {
  const bytes = packed(lines);
  run(
    "INSERT INTO packs (session, first, last, prev_hash, sum, lines) VALUES (?, ?, ?, ?, ?, ?)",
    SESSION,
    first,
    first + lines.length - 1,
    prevHash,
    sha256Hex(bytes),
    bytes,
  );
}

/** Events of each of the small packs that edits are made to. */
const SMALL = 9;

export function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = random(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
  return copy;
}

function flipColumn(db: DatabaseSync, table: string, column: string, where: string, random: Random) {
  const bytes = db.prepare(`SELECT CAST(${column} AS BLOB) AS bytes FROM ${table} WHERE ${where}`).get()?.bytes;
  if (!(bytes instanceof Uint8Array)) throw new Error(`no ${column}`);
  db.prepare(`UPDATE ${table} SET ${column} = CAST(? AS TEXT) WHERE ${where}`).run(flipped(bytes, random));
}

const here = (seq: number) => `session = '${SESSION}' AND seq = ${seq}`;
const COLUMNS = "v, ts, type, body, prev_hash, hash";

/** One kind of edit: makes it and says where it must be found; null when any place will do. */
export type Edit = (dir: string, random: Random) => DamageAt | null;

const at = (seq: number): DamageAt => ({ session: SESSION, seq });
const blobPath = (dir: string, sha256: string) => join(dir, "blobs", sha256.slice(0, 2), `${sha256}.png`);

/** Every kind of edit of the sample's ended session. */
export function editsOf({ events, blobs }: Pick<Sample, "events" | "blobs">): Readonly<Record<string, Edit>> {
  const anySeq = (random: Random) => 1 + random(events.length);
  const anyBlob = (random: Random) => blobs[random(blobs.length)] ?? "";

  /** Changes event `first`'s body and recomputes the links of `first` to `last`. */
  function rechain(dir: string, first: number, last: number) {
    sqlOnRows(dir, (run) => {
      let previous = events[first - 2]?.hash ?? FIRST_PREV_HASH;
      for (const event of events.slice(first - 1, last)) {
        const body = event.seq === first ? { ...event.body, extra: "planted" } : event.body;
        const hash = sha256Hex(hashText(previous, { ...event, body } as StoredEvent));
        run(
          `UPDATE events SET body = ?, prev_hash = ?, hash = ? WHERE ${here(event.seq)}`,
          canonicalJson(body),
          previous,
          hash,
        );
        previous = hash;
      }
    });
  }

  return {
    "a bit of an event's text": (dir, random) => {
      const seq = anySeq(random);
      const column = ["body", "body", "body", "ts", "type", "prev_hash", "hash", "session"][random(8)] ?? "body";
      sqlOnRows(dir, (_run, db) => flipColumn(db, "events", column, here(seq), random));
      return at(seq);
    },
    "an event's numbers": (dir, random) => {
      const seq = anySeq(random);
      const column = random(2) === 0 ? "seq" : "v";
      const values = [-1, 0, 1_000 + random(1_000), 2 ** 31, 9007199254740993n];
      sqlOnRows(dir, (run) =>
        run(`UPDATE events SET ${column} = ? WHERE ${here(seq)}`, values[random(values.length)] ?? 0),
      );
      return column === "seq" ? null : at(seq);
    },
    "the same values written another way": (dir, random) => {
      const seq = anySeq(random);
      const text = canonicalJson(events[seq - 1]?.body);
      const ways = [
        `${text} `,
        text.replace(/[{:,]/, "$& "),
        `\ufeff${text}`,
        text.replace(/"([a-z])/, (_all, c: string) => `"\\u00${c.charCodeAt(0).toString(16)}`),
        `${text}\0`,
      ];
      const way = ways.filter((each) => each !== text)[random(4)] ?? `${text} `;
      sqlOnRows(dir, (run) => run(`UPDATE events SET body = CAST(? AS TEXT) WHERE ${here(seq)}`, Buffer.from(way)));
      return at(seq);
    },
    "an event removed": (dir, random) => {
      const seq = anySeq(random);
      sqlOnRows(dir, (run) => run(`DELETE FROM events WHERE ${here(seq)}`));
      return at(seq);
    },
    "the last events removed": (dir, random) => {
      const seq = anySeq(random);
      sqlOnRows(dir, (run) => run("DELETE FROM events WHERE session = ? AND seq >= ?", SESSION, seq));
      return at(seq);
    },
    "two events swapped": (dir, random) => {
      const first = 1 + random(events.length - 1);
      const second = first + 1 + random(events.length - first);
      sqlOnRows(dir, (run) => {
        run(`UPDATE events SET seq = -1 WHERE ${here(first)}`);
        run(`UPDATE events SET seq = ${first} WHERE ${here(second)}`);
        run(`UPDATE events SET seq = ${second} WHERE ${here(-1)}`);
      });
      return at(first);
    },
    "an event inserted": (dir, random) => {
      const seq = anySeq(random);
      sqlOnRows(dir, (run) => {
        run("UPDATE events SET seq = -seq - 1 WHERE session = ? AND seq > ?", SESSION, seq);
        run("UPDATE events SET seq = -seq WHERE session = ? AND seq < 0", SESSION);
        run(
          `INSERT INTO events (session, seq, ${COLUMNS}) SELECT session, seq + 1, ${COLUMNS} FROM events WHERE ${here(seq)}`,
        );
      });
      return at(seq + 1);
    },
    "an event brought in from another session": (dir, random) => {
      const seq = 2 + random(10);
      sqlOnRows(dir, (run) => {
        run(`DELETE FROM events WHERE ${here(seq)}`);
        run("UPDATE events SET session = ? WHERE session = ? AND seq = ?", SESSION, OTHER, seq);
      });
      return at(seq);
    },
    "an event changed and its hash made to fit": (dir, random) => {
      const seq = 1 + random(events.length - 1);
      rechain(dir, seq, seq);
      return at(seq + 1);
    },
    "an event changed and the whole chain after it made to fit": (dir, random) => {
      rechain(dir, anySeq(random), events.length);
      return null;
    },
    ...packEdits(events),
    "a bit of the session's row": (dir, random) => {
      const row = ["row", "row", "row", "started_at", "ended_at", "head_hash"][random(6)] ?? "row";
      sql(dir, (_run, db) => flipColumn(db, "sessions", row, `id = '${SESSION}'`, random));
      return { session: SESSION, row };
    },
    "a field of the session's row": (dir, random) => {
      const field =
        ["task", "model", "where", "steps", "edits", "rejections", "costUsd", "outcome", "endedAt"][random(9)] ??
        "task";
      sql(dir, (run) => run("UPDATE sessions SET row = json_set(row, ?, 7) WHERE id = ?", `$.${field}`, SESSION));
      return { session: SESSION, row: "row" };
    },
    "other columns of the session's row": (dir, random) => {
      const [row, value] = (
        [
          ["head_seq", random(1000) + 100],
          ["ended_at", null],
          ["id", "20261121-0009"],
        ] as const
      )[random(3)] ?? ["id", "x"];
      sql(dir, (run) => run(`UPDATE sessions SET ${row} = ? WHERE id = ?`, value, SESSION));
      return { session: SESSION, row };
    },
    "the session's row removed": (dir) => {
      sql(dir, (run) => run("DELETE FROM sessions WHERE id = ?", SESSION));
      return { session: SESSION, row: "id" };
    },
    "a bit of a picture": (dir, random) => {
      const blob = anyBlob(random);
      writeFileSync(blobPath(dir, blob), flipped(readFileSync(blobPath(dir, blob)), random));
      return { session: SESSION, blob };
    },
    "a picture cut, longer, gone or another one": (dir, random) => {
      const blob = anyBlob(random);
      const path = blobPath(dir, blob);
      const other = blobs[(blobs.indexOf(blob) + 1) % blobs.length] ?? "";
      const ways = [
        () => truncateSync(path, random(2900)),
        () => appendFileSync(path, "\0"),
        () => rmSync(path),
        () => cpSync(blobPath(dir, other), path),
      ];
      ways[random(4)]?.();
      return { session: SESSION, blob };
    },
  };
}

/** Edits of a session in packs of a few events each. */
function packEdits(events: readonly StoredEvent[]): Readonly<Record<string, Edit>> {
  const lines = events.map(lineOfEvent);
  const count = Math.ceil(lines.length / SMALL);
  const firstOf = (pack: number) => pack * SMALL + 1;
  const hashBefore = (seq: number) => events[seq - 2]?.hash ?? FIRST_PREV_HASH;
  const linesOf = (pack: number) => lines.slice(pack * SMALL, (pack + 1) * SMALL);
  const inPacks = (dir: string, edit: (run: Run, db: DatabaseSync) => void) =>
    sql(dir, (run, db) => {
      run("DELETE FROM packs WHERE session = ?", SESSION);
      for (let pack = 0; pack < count; pack += 1) addPack(run, linesOf(pack), firstOf(pack), hashBefore(firstOf(pack)));
      edit(run, db);
    });
  const where = (pack: number) => `session = '${SESSION}' AND first = ${firstOf(pack)}`;
  /** Makes a pack anew with other lines, its sum made to fit. */
  const remade = (dir: string, pack: number, edit: (lines: string[]) => void) =>
    inPacks(dir, (run) => {
      const changed = [...linesOf(pack)];
      edit(changed);
      run(`DELETE FROM packs WHERE ${where(pack)}`);
      addPack(run, changed, firstOf(pack), hashBefore(firstOf(pack)));
    });
  return {
    "a bit of a pack": (dir, random) => {
      const pack = random(count);
      const column = ["lines", "lines", "lines", "sum", "prev_hash", "session"][random(6)] ?? "lines";
      inPacks(dir, (run, db) => {
        if (column !== "lines") return flipColumn(db, "packs", column, where(pack), random);
        const bytes = db.prepare(`SELECT lines FROM packs WHERE ${where(pack)}`).get()?.lines as Uint8Array;
        run(`UPDATE packs SET lines = ? WHERE ${where(pack)}`, flipped(bytes, random));
      });
      return at(firstOf(pack));
    },
    "bytes behind a pack's end, its sum made to fit": (dir, random) => {
      const pack = random(count);
      inPacks(dir, (run) => {
        const bytes = Buffer.concat([packed(linesOf(pack)), Buffer.from("hidden")]);
        run(`UPDATE packs SET lines = ?, sum = ? WHERE ${where(pack)}`, bytes, sha256Hex(bytes));
      });
      return at(firstOf(pack));
    },
    "a pack's numbers": (dir, random) => {
      const pack = random(count);
      const column = random(2) === 0 ? "first" : "last";
      inPacks(dir, (run) => run(`UPDATE packs SET ${column} = ? WHERE ${where(pack)}`, 1000 + random(1000)));
      return at(firstOf(pack));
    },
    "a pack removed": (dir, random) => {
      const pack = random(count);
      inPacks(dir, (run) => run(`DELETE FROM packs WHERE ${where(pack)}`));
      return at(firstOf(pack));
    },
    "two packs swapped": (dir, random) => {
      const pack = random(count - 1);
      inPacks(dir, (run) => {
        for (const each of [pack, pack + 1]) run(`DELETE FROM packs WHERE ${where(each)}`);
        const [first, second] = [linesOf(pack + 1), linesOf(pack)];
        addPack(run, first, firstOf(pack), hashBefore(firstOf(pack)));
        addPack(run, second, firstOf(pack) + first.length, hashBefore(firstOf(pack)));
      });
      return at(firstOf(pack));
    },
    "an event in a pack changed": (dir, random) => {
      const seq = 1 + random(events.length);
      remade(dir, Math.floor((seq - 1) / SMALL), (changed) => {
        const event = events[seq - 1] as StoredEvent;
        const body: object = { ...event.body, extra: "planted" };
        changed[(seq - 1) % SMALL] = lineOfEvent({ ...event, body } as StoredEvent);
      });
      return at(seq);
    },
    "an event in a pack written another way": (dir, random) => {
      const seq = 1 + random(events.length);
      remade(dir, Math.floor((seq - 1) / SMALL), (changed) => {
        changed[(seq - 1) % SMALL] = (lines[seq - 1] ?? "").replace(/[{:,]/, "$& ");
      });
      return at(seq);
    },
    "an event of a pack removed": (dir, random) => {
      const seq = 1 + random(events.length - 1);
      const pack = Math.floor((seq - 1) / SMALL);
      remade(dir, pack, (changed) => {
        changed.splice((seq - 1) % SMALL, 1);
      });
      // The last of its pack is missed where the next pack should follow.
      return at(seq);
    },
    "an event in a pack and as a row": (dir, random) => {
      const seq = 1 + random(events.length);
      inPacks(dir, (run) => {
        const { v, ts, type, body, prevHash, hash } = events[seq - 1] as StoredEvent;
        run(ADD_EVENT, SESSION, seq, v, ts, type, canonicalJson(body), prevHash, hash);
      });
      return at(events.length + 1);
    },
  };
}
