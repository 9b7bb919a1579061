import { describe, expect, it } from "vitest";
import { isPracticeDesk, stateFileOf } from "./flags.ts";
import {
  CATEGORIES,
  categoryRect,
  DESK_SIZE,
  LAYOUT,
  PAPERS,
  paperRect,
  type Rect,
  TRIPS,
  tripRectAtEnd,
} from "./layout.ts";
import { PAGE_HTML } from "./page-html.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { checkDesk, type DeskState, EXPECTED_FORM, parseDeskState } from "./state.ts";

const finished: DeskState = {
  version: 1,
  seq: 90,
  view: { width: 1280, height: 800, scale: 1 },
  form: EXPECTED_FORM,
  trip: "Lisbon",
  scrollTop: 304,
  attached: ["Hotel invoice"],
  turned: [],
  stamped: true,
  cardIn: "claim",
  hovered: true,
  saved: EXPECTED_FORM,
  saves: 1,
  counts: { click: 16 },
  events: [{ type: "click", x: 136, y: 686, button: 0 }],
  keysDown: [],
  buttonsDown: 0,
};

describe("checkDesk", () => {
  it("accepts the desk as the practice session leaves it", () => {
    expect(checkDesk(parseDeskState(JSON.stringify(finished)))).toEqual({ ok: true, problems: [] });
  });

  const spoiled: [string, Partial<DeskState>, string][] = [
    [
      "a letter wrong",
      { saved: { ...EXPECTED_FORM, name: "Jurgen" } },
      'name: wanted "Jürgen Müller-Sørensen", found "Jurgen"',
    ],
    ["not saved", { saved: null, saves: 0 }, "the form was not saved"],
    ["saved twice", { saves: 2 }, "saves: wanted 1, found 2"],
    ["another trip", { trip: "Krakow" }, 'trip: wanted "Lisbon", found "Krakow"'],
    ["nothing attached", { attached: [] }, 'attached papers: wanted ["Hotel invoice"], found []'],
    ["the wrong menu line", { turned: ["Taxi slip"] }, 'papers turned over: wanted [], found ["Taxi slip"]'],
    ["no stamp", { stamped: false }, "stamped: wanted true, found false"],
    ["the card not dragged", { cardIn: "inbox" }, 'hotel card: wanted "claim", found "inbox"'],
    ["a key held", { keysDown: ["ShiftLeft"] }, 'keys still down: wanted [], found ["ShiftLeft"]'],
    ["a button held", { buttonsDown: 1 }, "mouse buttons still down: wanted 0, found 1"],
  ];
  it.each(spoiled)("reports %s", (_, change, problem) => {
    expect(checkDesk({ ...finished, ...change }).problems).toContain(problem);
  });

  it("refuses a file that is no desk state", () => {
    expect(() => parseDeskState("{")).toThrow(SyntaxError);
    expect(() => parseDeskState(JSON.stringify({ ...finished, extra: 1 }))).toThrow();
  });
});

describe("the layout", () => {
  const inside = (outer: Rect, inner: Rect): boolean =>
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height;

  it("stays on a 1280x800 display", () => {
    const desk: Rect = { x: 0, y: 0, ...DESK_SIZE };
    const all = [...Object.values(LAYOUT), ...CATEGORIES.map(categoryRect), ...PAPERS.map(paperRect)];
    expect(all.filter((area) => !inside(desk, area))).toEqual([]);
  });

  it("has the last trips in view once the list is at its end, and the first ones out of it", () => {
    expect(inside(LAYOUT.tripList, tripRectAtEnd("Lisbon"))).toBe(true);
    expect(inside(LAYOUT.tripList, tripRectAtEnd(TRIPS[0]))).toBe(false);
  });

  it("is what the style sheet places", () => {
    const { x, y, width, height } = LAYOUT.save;
    expect(PAGE_STYLE).toContain(
      `#save { position: absolute; left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px; }`,
    );
  });
});

describe("the page", () => {
  it("loads only its own style and script, and has nothing inline", () => {
    expect(PAGE_HTML.match(/(?:src|href)="([^"]*)"/g)).toEqual([
      'href="desk://app/style.css"',
      'src="desk://app/desk.js"',
    ]);
    expect(PAGE_HTML).not.toMatch(/ style=| on[a-z]+=|<style/);
  });

  it("has a script that parses and names only elements that exist", () => {
    expect(() => new Function(PAGE_SCRIPT)).not.toThrow();
    const named = [...PAGE_SCRIPT.matchAll(/byId\("(\w+)"\)/g)].map(([, id]) => id);
    expect(named.filter((id) => !PAGE_HTML.includes(`id="${id}"`))).toEqual([]);
  });
});

it("knows its flags", () => {
  expect(isPracticeDesk(["electron", ".", "--practice-desk"])).toBe(true);
  expect(isPracticeDesk(["electron", ".", "--practice"])).toBe(false);
  expect(stateFileOf(["--state-file=/a b/state.json"])).toBe("/a b/state.json");
  expect(stateFileOf(["--state-file="])).toBeNull();
});
