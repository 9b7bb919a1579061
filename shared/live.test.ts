import { expect, it } from "vitest";
import { fromWatcherSchema, toWatcherSchema } from "./live.ts";

const piece = { x: 2, y: 0, w: 2, h: 1, data: new Uint8Array(8) };
const frame = { seq: 1, size: { w: 4, h: 4 }, whole: false, pieces: [piece] };
const problems = (of: object) =>
  toWatcherSchema
    .safeParse({ type: "frame", frame: { ...frame, ...of } })
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

it("takes a frame whose pieces lie inside it", () => {
  expect(problems({})).toEqual([]);
  expect(problems({ pieces: [{ ...piece, data: Buffer.alloc(8) }] })).toEqual([]);
});

it("refuses a piece that sticks out, one with other bytes than pixels, and what is no bytes", () => {
  expect(problems({ pieces: [{ ...piece, x: 3 }] })).toEqual(["frame.pieces.0: 2x1 at 3, 0 is not inside 4x4"]);
  expect(problems({ pieces: [{ ...piece, data: new Uint8Array(7) }] })).toEqual([
    "frame.pieces.0: 7 bytes are not 2x1 pixels",
  ]);
  expect(problems({ pieces: [{ ...piece, data: [0, 0, 0, 0, 0, 0, 0, 0] }] })).toEqual([
    "frame.pieces.0.data: expected bytes",
  ]);
});

it.each([
  null,
  1,
  {},
  { type: "painted" },
  { type: "painted", seq: 0 },
  { type: "painted", seq: 1, more: 1 },
  { type: "go" },
])("a watcher may say that a frame is painted, and nothing else: %j", (said) => {
  expect(fromWatcherSchema.safeParse(said).success).toBe(false);
  expect(fromWatcherSchema.safeParse({ type: "painted", seq: 3 }).success).toBe(true);
});
