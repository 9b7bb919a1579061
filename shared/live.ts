/**
 * The live picture of a session's desktop, on its way from the executor to the window through a port of their own. What
 * changed is sent as plain pixels, nothing of it is kept: it is no event, and never on record.
 */
import { z } from "zod";
import type { Size } from "./geometry.ts";

const side = z.int().min(1).max(16_384);
const offset = z.int().min(0).max(16_384);

const pieceSchema = z.strictObject({
  x: offset,
  y: offset,
  w: side,
  h: side,
  /** Red, green, blue, 255 of each pixel, row by row. */
  data: z.custom<Uint8Array>(isBytes, { error: "expected bytes" }),
});
/** A part of the picture that has changed. */
export type LivePiece = z.infer<typeof pieceSchema>;

const frameSchema = z
  .strictObject({
    seq: z.int().min(1),
    /** The whole picture, px of screenshot space. */
    size: z.strictObject({ w: side, h: side }),
    /** Whether all that was shown before is void. */
    whole: z.boolean(),
    pieces: z.array(pieceSchema).max(64),
  })
  .check((checked) => {
    checked.value.pieces.forEach((piece, i) => {
      const problem = pieceProblem(piece, checked.value.size);
      if (problem !== null)
        checked.issues.push({ code: "custom", input: piece, path: ["pieces", i], message: problem });
    });
  });
export type LiveFrame = z.infer<typeof frameSchema>;

/** To the window: a frame, or why no more will come. */
export const toWatcherSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("frame"), frame: frameSchema }),
  z.strictObject({ type: z.literal("ended"), why: z.string() }),
]);
export type ToWatcher = z.infer<typeof toWatcherSchema>;

/** From the window: the frame with this number is painted, the next one may come. */
export const fromWatcherSchema = z.strictObject({ type: z.literal("painted"), seq: z.int().min(1) });

/** What the preload tells the page when main has opened a port: the message's only port is that session's. */
export const portMessageSchema = z.strictObject({ countersign: z.literal("live"), session: z.string() });
export type PortMessage = z.infer<typeof portMessageSchema>;

function pieceProblem({ x, y, w, h, data }: LivePiece, size: Size): string | null {
  if (x + w > size.w || y + h > size.h) return `${w}x${h} at ${x}, ${y} is not inside ${size.w}x${size.h}`;
  return data.length === w * h * 4 ? null : `${data.length} bytes are not ${w}x${h} pixels`;
}

/** The page, the worker and the tests each have a `Uint8Array` of their own. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value && value.BYTES_PER_ELEMENT === 1;
}
