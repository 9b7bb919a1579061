import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type DigestInput, digestOf, digestText } from "./digest.ts";

const INPUT: DigestInput = {
  session: "s-1",
  proposal: "3.0",
  rev: 2,
  action: { action: "left_click", coordinate: [412, 96], text: "shift" },
  screenshot: { sha256: "a".repeat(64), w: 1280, h: 800 },
  now: "b".repeat(64),
  display: { x: 0, y: 0, w: 1280, h: 800, scale: 1 },
  window: { id: 7, pid: 42, class: "Mousepad", title: "note.txt" },
  cursor: [1, 2],
};

const { window, display, screenshot } = INPUT;

test.each<[string, DigestInput]>([
  ["session", { ...INPUT, session: "s-2" }],
  ["proposal", { ...INPUT, proposal: "3.1" }],
  ["revision", { ...INPUT, rev: 3 }],
  ["action", { ...INPUT, action: { action: "right_click", coordinate: [412, 96], text: "shift" } }],
  ["coordinate x", { ...INPUT, action: { action: "left_click", coordinate: [413, 96], text: "shift" } }],
  ["coordinate y", { ...INPUT, action: { action: "left_click", coordinate: [412, 97], text: "shift" } }],
  ["coordinate left out", { ...INPUT, action: { action: "left_click", text: "shift" } }],
  ["held keys", { ...INPUT, action: { action: "left_click", coordinate: [412, 96], text: "ctrl" } }],
  ["held keys left out", { ...INPUT, action: { action: "left_click", coordinate: [412, 96] } }],
  ["screenshot", { ...INPUT, screenshot: { ...screenshot, sha256: "c".repeat(64) } }],
  ["screenshot width", { ...INPUT, screenshot: { ...screenshot, w: 1281 } }],
  ["screenshot height", { ...INPUT, screenshot: { ...screenshot, h: 801 } }],
  ["picture of now", { ...INPUT, now: "c".repeat(64) }],
  ["no picture of now", { ...INPUT, now: null }],
  ["display x", { ...INPUT, display: { ...display, x: 1 } }],
  ["display y", { ...INPUT, display: { ...display, y: 1 } }],
  ["display width", { ...INPUT, display: { ...display, w: 1 } }],
  ["display height", { ...INPUT, display: { ...display, h: 1 } }],
  ["display scale", { ...INPUT, display: { ...display, scale: 1.5 } }],
  ["window id", { ...INPUT, window: { id: 8, pid: 42, class: "Mousepad", title: "note.txt" } }],
  ["window pid", { ...INPUT, window: { id: 7, pid: null, class: "Mousepad", title: "note.txt" } }],
  ["window class", { ...INPUT, window: { id: 7, pid: 42, class: "XTerm", title: "note.txt" } }],
  ["window title", { ...INPUT, window: { id: 7, pid: 42, class: "Mousepad", title: "*note.txt" } }],
  ["no window", { ...INPUT, window: null }],
  ["cursor x", { ...INPUT, cursor: [2, 2] }],
  ["cursor y", { ...INPUT, cursor: [1, 1] }],
  ["no cursor", { ...INPUT, cursor: null }],
])("another %s is another digest", (_, changed) => {
  expect(digestText(changed)).not.toBe(digestText(INPUT));
});

test("one character of typed text is another digest, even an invisible one", () => {
  const typing = (text: string) => digestText({ ...INPUT, action: { action: "type", text } });
  const texts = ["rm -r x", "rm -r  x", "rm -r x\n", "rm -r\u00a0x", "rm -r x\u200b", "rm -r x\u202e", "RM -r x"];
  expect(new Set(texts.map(typing)).size).toBe(texts.length);
});

test("the order of keys and fields that are not covered change nothing", () => {
  const reversed = Object.fromEntries(Object.entries(INPUT).toReversed()) as unknown as DigestInput;
  expect(digestText({ ...reversed, window: { title: "note.txt", class: "Mousepad", pid: 42, id: 7 } })).toBe(
    digestText(INPUT),
  );
  const extra = {
    ...INPUT,
    target: "x",
    display: { ...display, name: "DUMMY0" },
    window: { ...window, bounds: [1, 2] },
  };
  expect(digestText(extra as DigestInput)).toBe(digestText(INPUT));
});

test("the bytes are fixed: the record of years ago must verify", async () => {
  const text = digestText(INPUT);
  expect(text).toBe(
    `{"action":{"action":"left_click","coordinate":[412,96],"text":"shift"},"cursor":[1,2],"display":{"h":800,"scale":1,"w":1280,"x":0,"y":0},"now":"${"b".repeat(64)}","proposal":"3.0","rev":2,"screenshot":{"h":800,"sha256":"${"a".repeat(64)}","w":1280},"session":"s-1","v":1,"window":{"class":"Mousepad","id":7,"pid":42,"title":"note.txt"}}`,
  );
  const sha256 = (bytes: string) => createHash("sha256").update(bytes, "utf8").digest("hex");
  expect(await digestOf(INPUT, sha256)).toBe(sha256(text));
  expect(await digestOf(INPUT, (bytes) => Promise.resolve(sha256(bytes)))).toBe(sha256(text));
});
