import { describe, expect, it } from "vitest";
import {
  counted,
  formatClock,
  formatCost,
  formatDateTime,
  formatDuration,
  formatSeconds,
  formatTime,
  formatTokens,
} from "./format.ts";

describe("formats", () => {
  it.each([
    [-5, "0:00"],
    [7_900, "0:07"],
    [59_999, "0:59"],
    [723_000, "12:03"],
    [3_723_000, "1:02:03"],
  ])("clock %i ms as %s", (ms, text) => expect(formatClock(ms)).toBe(text));

  it.each([
    [0, "0 ms"],
    [85.4, "85 ms"],
    [1_240, "1.2 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_400, "59 s"],
    [125_000, "2 min 5 s"],
    [11_520_000, "3 h 12 min"],
  ])("duration %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [20, "0.1 s"],
    [507, "0.5 s"],
    [960, "1.0 s"],
    [1_430, "1.4 s"],
    [125_000, "2 min 5 s"],
    [11_520_000, "3 h 12 min"],
  ])("%d ms of a person as %s", (ms, text) => expect(formatSeconds(ms)).toBe(text));

  it.each([
    [0, "0"],
    [999, "999"],
    [12_345, "12.3k"],
    [99_960, "100k"],
    [1_230_000, "1.2M"],
  ])("%i tokens as %s", (count, text) => expect(formatTokens(count)).toBe(text));

  it.each([
    [null, "price unknown"],
    [0, "$0.00"],
    [0.004, "< $0.01"],
    [1.005, "$1.00"],
    [12.5, "$12.50"],
  ])("%s USD as %s", (usd, text) => expect(formatCost(usd)).toBe(text));

  it("counts one and many", () => {
    expect([counted(0, "step"), counted(1, "step"), counted(2, "step")]).toEqual(["0 steps", "1 step", "2 steps"]);
  });

  it("writes local times", () => {
    const iso = new Date(2026, 10, 3, 4, 5, 6).toISOString();
    expect(formatTime(iso)).toBe("04:05:06");
    expect(formatDateTime(iso)).toBe("2026-11-03 04:05");
  });
});
