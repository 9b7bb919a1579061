import { expect, describe as group, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { settleInterrupted } from "./resume.ts";
import { fakePort, type Stage, stage } from "./testkit.ts";

const click = ["left_click", { coordinate: [1, 1] }] as const;

async function takenOver(): Promise<Stage> {
  const s = stage([{ calls: [click] }, { answer: "" }]);
  await s.until("deciding");
  s.decide({ kind: "take_over" });
  await s.until("takenOver");
  return s;
}

const turns = async () => {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

group("capture paused while the operator has control", () => {
  it("takes no picture, records none and sends none, until it is resumed", async () => {
    const s = await takenOver();
    const stored = s.journal.images.size;
    expect(s.runner.pauseCapture()).toEqual({ ok: true });
    expect(s.runner.view.captureOff).toBe(true);
    expect(await s.runner.hand({ action: "type", text: "my password" })).toEqual({ ok: true });
    const refused = fakePort();
    expect(s.runner.watch(refused)).toMatchObject({ ok: false, error: expect.stringMatching(/Capture is paused/) });
    expect(refused.isClosed).toBe(true);
    await turns();
    expect(s.computer.forbiddenLooks).toBe(0);
    expect(s.journal.images.size).toBe(stored);
    expect(JSON.stringify(s.journal.events)).not.toContain("my password");
    expect(s.runner.resumeCapture()).toEqual({ ok: true });
    expect(s.runner.watch(fakePort())).toEqual({ ok: true });
    s.runner.handBack(null);
    await s.until("answered");
    expect(s.journal.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["capture.paused", "capture.resumed"]),
    );
    expect(s.claude.lastResults()).toMatchObject([{ images: 1 }]);
    s.runner.finish();
    await s.done;
  });

  it("handing back is refused until the operator has resumed it", async () => {
    const s = await takenOver();
    s.runner.pauseCapture();
    const refused = s.runner.handBack("a note");
    expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(/Capture is paused/) });
    await turns();
    expect(s.runner.view.phase.kind).toBe("takenOver");
    expect(s.runner.view.notes).toEqual([]);
    s.runner.resumeCapture();
    expect(s.runner.handBack(null)).toEqual({ ok: true });
    await s.until("answered");
    s.runner.finish();
    await s.done;
  });

  it("is refused without control, twice, and after Hand back", async () => {
    const s = stage([{ calls: [click] }, { answer: "" }]);
    await s.until("deciding");
    expect(s.runner.pauseCapture()).toMatchObject({ ok: false });
    expect(s.runner.resumeCapture()).toMatchObject({ ok: false });
    s.decide({ kind: "take_over" });
    await s.until("takenOver");
    s.runner.pauseCapture();
    expect(s.runner.pauseCapture()).toMatchObject({ ok: false });
    s.runner.resumeCapture();
    s.runner.handBack(null);
    expect(s.runner.pauseCapture()).toMatchObject({ ok: false });
    await s.until("answered");
    s.runner.finish();
    await s.done;
  });

  it("nobody watches any more when it is on record", async () => {
    const s = await takenOver();
    const port = fakePort();
    s.runner.watch(port);
    expect(s.computer.watchers).toMatchObject([{ port, after: "takeover.started" }]);
    s.runner.pauseCapture();
    expect(s.computer.watchers.slice(1)).toEqual([{ port: null, after: "takeover.started" }]);
    expect(s.journal.events.at(-1)?.type).toBe("capture.paused");
    s.runner.stop();
    await s.done;
  });

  it("what was being looked at when the operator took over is not kept: the next request shows what they left", async () => {
    const s = stage([{ answer: "Your turn." }, { answer: "Thanks." }]);
    await s.until("answered");
    const stored = s.journal.images.size;
    s.computer.onLook = () => {
      s.runner.takeOver();
      s.runner.pauseCapture();
      s.computer.change();
    };
    s.runner.reply("Go on");
    await s.until("takenOver");
    await turns();
    expect(s.journal.images.size).toBe(stored);
    expect(s.computer.forbiddenLooks).toBe(0);
    s.computer.change();
    s.runner.resumeCapture();
    s.runner.handBack(null);
    while (s.claude.said.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(s.claude.said[1]).toMatchObject({ image: { ref: { sha256: s.computer.sight().picture.sha256 } } });
    s.runner.stop();
    await s.done;
  });

  it("stopping takes no last picture", async () => {
    const s = await takenOver();
    s.runner.pauseCapture();
    s.runner.stop();
    await s.done;
    expect(s.computer.forbiddenLooks).toBe(0);
  });

  it("a crash meanwhile: the session is handed back without a picture, and capture is on again on its fresh desktop", async () => {
    const s = await takenOver();
    s.runner.pauseCapture();
    const crashed = s.journal.copy();
    settleInterrupted(crashed, crashed.events);
    const view = foldSession(crashed.session, crashed.events);
    expect(view.captureOff).toBe(false);
    expect(crashed.all("takeover.ended")).toEqual([{ note: null, after: null }]);
    s.runner.stop();
    await s.done;
  });

  it("a display that can't be seen at Hand back pauses, and goes on once it is resumed", async () => {
    const s = stage([{ answer: "Your turn." }], { where: { kind: "this", monitor: null } });
    await s.until("answered");
    s.runner.takeOver();
    s.computer.unseen = 1;
    s.runner.handBack(null);
    await s.until("paused");
    s.runner.resume();
    await s.until("answered");
    expect(s.runner.view.phase.kind).toBe("answered");
    expect(s.journal.all("takeover.ended")).toHaveLength(1);
    s.runner.finish();
    await s.done;
  });
});

group("who watches the desktop", () => {
  it("leaves no word on record, in any phase, and is sent away with the session's end and from the operator's own desktop", async () => {
    const s = stage([{ calls: [click] }, { answer: "" }]);
    await s.until("deciding");
    const events = s.journal.events.length;
    expect(s.runner.watch(fakePort())).toEqual({ ok: true });
    expect(s.runner.watch(null)).toEqual({ ok: true });
    expect(s.journal.events.length).toBe(events);
    s.runner.stop();
    await s.done;
    const late = fakePort();
    expect(s.runner.watch(late)).toMatchObject({ ok: false });
    expect(late.isClosed).toBe(true);

    const here = stage([{ calls: [click] }], { where: { kind: "this", monitor: "DP-1" } });
    await here.until("deciding");
    const port = fakePort();
    expect(here.runner.watch(port)).toMatchObject({ ok: false, error: "You see this desktop yourself." });
    expect([port.isClosed, here.computer.watchers]).toEqual([true, []]);
    here.runner.stop();
    await here.done;
  });
});
