import { describe, expect, it } from "vitest";
import type { Heard } from "./heard.ts";
import { PersonDetector } from "./person-detector.ts";

const key = (at: number, down = true): Heard => ({ from: "device", at, kind: "key", code: 38, down });
const button = (at: number, down = true): Heard => ({ from: "device", at, kind: "button", code: 1, down });
const motion = (at: number, dx: number, dy = 0): Heard => ({ from: "device", at, kind: "motion", dx, dy });

function decidedAt(at: number, ...before: readonly Heard[]): PersonDetector {
  const detector = new PersonDetector();
  for (const event of before) detector.hear(event);
  detector.begin(at);
  return detector;
}

describe("arming", () => {
  it("is at once when the pointer has been still for 150 ms, as after a decision by key", () => {
    expect(decidedAt(1000).armsIn(1000)).toBe(0);
    expect(decidedAt(1000, motion(850, 1)).armsIn(1000)).toBe(0);
  });

  it("waits until the pointer has been still for 150 ms", () => {
    const detector = decidedAt(1000, motion(990, 1));
    expect(detector.armsIn(1000)).toBe(140);
    expect(detector.hear(key(1100))).toBeNull();
    expect(detector.hear(motion(1130, 50))).toBeNull();
    expect(detector.armsIn(1130)).toBe(150);
    expect(detector.hear(key(1280))).toBe("key");
  });

  it("comes 1 s after the decision at the latest", () => {
    const detector = decidedAt(1000, motion(950, 100));
    for (let at = 1000; at < 2000; at += 100) expect(detector.hear(motion(at, 100))).toBeNull();
    expect(detector.armsIn(2000)).toBe(0);
    expect(detector.hear(motion(2000, 1))).toBeNull();
    expect(detector.hear(motion(2010, 6))).toBeNull();
    expect(detector.hear(motion(2020, 1))).toBe("pointer");
  });
});

describe("once armed", () => {
  it("any key or button counts, letting go of one does not", () => {
    expect(decidedAt(1000).hear(key(1000))).toBe("key");
    expect(decidedAt(1000).hear(button(1000))).toBe("button");
    expect(decidedAt(1000).hear(key(1000, false))).toBeNull();
    expect(decidedAt(1000).hear(button(1000, false))).toBeNull();
  });

  it.each<[string, readonly Heard[], boolean]>([
    ["8 px at once", [motion(1200, 8)], true],
    ["7 px at once", [motion(1200, 7)], false],
    ["8 px in small steps within 200 ms", [1, 2, 3, 4, 5, 6, 7, 8].map((i) => motion(1200 + i * 20, 1)), true],
    ["8 px more slowly", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => motion(1200 + i * 30, 1)), false],
    ["a knock to and fro", [1, 2, 3, 4, 5, 6].map((i) => motion(1200 + i * 10, i % 2 === 0 ? 6 : -6)), false],
    ["both axes together", [motion(1200, 6, 0), motion(1210, 0, 6)], true],
  ])("%s", (_, events, expected) => {
    const detector = decidedAt(1000);
    expect(events.some((event) => detector.hear(event) === "pointer")).toBe(expected);
  });

  it("takes a program's synthesised input as a person's", () => {
    expect(decidedAt(1000).hear({ ...key(1000), from: "xtest" })).toBe("key");
  });
});

it("hears nothing before a decision nor after the last input", () => {
  const detector = new PersonDetector();
  expect(detector.hear(key(0))).toBeNull();
  detector.begin(100);
  detector.end();
  expect(detector.hear(key(500))).toBeNull();
});
