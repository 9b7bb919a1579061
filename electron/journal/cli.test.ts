import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runJournalCommand } from "./cli.ts";
import { recordSample, SESSION, samplePicture, startedEvent, TASK, tickingClock } from "./sample-session.ts";
import { type JournalStore, openStore } from "./store.ts";
import { unpackAll } from "./test-edits.ts";

let root = "";
let dir = "";
/** Held open and written to while the commands read, as the app does. */
let store: JournalStore;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "cli-"));
  dir = join(root, "data");
  store = openStore(dir);
  await recordSample(store.createSession(SESSION, tickingClock()), { turns: 2, end: true });
  const evil = "wipe \u001b[2J\u202e\u009b31m";
  store.createSession("20261121-0002", tickingClock(Date.UTC(2026, 10, 22))).append([startedEvent(evil)]);
});
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

async function run(...argv: string[]) {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await runJournalCommand(argv, io, dir);
  return { code, out, err };
}

describe("list", () => {
  it("prints the rows as JSON, the newest first", async () => {
    const { code, out, err } = await run("list", "--json");
    expect([code, err]).toEqual([0, ""]);
    const rows = JSON.parse(out);
    expect(rows).toEqual(store.list());
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(["20261121-0002", SESSION]);
    expect(Object.keys(rows[1]).sort()).toEqual(
      [
        "costUsd",
        "edits",
        "endedAt",
        "id",
        "model",
        "outcome",
        "rejections",
        "startedAt",
        "steps",
        "task",
        "where",
      ].sort(),
    );
    expect(rows[1]).toMatchObject({ task: TASK, outcome: "finished", steps: 2, edits: 0, rejections: 1 });
  });

  it("prints a table with one line a session", async () => {
    const { code, out } = await run("list");
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^STARTED +OUTCOME +STEPS +EDITS +REJECTIONS +COST +MODEL +WHERE +ID +TASK$/);
    expect(lines[2]).toMatch(
      /^2026-11-21T09:00:00\.\d{3}Z +finished +2 +0 +1 +\$0\.03 +claude-opus-5-5 +own:1280x800 +20261121-0001 +Write/,
    );
  });

  it("prints nothing that a terminal would obey", async () => {
    for (const argv of [
      ["list"],
      ["list", "--json"],
      ["show", "20261121-0002"],
      ["show", "20261121-0002", "--json"],
      ["show", SESSION],
    ]) {
      const { code, out } = await run(...argv);
      expect(code).toBe(0);
      expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
    expect(JSON.parse((await run("show", "20261121-0002", "--json")).out).events[0].body.config.task).toBe(
      "wipe \u001b[2J\u202e\u009b31m",
    );
  });

  it("finds nothing, and makes nothing, where there is no store", async () => {
    const missing = join(root, "missing");
    expect(await run("list", "--json", `--user-data-dir=${missing}`)).toEqual({ code: 0, out: "[]\n", err: "" });
    expect(await run("--user-data-dir", missing, "list")).toEqual({ code: 0, out: "No sessions.\n", err: "" });
    for (const verb of ["show", "verify"]) {
      const { code, out, err } = await run(verb, SESSION, "--user-data-dir", missing);
      expect([code, out]).toEqual([1, ""]);
      expect(err).toBe(`There is no journal in ${missing}.\n`);
    }
    expect(existsSync(missing)).toBe(false);
    expect(readdirSync(root)).toEqual(["data"]);
  });
});

describe("show", () => {
  it("prints the session and its events as stored", async () => {
    const { code, out } = await run("show", SESSION, "--json");
    expect(code).toBe(0);
    const shown = JSON.parse(out);
    expect(shown).toEqual({ session: store.row(SESSION), events: store.events(SESSION) });
    for (const event of shown.events) {
      expect(Object.keys(event)).toEqual(["v", "session", "seq", "ts", "type", "body", "prevHash", "hash"]);
    }
  });

  it("prints one line an event", async () => {
    const { code, out } = await run("show", SESSION);
    expect(code).toBe(0);
    const [facts = "", list = ""] = out.split("\n\n");
    expect(facts).toMatch(/^Session {2}20261121-0001\nTask {5}Write “Grüße, 世界” into the notes↵and save them\n/);
    const lines = list.trimEnd().split("\n");
    expect(lines).toHaveLength(store.events(SESSION).length);
    expect(lines[3]).toMatch(/^4 +2026-\S+Z +action\.proposed +1\.0 Type "line 1: naïve 😀 “quoted”↵"$/);
    expect(list).toMatch(/decision\.made +3\.0 reject by the operator: not that one\n/);
    expect(list).toMatch(/note\.added +Only the notes, please\.␇\n/);
  });

  it("says that a session is not there", async () => {
    expect(await run("show", "nobody\u001b[0m")).toEqual({
      code: 1,
      out: "",
      err: "There is no session nobody␛[0m.\n",
    });
  });
});

describe("verify", () => {
  it("says ok with the head of the chain, while the app has the store open", async () => {
    const { length } = store.events(SESSION);
    const head = store.events(SESSION).at(-1)?.hash;
    expect(await run("verify", SESSION)).toEqual({
      code: 0,
      out: `ok: ${length} events, 3 pictures, head ${head}\n`,
      err: "",
    });
  });

  it("says where a session is damaged", async () => {
    const copy = join(root, "data", "copy");
    const other = openStore(copy);
    await recordSample(other.createSession(SESSION, tickingClock()), { turns: 1, end: true });
    const picture = other.imagePath(samplePicture(1).ref.sha256);
    other.close();
    rmSync(picture);
    const gone = await run("verify", SESSION, "--user-data-dir", copy);
    expect(gone.code).toBe(1);
    expect(gone.out).toMatch(
      /^damaged: session 20261121-0001, picture [0-9a-f]{64}: the picture [0-9a-f]{64}, first named by event 7, is missing\n$/,
    );
    const db = new DatabaseSync(join(copy, "journal.db"));
    unpackAll(db);
    db.exec("UPDATE events SET body = replace(body, '1830', '1831') WHERE type = 'decision.made'");
    expect(await run("verify", SESSION, "--user-data-dir", copy)).toEqual({
      code: 1,
      out: "damaged: session 20261121-0001, event 5: event 5 was changed: its hash does not fit its content\n",
      err: "",
    });
    db.exec("UPDATE events SET body = '[]', type = 'nothing' WHERE seq = 6");
    expect((await run("show", SESSION, "--user-data-dir", copy)).out).toMatch(
      /6 .* nothing +\(not readable: try verify\)\n/,
    );
    db.exec("PRAGMA user_version = 99");
    db.close();
    const newer = await run("verify", SESSION, "--user-data-dir", copy);
    expect([newer.code, newer.err]).toEqual([1, expect.stringMatching(/newer Countersign \(format 99/)]);
    rmSync(copy, { recursive: true });
  });
});

describe("usage", () => {
  it.each([
    [[]],
    [["lsit"]],
    [["list", "extra"]],
    [["list", "--jsno"]],
    [["list", "--user-data-dir"]],
    [["list", "--user-data-dir="]],
    [["show"]],
    [["show", "a", "b"]],
    [["verify"]],
    [["verify", SESSION, "--json"]],
  ])("%j is wrong", async (argv) => {
    const { code, out, err } = await run(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/\n\nUsage: npm run --silent journal -- <command>/);
  });

  it("--help is right", async () => {
    expect(await run("--help")).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^Usage:/) });
  });
});
