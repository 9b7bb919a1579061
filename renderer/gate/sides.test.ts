import { expect, it } from "vitest";
import { shownOn, sidesOf } from "./sides.ts";

it("what Claude saw comes first where nothing changed, what is there now where it did; live is there to compare", () => {
  expect(sidesOf({ now: false, live: true, waits: true })).toEqual(["saw", "live", "both"]);
  expect(sidesOf({ now: true, live: true, waits: true })).toEqual(["now", "saw", "live", "both"]);
});

it("while nothing waits a live desktop is shown as it is; without one all is as it was", () => {
  expect(sidesOf({ now: true, live: true, waits: false })).toEqual([]);
  expect(sidesOf({ now: false, live: false, waits: true })).toEqual([]);
  expect(sidesOf({ now: true, live: false, waits: true })).toEqual(["now", "saw", "both"]);
  expect(sidesOf({ now: true, live: false, waits: false })).toEqual(["now", "saw", "both"]);
});

it("side by side is what Claude saw with what the card says of now, else with live", () => {
  expect(shownOn("both", true)).toEqual(["saw", "now"]);
  expect(shownOn("both", false)).toEqual(["saw", "live"]);
  expect(shownOn("live", true)).toEqual(["live"]);
});
