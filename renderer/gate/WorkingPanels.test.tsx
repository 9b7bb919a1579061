import { MantineProvider } from "@mantine/core";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { foldSession } from "../../shared/session-view.ts";
import { call, image, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import { fakeApi } from "../fixtures/fake-api.ts";
import { createApp } from "../store/app-store.ts";
import { AppContext } from "../store/use-app.ts";
import { GateView } from "./GateView.tsx";

const CLICK = { action: "left_click", coordinate: [100, 100] } as const;
const PROPOSAL = proposalOf(CLICK, { id: "1.0", turn: 1 });

const atGate = () =>
  new Script(0)
    .start()
    .turn(1, "form")
    .finish(1, [call(CLICK)])
    .propose(PROPOSAL);

const paused = (script: Script, why: "operator" | "limit" = "operator") =>
  script.add("session.paused", { why, detail: null });

const takenOver = (script: Script) =>
  script
    .add("decision.made", {
      proposal: PROPOSAL.id,
      rev: 1,
      digest: "0".repeat(64),
      decision: { kind: "take_over" },
      by: { kind: "operator" },
      latencyMs: 900,
    })
    .add("takeover.started", { proposal: PROPOSAL.id });

/** The whole gate after some events. */
function gate(script: Script): string {
  const view = foldSession(SESSION, script.events);
  return renderToStaticMarkup(
    <AppContext value={createApp(fakeApi({}))}>
      <MantineProvider>
        <GateView mirror={{ view, live: null, since: null }} />
      </MantineProvider>
    </AppContext>,
  );
}

const [CUT, WAITS, PLAIN] = ["Was running", "Waits at the gate", "Nothing waits for you now."];

describe("a pause", () => {
  it("says of what still waits that it waits", () => {
    const html = gate(paused(atGate()));
    expect(html).toContain(WAITS);
    expect(html).not.toContain(CUT);
  });

  it.each([
    ["before its result is there", (s: Script) => s],
    ["when its result is there", (s: Script) => s.end(PROPOSAL, "interrupted", "Stopped after 0 of 1.")],
  ])("says of what was cut that it was, %s", (_, then) => {
    const html = gate(then(paused(atGate().approve(PROPOSAL))));
    expect(html).toContain(CUT);
    expect(html).not.toContain(WAITS);
  });

  it.each([
    ["done", paused(atGate().approve(PROPOSAL).end(PROPOSAL, "done", "Clicked.", "form"), "limit")],
    ["rejected", paused(atGate().reject(PROPOSAL, null))],
    ["ended at the gate by a crash", paused(atGate().end(PROPOSAL, "interrupted", "Nothing was sent."))],
  ])("says neither of a step that is %s", (_, script) => {
    const html = gate(script);
    expect(html).not.toContain(CUT);
    expect(html).not.toContain(WAITS);
  });

  it("on top of a take-over says that control comes back", () => {
    const html = gate(takenOver(paused(atGate())));
    expect(html).toContain("You have control again after Resume.");
    expect(html).not.toContain(WAITS);
  });
});

describe("the card", () => {
  it("is there while the step waits", () => {
    const html = gate(atGate());
    expect(html).toContain('aria-keyshortcuts="Control+Enter"');
    expect(html).not.toContain(PLAIN);
  });

  it.each([
    ["rejected", atGate().reject(PROPOSAL, "No")],
    [
      "handed back",
      takenOver(atGate())
        .add("takeover.ended", { note: null, after: image("form") })
        .end(PROPOSAL, "taken_over", "By hand."),
    ],
  ])("is gone as soon as the step is %s", (_, script) => {
    const html = gate(script);
    expect(html).not.toContain('aria-keyshortcuts="Control+Enter"');
    expect(html).toContain(PLAIN);
  });
});
