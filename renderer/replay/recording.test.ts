import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { recordedSession } from "../fixtures/replay-states.ts";
import { Recording } from "./recording.ts";

const SESSION = "fixture-0001";
const EVENTS = recordedSession(SESSION, Date.UTC(2026, 10, 24), 120);

function recorded(pages: readonly number[] = [EVENTS.length]): Recording {
  let recording = new Recording(SESSION);
  let at = 0;
  for (const size of pages) {
    recording = recording.renewed();
    recording.append(EVENTS.slice(at, at + size));
    at += size;
  }
  recording.append(EVENTS.slice(at));
  return recording;
}

describe("a recording", () => {
  it("gives at every moment the fold of the events up to it, however its pages came", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 8 }),
        fc.integer({ min: -3, max: EVENTS.length + 3 }),
        (pages, seq) => {
          const upTo = Math.max(0, Math.min(EVENTS.length, seq));
          expect(recorded(pages).viewAt(seq)).toEqual(foldSession(SESSION, EVENTS.slice(0, upTo)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is deeper than one kept view, so that the above means something", () => {
    expect(EVENTS.length).toBeGreaterThan(600);
  });

  it("knows the newest event at a time", () => {
    const recording = recorded();
    const [first = 0] = recording.times;
    expect(recording.seqAt(first - 1)).toBe(0);
    for (const seq of [1, 2, 77, EVENTS.length]) {
      const at = recording.times[seq - 1] ?? 0;
      const newest = EVENTS.filter((event) => Date.parse(event.ts) <= at).length;
      expect(recording.seqAt(at)).toBe(newest);
    }
    expect(recording.seqAt(Number.MAX_SAFE_INTEGER)).toBe(EVENTS.length);
  });

  it("takes events it has already without a change and refuses a gap", () => {
    const recording = recorded();
    recording.append(EVENTS.slice(10, 30));
    expect(recording.events).toHaveLength(EVENTS.length);
    expect(() => new Recording(SESSION).append(EVENTS.slice(1))).toThrow(RangeError);
  });

  it("accounts for all time once", () => {
    const { spans, times } = recorded();
    const sum = spans.reduce((all, { from, to }) => all + to - from, 0);
    expect(sum).toBe((times.at(-1) ?? 0) - (times[0] ?? 0));
    for (const [i, span] of spans.entries()) expect(span.from).toBe(i === 0 ? times[0] : spans[i - 1]?.to);
    expect(new Set(spans.map(({ whose }) => whose))).toEqual(new Set(["other", "model", "operator", "run", "paused"]));
  });

  it("says where in the chain a step is", () => {
    const place = recorded().place("2.0");
    const own = EVENTS.filter(({ body }) => JSON.stringify(body).includes('"2.0"'));
    expect(place).toMatchObject({ first: own[0]?.seq, last: own.at(-1)?.seq });
    expect(recorded().place("9.9")).toBeNull();
  });
});
