import { describe, expect, it } from "vitest";
import type { Json } from "../../../shared/jcs.ts";
import { TOOL_VERSIONS } from "../../../shared/model.ts";
import type { ParsedCall } from "../../../shared/session-event.ts";
import { picture, SPACE, setupFor } from "../test-support.ts";
import { base64Image, blobImage } from "../user-content.ts";
import { toolset20260801 as wire } from "./toolset-20260801.ts";
import type { Block } from "./wire.ts";
import { wireFor } from "./wire-for.ts";

function parse(block: Block, input: Json = block.input ?? {}, inputError: string | null = null): ParsedCall {
  return wire.parse({ id: "t1", block: { type: "tool_use", id: "t1", ...block }, input, inputError }, SPACE, null);
}

const MEMBER = { name: "left_click", toolset_name: "computer" };
const CALL: ParsedCall = {
  toolUseId: "t1",
  name: "left_click",
  input: {},
  parsed: { action: { action: "left_click" } },
};

describe("declare", () => {
  it("is the toolset entry and nothing else", () => {
    expect(wire.declare(setupFor())).toEqual({ type: "computer_toolset_20260801" });
  });
});

describe("parse", () => {
  it("reads a member's call", () => {
    expect(parse(MEMBER, { coordinate: [4, 5], text: null })).toEqual({
      toolUseId: "t1",
      name: "left_click",
      input: { coordinate: [4, 5], text: null },
      parsed: { action: { action: "left_click", coordinate: [4, 5] } },
    });
  });

  it.each<[string, ParsedCall, RegExp]>([
    ["the old tool's form", parse({ name: "computer", input: { action: "screenshot" } }), /^toolset_name: is missing/],
    [
      "a tool nobody declared",
      parse({ name: "bash", input: { command: "ls" } }),
      /^toolset_name: is missing; the tool "bash"/,
    ],
    [
      "another family",
      parse({ name: "click", toolset_name: "browser" }),
      /^toolset_name: expected "computer", got "browser"/,
    ],
    ["an unknown member", parse({ name: "teleport", toolset_name: "computer" }), /^action: unknown action "teleport"/],
    ["an input that is a list", parse(MEMBER, [1, 2]), /^input: expected an object, got a list of 2/],
    ["an input that is null", parse(MEMBER, null), /^input: expected an object, got null/],
    ["an input that was no JSON", parse(MEMBER, '{"coord', "input: is not valid JSON"), /^input: is not valid JSON$/],
    [
      "a point outside",
      parse(MEMBER, { coordinate: [320, 5] }),
      /^coordinate\[0\]: 320 is outside the 320x200 screenshot$/,
    ],
    ["an action inside the input", parse(MEMBER, { action: "left_click" }), /^action: is not a field/],
    ["no name", parse({ toolset_name: "computer" }), /^action: unknown action ""/],
  ])("answers %s with an error", (_, call, error) => {
    expect(call.parsed).toEqual({ error: expect.stringMatching(error) });
    expect(call.toolUseId).toBe("t1");
  });
});

describe("result", () => {
  it("echoes the family, text first, then base64 images", () => {
    const image = picture();
    const block = wire.result({ call: CALL, text: "Clicked.", isError: false, images: [image] }, MEMBER, base64Image);
    expect(block).toEqual({
      type: "tool_result",
      tool_use_id: "t1",
      toolset_name: "computer",
      content: [
        { type: "text", text: "Clicked." },
        {
          type: "image",
          source: { type: "base64", media_type: "image/png", data: Buffer.from(image.png).toString("base64") },
        },
      ],
    });
  });

  it("names the picture by its hash for the journal", () => {
    const image = picture();
    const block = wire.result({ call: CALL, text: "", isError: false, images: [image] }, MEMBER, blobImage);
    expect(block.content).toEqual([
      { type: "image", source: { type: "blob", sha256: image.ref.sha256, media_type: "image/png", w: 320, h: 200 } },
    ]);
  });

  it("marks an error, and leaves the family out where the call had none", () => {
    const block = wire.result({ call: CALL, text: "no", isError: true, images: [] }, { name: "computer" }, base64Image);
    expect(block).toEqual({
      type: "tool_result",
      tool_use_id: "t1",
      content: [{ type: "text", text: "no" }],
      is_error: true,
    });
  });

  it("refuses to write an error without text, or with a picture", () => {
    const base = { call: CALL, isError: true };
    expect(() => wire.result({ ...base, text: " ", images: [] }, MEMBER, base64Image)).toThrow(RangeError);
    expect(() => wire.result({ ...base, text: "no", images: [picture()] }, MEMBER, base64Image)).toThrow(RangeError);
  });
});

it("speaks every version, each its own", () => {
  expect(wireFor("computer_toolset_20260801")).toBe(wire);
  for (const version of TOOL_VERSIONS) expect(wireFor(version).declare(setupFor()).type).toBe(version);
});
