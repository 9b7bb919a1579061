import { expect, test } from "vitest";
import { ClipboardKeeper, type SystemClipboard } from "./clipboard-keeper.ts";

type Content = Record<string, string>;
const FIELDS = { text: "text/plain", html: "text/html", rtf: "text/rtf", image: "image/png" } as const;

/** A clipboard that takes away everything at each write, as Electron's does. */
function setUp(content: Content) {
  const state = { content };
  const read = (format: string) => state.content[format] ?? "";
  const clipboard: SystemClipboard<string> = {
    availableFormats: () => Object.keys(state.content),
    readText: () => read("text/plain"),
    readHTML: () => read("text/html"),
    readRTF: () => read("text/rtf"),
    readImage: () => read("image/png"),
    readBuffer: (format) => Buffer.from(read(format)),
    write: (data) => {
      state.content = Object.fromEntries(
        Object.entries(FIELDS).flatMap(([field, format]) => {
          const value = data[field as keyof typeof FIELDS];
          return value === undefined ? [] : [[format, value]];
        }),
      );
    },
    writeBuffer: (format, buffer) => {
      state.content = { [format]: buffer.toString() };
    },
    clear: () => {
      state.content = {};
    },
  };
  return { state, keeper: new ClipboardKeeper(clipboard) };
}

test.each<[string, Content]>([
  ["nothing", {}],
  ["text", { "text/plain": "a" }],
  ["text of no length beside a picture", { "text/plain": "", "image/png": "px" }],
  [
    "every format that Electron writes",
    { "text/plain": "a", "text/html": "<b>a", "text/rtf": "{a}", "image/png": "px" },
  ],
  ["one format it does not know", { "com.example.shape": "\u0001\u0002" }],
])("%s is put back as it was", async (_what, content) => {
  const { state, keeper } = setUp(content);
  await keeper.keep();
  await keeper.put("pasted");
  expect(state.content).toEqual({ "text/plain": "pasted" });
  await keeper.putBack();
  expect(state.content).toEqual(content);
});

test("what could not be put back refuses the paste by name, and stays", async () => {
  const content = { "text/plain": "/a", "text/uri-list": "file:///a", "x/y": "z" };
  const { state, keeper } = setUp(content);
  await expect(keeper.keep()).rejects.toThrow(
    "text: it would have to be pasted, and the clipboard holds what could not be put back after that (text/uri-list, x/y). Copy something plain, then approve again.",
  );
  await expect(keeper.put("x")).rejects.toThrow("was not kept");
  await keeper.putBack();
  expect(state.content).toEqual(content);
});

test("what the person copied meanwhile is left alone", async () => {
  const { state, keeper } = setUp({ "text/plain": "old" });
  await keeper.keep();
  await keeper.put("pasted");
  state.content = { "text/plain": "newer" };
  await keeper.putBack();
  expect(state.content).toEqual({ "text/plain": "newer" });
});

test("it is put back once, and not before anything was put there", async () => {
  const { state, keeper } = setUp({ "text/plain": "old" });
  await keeper.keep();
  await keeper.putBack();
  await keeper.keep();
  await keeper.put("pasted");
  await keeper.putBack();
  state.content = { "text/plain": "pasted" };
  await keeper.putBack();
  expect(state.content).toEqual({ "text/plain": "pasted" });
});
