import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "../../shared/jcs.ts";
import { foldSession, sessionRow } from "../../shared/session-view.ts";
import { recordSample, SESSION, tickingClock } from "./sample-session.ts";
import { fingerprint, newPrivateKey, signerOf } from "./signer.ts";
import { openStore } from "./store.ts";
import { unpackAll } from "./test-edits.ts";
import { verifySession } from "./verify.ts";

const OTHER = "20261121-0002";
const signer = signerOf(newPrivateKey());
let root = "";
let whole = "";

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "ledger-"));
  whole = join(root, "whole");
  const store = openStore(whole, { signer });
  await recordSample(store.createSession(SESSION, tickingClock()), { turns: 3, end: true });
  await recordSample(store.createSession(OTHER, tickingClock()), { turns: 1, end: false });
  store.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Run = (sql: string, ...values: SQLInputValue[]) => void;

async function edited(edit: (run: Run, db: DatabaseSync) => void, session = SESSION) {
  const dir = join(root, "edited-store");
  rmSync(dir, { recursive: true, force: true });
  cpSync(whole, dir, { recursive: true });
  const db = new DatabaseSync(join(dir, "journal.db"), { enableForeignKeyConstraints: false });
  unpackAll(db);
  edit((sql, ...values) => void db.prepare(sql).run(...values), db);
  db.close();
  return await verifySession(dir, session);
}

/** Cuts a session's end off and makes its row fit: its own chain is whole then. */
function cutTail(run: Run, db: DatabaseSync, session: string, from: number): void {
  const store = openStore(whole, { readOnly: true });
  const events = store.events(session).filter(({ seq }) => seq < from);
  store.close();
  const row = sessionRow(foldSession(session, events));
  const head = events.at(-1);
  run("DELETE FROM events WHERE session = ? AND seq >= ?", session, from);
  db.prepare("UPDATE sessions SET head_seq = ?, head_hash = ?, ended_at = ?, row = ? WHERE id = ?").run(
    head?.seq ?? 0,
    head?.hash ?? "",
    row?.endedAt ?? null,
    canonicalJson(row),
    session,
  );
}

describe("the store's own chain", () => {
  it("signs the head", async () => {
    expect(await edited(() => undefined)).toMatchObject({
      ok: true,
      signedBy: fingerprint(signer.publicKey),
      dropped: [],
    });
  });

  it("shows a tail cut off, the row made to fit", async () => {
    expect(await edited((run, db) => cutTail(run, db, SESSION, 20))).toMatchObject({
      ok: false,
      at: { session: SESSION, seq: 20 },
      problem: expect.stringMatching(/event 20 is missing; entry \d+ of the store's own chain names event \d+/),
    });
  });

  it("shows the tail of an open session cut off back to before its newest turn", async () => {
    expect(await edited((run, db) => cutTail(run, db, OTHER, 3), OTHER)).toMatchObject({ ok: false, at: { seq: 3 } });
  });

  it("shows a session dropped whole, from any other session", async () => {
    const drop = (run: Run) => {
      run("DELETE FROM events WHERE session = ?", OTHER);
      run("DELETE FROM sessions WHERE id = ?", OTHER);
    };
    expect(await edited(drop)).toMatchObject({ ok: true, dropped: [OTHER] });
    expect(await edited(drop, OTHER)).toMatchObject({
      ok: false,
      at: { row: "id" },
      problem: expect.stringMatching(/the session is gone/),
    });
  });

  it("shows a session it does not know", async () => {
    const copied = await edited((run) => {
      run("UPDATE ledger SET session = 'x' WHERE session = ?", OTHER);
    }, OTHER);
    expect(copied).toMatchObject({ ok: false, at: { entry: expect.any(Number) } });
  });

  it.each(["n", "v", "ts", "type", "session", "body", "prev_hash", "hash", "signature"])(
    "a change to %s of any entry is found, and where",
    async (column) => {
      for (const n of [1, 2, 4, 7]) {
        const value = column === "n" ? 900 : column === "v" ? 7 : "x";
        const result = await edited((run) => run(`UPDATE ledger SET ${column} = ? WHERE n = ?`, value, n));
        expect([n, result.ok]).toEqual([n, false]);
        if (!result.ok) expect(result.at).toEqual({ session: SESSION, entry: n });
      }
    },
  );

  it("an entry removed, added or swapped is found", async () => {
    for (const edit of [
      (run: Run) => run("DELETE FROM ledger WHERE n = 3"),
      (run: Run) =>
        run(
          "INSERT INTO ledger SELECT n + 900, v, ts, type, session, body, prev_hash, hash, signature FROM ledger WHERE n = 3",
        ),
      (run: Run) => {
        run("UPDATE ledger SET n = -3 WHERE n = 3");
        run("UPDATE ledger SET n = 3 WHERE n = 4");
        run("UPDATE ledger SET n = 4 WHERE n = -3");
      },
    ]) {
      expect(await edited(edit)).toMatchObject({ ok: false, at: { entry: expect.any(Number) } });
    }
  });

  it("another key's signature is found; a new key brings itself in", async () => {
    const mallory = signerOf(newPrivateKey());
    const forged = await edited((run, db) => {
      const hash = String(db.prepare("SELECT hash FROM ledger WHERE n = 3").get()?.hash);
      run("UPDATE ledger SET signature = ? WHERE n = 3", mallory.sign(hash));
    });
    expect(forged).toMatchObject({ ok: false, at: { entry: 3 } });
    const dir = join(root, "keys");
    cpSync(whole, dir, { recursive: true });
    const store = openStore(dir, { signer: mallory });
    await recordSample(store.createSession("20261123-0003", tickingClock(Date.UTC(2026, 10, 23))), {
      turns: 1,
      end: true,
    });
    store.close();
    expect(await verifySession(dir, "20261123-0003")).toMatchObject({
      ok: true,
      signedBy: fingerprint(mallory.publicKey),
    });
    expect(await verifySession(dir, SESSION)).toMatchObject({ ok: true, signedBy: fingerprint(signer.publicKey) });
  });
});
