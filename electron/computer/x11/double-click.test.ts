import { expect, test } from "vitest";
import { multiClickTime, xsetting } from "./double-click.ts";

/** A property as a settings manager writes it. */
function settings(all: readonly (readonly [string, number | string])[], big = false): Buffer {
  const padded = (text: string) => Buffer.concat([Buffer.from(text, "latin1")], (text.length + 3) & ~3);
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (big) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  };
  const head = (type: number, length: number) => {
    const bytes = Buffer.from([type, 0, 0, 0]);
    if (big) bytes.writeUInt16BE(length, 2);
    else bytes.writeUInt16LE(length, 2);
    return bytes;
  };
  return Buffer.concat([
    Buffer.from([big ? 1 : 0, 0, 0, 0]),
    word(1),
    word(all.length),
    ...all.flatMap(([name, value]) => [
      head(typeof value === "number" ? 0 : 1, name.length),
      padded(name),
      word(7),
      ...(typeof value === "number" ? [word(value)] : [word(value.length), padded(value)]),
    ]),
  ]);
}

const ALL = [
  ["Net/ThemeName", "Breeze"],
  ["Gtk/x", 3],
  ["Net/DoubleClickTime", 350],
] as const;

test.each([false, true])("a setting is found behind others, in either order of bytes", (big) => {
  expect(xsetting(settings(ALL, big), "Net/DoubleClickTime")).toBe(350);
  expect(xsetting(settings(ALL, big), "Net/ThemeName")).toBeNull();
  expect(xsetting(settings(ALL, big), "Net/Nothing")).toBeNull();
});

test("bytes that are no such list give nothing", () => {
  const whole = settings(ALL);
  for (let length = 0; length < whole.length; length += 1) {
    expect(xsetting(whole.subarray(0, length), "Net/DoubleClickTime")).toBeNull();
  }
  expect(xsetting(Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0]), "x")).toBeNull();
});

test("the X resource is the one for all programs", () => {
  expect(multiClickTime("Xft.dpi:\t96\n*multiClickTime:\t250\nXTerm*multiClickTime: 9\n")).toBe(250);
  expect(multiClickTime("XTerm*multiClickTime: 9\n")).toBeNull();
  expect(multiClickTime("*multiClickTime: soon")).toBeNull();
});
