import { describe, expect, test } from "vitest";
import { REQUESTS } from "./ipc.ts";

const SESSION = "0198c3f2-7c1a-7000-8000-000000000001";
const DIGEST = "0123456789abcdef".repeat(4);
const START = {
  task: "Write a note",
  model: "claude-opus-5-5",
  toolVersion: null,
  effort: "high",
  onePerTurn: false,
  where: {
    ...{ kind: "own", size: { w: 1280, h: 800 }, programs: ["mousepad"] },
    ...{ home: { kind: "fresh" }, confined: { folders: [{ path: "/srv/notes", writable: true }], network: "own" } },
  },
  mode: { kind: "ask", askAll: false },
  limits: { steps: 100, minutes: null, usd: 1.5 },
};
const DECIDE = { session: SESSION, proposal: "1.0", rev: 1, digest: DIGEST, decision: { kind: "approve" } };

const BATCH = {
  session: SESSION,
  rev: 1,
  steps: [
    { proposal: "1.0", digest: DIGEST },
    { proposal: "1.1", digest: DIGEST },
  ],
};

const POLICY = { version: 1, name: "Notes", rules: [{ id: "look", effect: "allow", actions: ["screenshot"] }] };

const GOOD: readonly [keyof typeof REQUESTS, unknown][] = [
  ["app.info", undefined],
  ["session.start", START],
  ["session.start", { ...START, effort: null, limits: { steps: null, minutes: null, usd: null } }],
  ["session.start", { ...START, mode: { kind: "watch" }, where: { ...START.where, programs: [] } }],
  ["session.start", { ...START, where: { kind: "this", monitor: null } }],
  ["session.start", { ...START, where: { kind: "this", monitor: "DP-1" } }],
  ["session.start", { ...START, where: { ...START.where, home: { kind: "kept", name: "work" }, confined: null } }],
  ["desktop.offer", undefined],
  ["session.practice", undefined],
  ["session.events", { session: SESSION, after: 0 }],
  ["session.page", { session: SESSION, after: 0, limit: 700 }],
  ["session.turn", { session: SESSION, turn: 1 }],
  ["clipboard.copy", { text: "countersign://session/20261121-0001" }],
  ["session.decide", DECIDE],
  ["session.decide", { ...DECIDE, decision: { kind: "reject", reason: null } }],
  ["session.decide", { ...DECIDE, decision: { kind: "reject", reason: "Wrong window" } }],
  ["session.decide", { ...DECIDE, decision: { kind: "edit", action: { action: "left_click", coordinate: [1, 2] } } }],
  ["session.decide", { ...DECIDE, decision: { kind: "take_over" } }],
  ["session.decideBatch", BATCH],
  ["session.handBack", { session: SESSION, note: null }],
  ["session.hand", { session: SESSION, action: { action: "type", text: "x" } }],
  ["session.live", { session: SESSION, on: true }],
  ["session.hidden", { session: SESSION }],
  ["session.reopen", { session: SESSION }],
  ["session.close", { session: SESSION }],
  ["session.shown", { session: SESSION, proposal: "1.0", rev: 1, digest: DIGEST }],
  ["session.control", { session: SESSION, verb: "stop" }],
  ["session.reply", { session: SESSION, text: "Yes" }],
  ["session.note", { session: SESSION, text: "Mind the date" }],
  ["key.set", { key: "sk-ant-x" }],
  ["key.check", { id: "0123456789ab" }],
  ["key.rename", { id: "0123456789ab", name: "Work" }],
  ["key.choose", { id: "0123456789ab" }],
  ["key.forget", { id: "0123456789ab" }],
  ["health.check", undefined],
  ["health.open", { page: "screen-recording" }],
  ["session.pressed", { session: "20261121-0a1b2c3d", proposal: "1.0", rev: 1, digest: "a".repeat(64) }],
  ["window.strip", { on: true }],
  ["settings.set", { theme: "dark" }],
  ["session.lease", { session: SESSION, verb: "extend" }],
  ["session.addRule", { session: SESSION, rule: { id: "r", effect: "allow", actions: ["left_click"] } }],
  ["policy.list", undefined],
  ["policy.save", { id: null, policy: POLICY }],
  ["policy.save", { id: "notes-in-the-editor", policy: POLICY }],
  ["policy.delete", { id: "notes-in-the-editor" }],
  ["policy.import", undefined],
  ["policy.export", { policy: POLICY }],
  ["policy.backtest", { policy: POLICY, sessions: null }],
  ["policy.backtest", { policy: POLICY, sessions: [SESSION] }],
  ["policy.figures", { name: "Notes" }],
  ["journal.sessions", { text: "", sort: "startedAt", descending: true, offset: 0, limit: 100 }],
  ["journal.search", { text: "form", session: null, limit: 50 }],
  ["journal.review", { session: SESSION }],
  ["journal.flagged", undefined],
  ["journal.note", { session: SESSION, step: "3.0", text: "Why here?" }],
  ["journal.removeNote", { session: SESSION, note: 7 }],
  ["journal.flag", { session: SESSION, step: "3.0", on: true }],
  ["journal.keep", { session: SESSION, keep: true }],
  ["journal.verify", { session: SESSION }],
  ["journal.export", { session: SESSION, steps: ["3.0", "4.1"], pictures: true }],
  ["journal.report", { session: SESSION, steps: null }],
  ["journal.import", undefined],
  ["journal.delete", { session: SESSION }],
  ["journal.usage", undefined],
  ["session.secret", { session: SESSION }],
  ["retention.set", { days: 90, gigabytes: 20 }],
  ["retention.set", { days: null, gigabytes: null }],
  ["privacy.set", { regions: [[0, 0, 100, 20]], programs: ["keepassxc"] }],
  ["settings.set", { holdMs: 1000, notify: false }],
];

