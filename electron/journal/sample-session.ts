/** A session of every kind of event the record treats specially, for the tests and the benchmark of this room. */
import type { Action } from "../../shared/action.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Json } from "../../shared/jcs.ts";
import { NO_USAGE } from "../../shared/model.ts";
import type { DecidedBy, Decision, EventBodies, Proposal } from "../../shared/session-event.ts";
import type { NewEvent, SessionJournal } from "./journal.ts";
import { sha256Hex } from "./sha256.ts";

export const SESSION = "20261121-0001";
export const TASK = "Write “Grüße, 世界” into the notes\nand save them";

const SPACE = { w: 1280, h: 800 };
const DISPLAY = { x: 0, y: 0, w: 1280, h: 800, scale: 1 };

/** A clock that ticks 7 ms at each look. */
export function tickingClock(start = Date.UTC(2026, 10, 21, 9)): () => number {
  let now = start;
  return () => {
    now += 7;
    return now;
  };
}

/** Bytes that stand for a picture (the record does not look inside), and their name. */
export function samplePicture(n: number, size = 3000): { readonly bytes: Uint8Array; readonly ref: ImageRef } {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i += 1) bytes[i] = (i * 31 + n * 17 + (i >> 8)) & 0xff;
  new DataView(bytes.buffer).setUint32(0, n);
  return { bytes, ref: { sha256: sha256Hex(bytes), ...SPACE } };
}

export function startedEvent(task = TASK): NewEvent {
  return {
    type: "session.started",
    body: {
      config: {
        task,
        model: "claude-opus-5-5",
        toolVersion: "computer_toolset_20260801",
        effort: "high",
        onePerTurn: false,
        where: { kind: "own", size: SPACE, programs: ["mousepad"] },
        mode: { kind: "ask", askAll: false },
        limits: { steps: 100, minutes: null, usd: 2.5 },
        operator: true,
        practice: false,
        baseUrl: null,
      },
      system: "You work on a desktop; the operator decides on each action.",
      app: "0.1.0",
      platform: "linux",
      display: DISPLAY,
      space: SPACE,
      desktop: { display: ":99", pids: [4000001, 4000002] },
    },
  };
}

/** Claude's turn: a request with a picture, its reply with one call or several. */
export function turnEvents(turn: number, screenshot: ImageRef, ...actions: readonly Action[]): readonly NewEvent[] {
  const calls = actions.map((action, index) => {
    const { action: name, ...fields } = action;
    const input: Json = JSON.parse(JSON.stringify(fields));
    return { toolUseId: callId(turn, index), name, input, parsed: { action } };
  });
  const blob = { type: "image", source: { type: "blob", media_type: "image/png", sha256: screenshot.sha256 } };
  // Claude may write a "sha256" of its own: it names no picture.
  const content = calls.map(({ toolUseId, name }) => {
    return { type: "tool_use", id: toolUseId, name, input: { sha256: "ff" } };
  });
  const finished: EventBodies["turn.finished"] = {
    turn,
    message: { role: "assistant", content },
    stopReason: "tool_use",
    calls,
    thinking: `Step ${turn}: the notes window is in front, so I act there.`,
    text: "",
    usage: { ...NO_USAGE, input: 1200 + turn, output: 85 },
    costUsd: 0.0065 + turn / 1000,
    durationMs: 2100,
  };
  return [
    {
      type: "turn.started",
      body: {
        turn,
        appended: [
          { role: "user", content: [{ type: "tool_result", tool_use_id: callId(turn - 1, 0), content: [blob] }] },
        ],
        screenshot,
      },
    },
    { type: "turn.finished", body: finished },
  ];
}

function callId(turn: number, index: number): string {
  return index === 0 ? `toolu_${turn}` : `toolu_${turn}_${index}`;
}

export function proposedEvent(turn: number, screenshot: ImageRef, action: Action, index = 0): NewEvent {
  const window = { id: 0x1200003, pid: 4000002, class: "Mousepad", title: "Notes" };
  const proposal: Proposal = {
    id: `${turn}.${index}`,
    rev: 1,
    turn,
    index,
    toolUseId: callId(turn, index),
    action,
    original: null,
    screenshot,
    now: null,
    display: DISPLAY,
    window,
    target: null,
    cursor: [412, 96],
  };
  return { type: "action.proposed", body: { proposal } };
}

/** What is decided otherwise than approved by the operator. */
type Decided = { readonly decision?: Decision; readonly by?: DecidedBy; readonly index?: number };

/** The two events that go to disk together before any input. */
export function approvedEvents(turn: number, action: Action, decided: Decided = {}): readonly NewEvent[] {
  const proposal = `${turn}.${decided.index ?? 0}`;
  return [madeEvent(turn, decided, 1830), { type: "action.started", body: { proposal, rev: 1, action } }];
}

function madeEvent(turn: number, { decision, by, index = 0 }: Decided, latencyMs: number): NewEvent {
  const body: EventBodies["decision.made"] = {
    proposal: `${turn}.${index}`,
    rev: 1,
    digest: sha256Hex(`digest ${turn}.${index}`),
    decision: decision ?? { kind: "approve" },
    by: by ?? { kind: "operator" },
    latencyMs,
  };
  return { type: "decision.made", body };
}

export function rejectedEvents(turn: number, reason: string, index = 0): readonly NewEvent[] {
  const made = madeEvent(turn, { decision: { kind: "reject", reason }, index }, 900);
  return [made, finishedEvent(turn, "rejected", null, index)];
}

export function finishedEvent(
  turn: number,
  outcome: EventBodies["action.finished"]["outcome"],
  after: ImageRef | null,
  index = 0,
): NewEvent {
  const body: EventBodies["action.finished"] = {
    proposal: `${turn}.${index}`,
    turn,
    index,
    toolUseId: callId(turn, index),
    outcome,
    text:
      outcome === "done" ? "Typed." : "The operator rejected this action; it was NOT executed. Reason: not that one",
    isError: outcome !== "done",
    after,
    image: null,
    cursor: null,
    durationMs: 310,
  };
  return { type: "action.finished", body };
}

/** A whole session of `turns` approved steps and a rejected one; `end` false leaves it as a crash would. */
export async function recordSample(journal: SessionJournal, options: { turns: number; end: boolean }): Promise<void> {
  journal.append([startedEvent()]);
  let screenshot = samplePicture(0);
  await journal.putImage(screenshot.bytes, screenshot.ref);
  for (let turn = 1; turn <= options.turns; turn += 1) {
    const action: Action = { action: "type", text: `line ${turn}: naïve 😀 “quoted”\n` };
    const after = samplePicture(turn);
    journal.append(turnEvents(turn, screenshot.ref, action));
    journal.append([proposedEvent(turn, screenshot.ref, action)]);
    journal.append(approvedEvents(turn, action));
    await journal.putImage(after.bytes, after.ref);
    journal.append([finishedEvent(turn, "done", after.ref)]);
    screenshot = after;
  }
  const last = options.turns + 1;
  const click: Action = { action: "left_click", coordinate: [900, 20] };
  journal.append(turnEvents(last, screenshot.ref, click));
  journal.append([proposedEvent(last, screenshot.ref, click)]);
  journal.append(rejectedEvents(last, "not that one"));
  journal.append([{ type: "note.added", body: { text: "Only the notes, please.\u0007" } }]);
  if (options.end) journal.append([{ type: "session.ended", body: { reason: "finished", detail: null } }]);
}
