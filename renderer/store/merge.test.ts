import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { call, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import { emptyMirror, type Mirror, mergeEvents, mergeStream } from "./merge.ts";

const CLICK = { action: "left_click", coordinate: [10, 20] } as const;
const EVENTS = new Script(0)
  .start()
  .step(1, CLICK, "form", "form", "Clicked.")
  .step(2, { action: "type", text: "x" }, "form", "form-filled", "Typed.")
  .turn(3, "form-filled")
  .finish(3, [], { text: "Done." })
  .add("session.ended", { reason: "finished", detail: null }).events;

function started(): Mirror {
  const events = new Script(0).start().turn(1, "form").events;
  return mergeEvents(emptyMirror(SESSION), events, "pushed").mirror;
}

describe("events", () => {
  it("end in the same view whatever the order, overlap and loss of deliveries", () => {
    const slice = fc
      .tuple(fc.nat(EVENTS.length - 1), fc.nat(EVENTS.length))
      .map(([from, count]) => EVENTS.slice(from, from + count));
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 30 }), (deliveries) => {
        let mirror = emptyMirror(SESSION);
        for (const delivery of deliveries) {
          const merged = mergeEvents(mirror, delivery, "pushed");
          mirror = merged.mirror;
          // What the store does about a gap: it asks for what is stored after the newest it has.
          if (merged.missing)
            mirror = mergeEvents(mirror, EVENTS.slice(mirror.view.seq, mirror.view.seq + 7), "fetched").mirror;
        }
        mirror = mergeEvents(mirror, EVENTS.slice(mirror.view.seq), "fetched").mirror;
        expect(mirror.view).toEqual(foldSession(SESSION, EVENTS));
        expect(mirror.since).toBe(EVENTS.at(-1)?.ts);
      }),
    );
  });

  it("never fold past a gap", () => {
    const merged = mergeEvents(emptyMirror(SESSION), EVENTS.slice(3), "pushed");
    expect(merged).toMatchObject({ missing: true, mirror: { view: { seq: 0 } } });
  });

  it("are taken in order even when one delivery is not", () => {
    const merged = mergeEvents(emptyMirror(SESSION), [...EVENTS].reverse(), "pushed");
    expect(merged.missing).toBe(false);
    expect(merged.mirror.view.seq).toBe(EVENTS.length);
  });

  it("say since when the phase lasts, through events that do not change it", () => {
    const proposal = proposalOf(CLICK);
    const script = new Script(0)
      .start()
      .turn(1, "form")
      .finish(1, [call(CLICK)])
      .propose(proposal);
    const proposed = script.events.find((event) => event.type === "action.proposed");
    const merged = mergeEvents(emptyMirror(SESSION), script.add("note.added", { text: "later" }).events, "pushed");
    expect(merged.mirror.since).toBe(proposed?.ts);
  });
});

describe("the stream beside the events", () => {
  it("collects thinking and text of the running turn", () => {
    let mirror = started();
    for (const delta of ["I ", "see"]) mirror = mergeStream(mirror, { kind: "thinking", turn: 1, delta });
    mirror = mergeStream(mirror, { kind: "text", turn: 1, delta: "Now" });
    expect(mirror.live).toMatchObject({ turn: 1, whole: true, thinking: "I see", text: "Now" });
  });

  it("forgets a failed attempt", () => {
    const mirror = mergeStream(started(), { kind: "thinking", turn: 1, delta: "void" });
    expect(mergeStream(mirror, { kind: "restart", turn: 1, attempt: 2 }).live).toMatchObject({
      thinking: "",
      whole: true,
    });
  });

  it("ends with the finished turn, and late updates change nothing", () => {
    const events = new Script(0)
      .start()
      .turn(1, "form")
      .finish(1, [call(CLICK)]).events;
    const streamed = mergeStream(started(), { kind: "thinking", turn: 1, delta: "x" });
    const finished = mergeEvents(streamed, events, "pushed").mirror;
    expect(finished.live).toBeNull();
    expect(mergeStream(finished, { kind: "thinking", turn: 1, delta: "late" })).toBe(finished);
    expect(mergeStream(finished, { kind: "restart", turn: 1, attempt: 2 })).toBe(finished);
  });

  it("that began before the window opened keeps what came meanwhile, and says that it is not whole", () => {
    const events = new Script(0).start().turn(1, "form").events;
    const early = mergeStream(emptyMirror(SESSION), { kind: "thinking", turn: 1, delta: "the end" });
    expect(mergeEvents(early, events, "fetched").mirror.live).toMatchObject({ whole: false, thinking: "the end" });
  });

  it("tells checking from running", () => {
    const checking = mergeStream(started(), { kind: "checking", proposal: "1.0" });
    expect(checking.live).toMatchObject({ turn: 1, checking: "1.0", running: null });
    const running = mergeStream(checking, { kind: "running", proposal: "1.0", done: 3, total: 9 });
    expect(running.live).toMatchObject({ checking: null, running: { done: 3, total: 9 } });
  });
});