describe("good requests pass unchanged", () => {
  test.each(GOOD)("%s", (channel, request) => {
    expect(REQUESTS[channel].parse(request)).toEqual(request);
  });

  test("every channel is here", () => {
    expect(new Set(GOOD.map(([channel]) => channel))).toEqual(new Set(Object.keys(REQUESTS)));
  });
});

const own = (change: object) => ({ ...START, where: { ...START.where, ...change } });

describe("bad requests are refused", () => {
  test.each<[keyof typeof REQUESTS, string, unknown]>([
    ["app.info", "an argument", {}],
    ["app.info", "null", null],
    ["session.start", "nothing", undefined],
    ["session.start", "an empty task", { ...START, task: " \n " }],
    ["session.start", "a task of 20,001 characters", { ...START, task: "x".repeat(20_001) }],
    ["session.start", "a task that is no text", { ...START, task: ["x"] }],
    ["session.start", "an unknown effort", { ...START, effort: "extreme" }],
    ["session.start", "no mode", { ...START, mode: undefined }],
    ["session.start", "an unknown mode", { ...START, mode: { kind: "auto" } }],
    ["session.start", "a mode with more than it has", { ...START, mode: { kind: "look", askAll: true } }],
    [
      "session.start",
      "a policy that allows an unknown action",
      {
        ...START,
        mode: {
          kind: "policy",
          policy: { version: 1, name: "x", rules: [{ id: "a", effect: "allow", actions: ["*"] }] },
        },
      },
    ],
    ["session.start", "the operator's own desktop", { ...START, where: { kind: "this" } }],
    ["session.start", "a tiny desktop", own({ size: { w: 639, h: 480 } })],
    ["session.start", "a huge desktop", own({ size: { w: 7681, h: 4320 } })],
    ["session.start", "half a pixel", own({ size: { w: 1280.5, h: 800 } })],
    ["session.start", "nine programs", own({ programs: Array.from({ length: 9 }, () => "xterm") })],
    ["session.start", "an empty program", own({ programs: [" "] })],
    ["session.start", "a limit of 0 steps", { ...START, limits: { ...START.limits, steps: 0 } }],
    ["session.start", "a limit of half a step", { ...START, limits: { ...START.limits, steps: 0.5 } }],
    ["session.start", "a limit that is not a number", { ...START, limits: { ...START.limits, usd: Number.NaN } }],
    [
      "session.start",
      "a limit without end",
      { ...START, limits: { ...START.limits, minutes: Number.POSITIVE_INFINITY } },
    ],
    ["session.start", "a field of its own", { ...START, operator: false }],
    ["session.page", "no events at all", { session: SESSION, after: 0, limit: 0 }],
    ["session.page", "more than a page", { session: SESSION, after: 0, limit: 5001 }],
    ["session.turn", "turn 0", { session: SESSION, turn: 0 }],
    ["clipboard.copy", "nothing to copy", { text: " " }],
    ["clipboard.copy", "a book", { text: "x".repeat(1_000_001) }],
    ["session.events", "a path for a session", { session: "../../etc/passwd", after: 0 }],
    ["session.events", "a session in capitals", { session: SESSION.toUpperCase().replaceAll("0", "A"), after: 0 }],
    ["session.events", "a session with a line end", { session: `${SESSION}\n`, after: 0 }],
    ["session.events", "a list of sessions", { session: [SESSION], after: 0 }],
    ["session.events", "a negative seq", { session: SESSION, after: -1 }],
    ["session.decide", "no session", { ...DECIDE, session: undefined }],
    ["session.decide", "no revision", { ...DECIDE, rev: undefined }],
    ["session.decide", "revision 0", { ...DECIDE, rev: 0 }],
    ["session.decide", "a revision in words", { ...DECIDE, rev: "1" }],
    ["session.decide", "a proposal that is none", { ...DECIDE, proposal: "1" }],
    ["session.decide", "a proposal in other digits", { ...DECIDE, proposal: "١.٠" }],
    ["session.decide", "a long proposal", { ...DECIDE, proposal: `${"1".repeat(7)}.0` }],
    ["session.decide", "a short digest", { ...DECIDE, digest: DIGEST.slice(1) }],
    ["session.decide", "a digest in capitals", { ...DECIDE, digest: DIGEST.toUpperCase() }],
    ["session.decide", "no decision", { ...DECIDE, decision: undefined }],
    ["session.decide", "a decision by its name", { ...DECIDE, decision: "approve" }],
    [
      "session.decide",
      "an approval with an action",
      { ...DECIDE, decision: { kind: "approve", action: { action: "screenshot" } } },
    ],
    ["session.decide", "an edit without an action", { ...DECIDE, decision: { kind: "edit" } }],
    ["session.decide", "an edit to no action", { ...DECIDE, decision: { kind: "edit", action: { action: "fly" } } }],
    [
      "session.decide",
      "an edit with a field too many",
      { ...DECIDE, decision: { kind: "edit", action: { action: "screenshot", x: 1 } } },
    ],
    ["session.decideBatch", "one step", { ...BATCH, steps: BATCH.steps.slice(1) }],
    ["session.decideBatch", "a step without a digest", { ...BATCH, steps: [...BATCH.steps, { proposal: "1.2" }] }],
    ["session.hand", "no action", { session: SESSION }],
    ["session.hand", "an unknown action", { session: SESSION, action: { action: "fly" } }],
    ["session.handBack", "a note that is no text", { session: SESSION, note: 7 }],
    ["session.start", "an unknown tool version", { ...START, toolVersion: "computer_2030" }],
    ["session.decide", "a rejection with an empty reason", { ...DECIDE, decision: { kind: "reject", reason: "" } }],
    [
      "session.decide",
      "a reason of 2,001 characters",
      { ...DECIDE, decision: { kind: "reject", reason: "x".repeat(2001) } },
    ],
    ["session.decide", "who decided", { ...DECIDE, by: { kind: "operator" } }],
    ["session.shown", "no digest", { session: SESSION, proposal: "1.0", rev: 1 }],
    ["session.shown", "a flood for a proposal", { session: SESSION, proposal: "1".repeat(21), rev: 1, digest: DIGEST }],
    ["session.control", "an unknown verb", { session: SESSION, verb: "approve" }],
    ["session.control", "a verb of Object", { session: SESSION, verb: "constructor" }],
    ["key.set", "a key with a line end inside", { key: "sk-ant-x\nrest" }],
    ["key.set", "a key that is no word", { key: "my key" }],
    ["session.reply", "an empty reply", { session: SESSION, text: "" }],
    ["session.note", "no text", { session: SESSION }],
    ["key.set", "an empty key", { key: "  " }],
    ["key.set", "a long key", { key: "x".repeat(501) }],
    ["key.forget", "an argument", "all"],
    ["settings.set", "an unknown theme", { theme: "pink" }],
    ["settings.set", "an arming delay that is none", { theme: "dark", armingMs: 0 }],
    ["settings.set", "a setting the window has no business with", { theme: "dark", settleMs: 100 }],
    ["settings.set", "the reasons, which only rejections make", { reasons: ["yes"] }],
    ["settings.set", "a key that types", { keys: { approve: "y" } }],
    ["settings.set", "one key for two things", { keys: { approve: "ctrl+e" } }],
    ["settings.set", "a key for nothing", { keys: { explode: "ctrl+y" } }],
    ["settings.set", "__proto__", JSON.parse('{"theme":"dark","__proto__":{"armingMs":0}}')],
  ])("%s with %s", (channel, _, request) => {
    expect(REQUESTS[channel].safeParse(request).success).toBe(false);
  });
});

test("what people write is trimmed, and half an emoji can't break the record", () => {
  expect(REQUESTS["session.note"].parse({ session: SESSION, text: "  cut off \ud83d " }).text).toBe("cut off \ufffd");
});
