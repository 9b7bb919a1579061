import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { Where } from "../../shared/session-event.ts";
import { Away, whileThere } from "./away.ts";

const THIS: Where = { kind: "this", monitor: null };
const OWN: Where = { kind: "own", size: { w: 1280, h: 800 }, programs: [] };

function watched() {
  const pauses: string[] = [];
  const away = new Away((words, concerns) => {
    const places = [THIS, OWN].filter(concerns).map(({ kind }) => kind);
    pauses.push(`${words} ${places.join("+")}`);
  });
  const monitor = new EventEmitter();
  away.watchPower(monitor);
  return { away, pauses, monitor };
}

test.each([
  ["suspend", "resume", "The machine went to sleep. this+own"],
  ["lock-screen", "unlock-screen", "The screen was locked. this"],
  ["user-did-resign-active", "user-did-become-active", "Another user's session came to the front. this"],
])("%s pauses once, %s lets it go on", (begins, ends, pause) => {
  const { away, pauses, monitor } = watched();
  monitor.emit(begins);
  monitor.emit(begins);
  expect(pauses).toEqual([pause]);
  expect(away.problem(THIS)).toContain("until the screen is yours");
  expect(away.problem(OWN)).toBeNull();
  monitor.emit(ends);
  expect(away.problem(THIS)).toBeNull();
  monitor.emit(begins);
  expect(pauses).toHaveLength(2);
});

test("with two reasons it takes both to go", () => {
  const { away, monitor } = watched();
  monitor.emit("lock-screen");
  away.report("screen-saver", "The screen saver came up.");
  monitor.emit("unlock-screen");
  expect(away.problem(THIS)).toContain("screen saver");
  away.report("screen-saver", null);
  expect(away.problem(THIS)).toBeNull();
});

test("a desktop whose screen is not the operator's is given up again, and nothing is left of what was watched", async () => {
  const { away } = watched();
  const log: string[] = [];
  const desktop = { stop: async () => void log.push("stop") };
  const watch = async () => {
    away.report("screen-saver", "The screen saver came up.");
    return () => void log.push("end");
  };
  await expect(whileThere(desktop, watch, away)).rejects.toThrow("where: The screen saver came up.");
  expect(log).toEqual(["end", "stop"]);
  expect(away.problem(THIS)).toBeNull();
});

test("what was watched ends with the desktop", async () => {
  const { away } = watched();
  const log: string[] = [];
  const desktop = { stop: async () => void log.push("stop") };
  const there = await whileThere(desktop, async () => () => void log.push("end"), away);
  away.report("dpms", "The screen was switched off.");
  await there.stop();
  expect(log).toEqual(["end", "stop"]);
  expect(away.problem(THIS)).toBeNull();
});
