import { describe, expect, it } from "vitest";
import { cookieFor, displayNumber } from "./xauthority.ts";

const MAGIC = "MIT-MAGIC-COOKIE-1";

function entry(family: number, ...fields: readonly string[]): Buffer {
  const parts = fields.map((field) => {
    const bytes = Buffer.from(field, "latin1");
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  });
  return Buffer.concat([Buffer.from([family >> 8, family & 0xff]), ...parts]);
}

describe("the cookie of a display", () => {
  const file = Buffer.concat([
    entry(256, "host", "7", MAGIC, "\x01\xff"),
    entry(256, "host", "99", "XDM-AUTHORIZATION-1", "no"),
    entry(65535, "", "99", MAGIC, "yes"),
  ]);

  it("is found by number and kind", () => {
    expect(cookieFor(file, "99", "here")).toEqual({ name: MAGIC, data: "yes" });
    expect(cookieFor(file, "7", "here")).toEqual({ name: MAGIC, data: "\x01\xff" });
  });

  it("is this machine's where the file holds others' of the same number", () => {
    const both = Buffer.concat([entry(256, "there", "0", MAGIC, "no"), entry(256, "here", "0", MAGIC, "yes")]);
    expect(cookieFor(both, "0", "here").data).toBe("yes");
  });

  it("is any display's when the entry names none", () => {
    expect(cookieFor(entry(65535, "", "", MAGIC, "all"), "3", "here")).toEqual({ name: MAGIC, data: "all" });
  });

  it("is empty when there is none, or the file is cut", () => {
    expect(cookieFor(file, "1", "here")).toEqual({ name: "", data: "" });
    expect(cookieFor(file.subarray(0, file.length - 1), "99", "here")).toEqual({ name: "", data: "" });
    expect(cookieFor(Buffer.alloc(0), "99", "here")).toEqual({ name: "", data: "" });
  });
});

it("reads display names", () => {
  expect([":99", ":99.0", "host:2", "99", ":x"].map(displayNumber)).toEqual(["99", "99", "2", null, null]);
});
