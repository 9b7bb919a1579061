import { describe, expect, it } from "vitest";
import type { Action } from "./action.ts";
import { claudesWords, type RiskFacts, riskOf } from "./risk.ts";
import { riskWords } from "./risk-words.ts";

const QUIET: RiskFacts = {
  window: { title: "Notes" },
  target: { title: "Notes" },
  controls: [],
  said: "",
  returned: false,
};
const CLICK: Action = { action: "left_click", coordinate: [10, 10] };

const rules = (action: Action, facts: Partial<RiskFacts> = {}) =>
  riskOf(action, { ...QUIET, ...facts }).reasons.map(({ rule }) => rule);
const level = (action: Action, facts: Partial<RiskFacts> = {}) => riskOf(action, { ...QUIET, ...facts }).level;
const named = (name: string) => ({ name, password: false });
const key = (text: string): Action => ({ action: "key", text });

describe("the action itself", () => {
  it("looks, is ordinary, or has a newline", () => {
    expect(level({ action: "screenshot" })).toBe("look");
    expect(level({ action: "wait", duration: 1 })).toBe("look");
    expect(level(CLICK)).toBe("ordinary");
    expect(level({ action: "type", text: "Delete everything" })).toBe("ordinary");
    expect(rules({ action: "type", text: "ls\n" })).toEqual(["newline"]);
    expect(rules({ action: "type", text: "ls\r" })).toEqual(["newline"]);
  });

  it.each([
    ["ctrl+w", ["closes"]],
    ["Ctrl+Q", ["closes"]],
    ["alt+F4", ["closes"]],
    ["shift+Delete", ["deletes"]],
    ["Return", ["submits"]],
    ["ctrl+enter", ["submits"]],
    ["shift+Return", []],
    ["super", ["leaves"]],
    ["super+d", ["leaves"]],
    ["ctrl+alt+t", ["leaves"]],
    ["alt+Tab", ["leaves"]],
    ["shift+alt+Tab", ["leaves"]],
    ["alt+F2", ["leaves"]],
    ["ctrl+alt+Delete", ["leaves", "deletes"]],
    ["ctrl+s", []],
    ["BackSpace", []],
    ["Tab", []],
    ["w", []],
  ])("%s", (text, expected) => {
    expect(rules(key(text))).toEqual(expected);
    expect(rules({ action: "hold_key", text, duration: 1 })).toEqual(expected);
  });
});

describe("words around it", () => {
  it("are looked for in the control's name, the window's title and Claude's words, and quoted", () => {
    expect(riskOf(CLICK, { ...QUIET, controls: [named("Send now")] }).reasons).toEqual([
      { rule: "word", words: "“Send” in the control's name: it may send or publish something." },
    ]);
    expect(rules(CLICK, { target: { title: "Delete 3 files?" } })).toEqual(["word"]);
    expect(rules(CLICK, { said: "I will buy it now." })).toEqual(["word"]);
    expect(level(CLICK, { target: { title: "Löschen bestätigen" } })).toBe("risky");
  });

  it("count only for what can press something", () => {
    const facts = {
      controls: [named("Delete")],
      target: { title: "Delete" },
      window: { title: "Delete" },
      said: "Delete",
    };
    expect(level({ action: "scroll", scroll_direction: "up", scroll_amount: 1 }, facts)).toBe("ordinary");
    expect(level({ action: "mouse_move", coordinate: [1, 1] }, facts)).toBe("ordinary");
    expect(level({ action: "type", text: "abc" }, facts)).toBe("ordinary");
    expect(level({ action: "screenshot" }, facts)).toBe("look");
    expect(level({ action: "left_mouse_up" }, facts)).toBe("risky");
    expect(level(key("space"), facts)).toBe("risky");
  });

  it("for keys are those of the window with the keyboard", () => {
    expect(rules(key("space"), { target: { title: "Pay" } })).toEqual([]);
    expect(rules(key("space"), { window: { title: "Pay" } })).toEqual(["word"]);
  });

  it.each([
    "Buy",
    "SEND",
    "delete",
    "Pay now",
    "Allow once",
    "Kaufen",
    "Senden",
    "Zulassen",
    "Supprimer",
    "Autoriser",
    "Enviar",
    "Permitir",
    "Elimina",
    "Verwijderen",
    "Wyślij",
    "Удалить",
    "Разрешить",
    "删除",
    "同意する",
    "결제하기",
    "De\u200Blete",
    "Ｓｅｎｄ",
    "Löschen".normalize("NFD"),
    "Don't save",
  ])("%s is one", (text) => {
    expect(riskWords(text, false)).not.toEqual([]);
  });

  it.each(["Sender", "Payload", "Allowance", "Buyer's guide", "undeleted", "Notes", "display", "Postcard", ""])(
    "%s is none",
    (text) => {
      expect(riskWords(text, true)).toEqual([]);
    },
  );

  it("some count on a control only", () => {
    expect(riskWords("Post", true)).toEqual([{ kind: "sends", word: "Post" }]);
    expect(riskWords("A post about posts", false)).toEqual([]);
  });

  it("show what is invisible in what they quote", () => {
    expect(riskOf(key("super+\u202Ex"), QUIET).reasons.every(({ words }) => !words.includes("\u202E"))).toBe(true);
  });
});

it("anything that came back is risky, looking too", () => {
  expect(riskOf({ action: "screenshot" }, { ...QUIET, returned: true })).toMatchObject({ level: "risky" });
  expect(rules(CLICK, { returned: true })).toEqual(["returned"]);
});

it("Claude's words are its text, else the end of its thinking", () => {
  expect(claudesWords({ text: "I'll send it.", thinking: "Do not delete." })).toBe("I'll send it.");
  expect(claudesWords({ text: " ", thinking: "I could delete it.\n\nI'll click Next." })).toBe("I'll click Next.");
  expect(claudesWords({ text: "", thinking: "" })).toBe("");
});
