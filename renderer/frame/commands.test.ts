import { expect, it } from "vitest";
import { emptySession, type SessionPhase } from "../../shared/session-view.ts";
import { fakeApi } from "../fixtures/fake-api.ts";
import { createApp } from "../store/app-store.ts";
import { commandsNow, matching } from "./commands.ts";

const { verbs } = createApp(fakeApi({}));
const labels = (phase: SessionPhase | null, keys: Parameters<typeof commandsNow>[2] = new Map()) =>
  commandsNow(phase === null ? null : { ...emptySession("s"), phase }, verbs, keys).map(({ label }) => label);

it("lists what makes sense in the phase, what the keys do, and every view", () => {
  expect(labels(null)).toContain("New session");
  expect(labels({ kind: "answered", turn: 1 })).toEqual(
    expect.arrayContaining(["Finish", "Take over", "Stop session"]),
  );
  expect(labels({ kind: "stopping", why: "stopped" })).not.toContain("Stop session");
  const run = () => undefined;
  expect(
    labels(
      { kind: "thinking", turn: 1 },
      new Map([
        ["pause", run],
        ["palette", run],
      ]),
    )[0],
  ).toBe("Pause");
  expect(labels(null)).toEqual(
    expect.arrayContaining(["Go to Gate", "Go to Sessions", "Go to Policy", "Go to Settings"]),
  );
});

it("finds commands by any of their words", () => {
  const commands = commandsNow(null, verbs, new Map());
  expect(matching(commands, "settings go").map(({ label }) => label)).toEqual(["Go to Settings"]);
  expect(matching(commands, "")).toHaveLength(commands.length);
  expect(matching(commands, "nothing like it")).toEqual([]);
});
