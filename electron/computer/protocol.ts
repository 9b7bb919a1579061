/** What main and the executor process say to each other: one union each way, validated on arrival. */
import { z } from "zod";
import { actionSchema } from "../../shared/action.ts";
import { RETURN_REASONS } from "../../shared/session-event.ts";
import { COMPUTER_ERROR_CODES, ComputerError, type HeardByExecutor } from "./computer.ts";

/** Main says it is there this often; the executor lets go of everything after this long without, ms. */
export const BEAT_EVERY = 100;
export const BEAT_LOST = 500;

const side = z.int().min(1);
const sizeSchema = z.strictObject({ w: side, h: side });
const pointSchema = z.tuple([z.int(), z.int()]);
const displaySchema = z.strictObject({ x: z.int(), y: z.int(), w: side, h: side, scale: z.number().positive() });
const windowFields = { id: z.int(), pid: z.int().nullable(), class: z.string(), title: z.string() };
const windowInfoSchema = z.object(windowFields);
// A window may be 0 px wide for a moment, and lie partly off the screen.
const boundsSchema = z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int(), scale: z.number().positive() });
const windowFactsSchema = z.strictObject({
  ...windowFields,
  bounds: boundsSchema,
  exe: z.string().nullable().exactOptional(),
});
const rectSchema = z.strictObject({ x: z.int(), y: z.int(), w: side, h: side });
export const controlSchema = z.strictObject({
  name: z.string(),
  role: z.string(),
  password: z.boolean(),
  bounds: rectSchema.nullable(),
});
const factsSchema = z.strictObject({
  display: displaySchema,
  focus: windowFactsSchema.nullable(),
  targets: z.array(windowFactsSchema.nullable()),
  controls: z.array(controlSchema.nullable()).readonly().optional(),
  focusControl: controlSchema.nullable().optional(),
});
const pictureSchema = z.strictObject({
  png: z.instanceof(Uint8Array),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: sizeSchema,
});
const lookSchema = z.strictObject({ picture: pictureSchema, facts: factsSchema });

const requestSchema = z.strictObject({
  proposal: z.string(),
  action: actionSchema,
  space: sizeSchema,
  cursor: pointSchema.nullable(),
  expected: z.strictObject({
    display: displaySchema,
    window: windowInfoSchema.nullable(),
    target: windowInfoSchema.nullable(),
    picture: z.string(),
  }),
  settleMs: z.number().min(0).max(60_000),
});

const cursor = pointSchema.nullable();
const durationMs = z.number().min(0);
export const resultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("returned"),
    reason: z.enum(RETURN_REASONS),
    detail: z.string(),
    now: lookSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal("done"),
    cursor,
    after: lookSchema.nullable(),
    image: pictureSchema.nullable(),
    facts: factsSchema,
    durationMs,
  }),
  z.strictObject({ kind: z.literal("failed"), message: z.string(), cursor, after: lookSchema.nullable(), durationMs }),
  z.strictObject({ kind: z.literal("interrupted"), progress: z.string(), cursor, durationMs }),
]);

const id = z.int();

/** Main to executor. */
export const toExecutorSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("beat") }),
  z.strictObject({ type: z.literal("display"), id }),
  z.strictObject({
    type: z.literal("look"),
    id,
    space: sizeSchema,
    points: z.array(pointSchema),
    settleMs: z.number().min(0).max(60_000),
  }),
  z.strictObject({ type: z.literal("facts"), id, space: sizeSchema, points: z.array(pointSchema) }),
  z.strictObject({ type: z.literal("inTheWay"), id, before: z.enum(["look", "action"]) }),
  z.strictObject({ type: z.literal("perform"), id, request: requestSchema }),
  // The operator's own hand: no proposal, nothing expected, nothing to confirm, and no result but that it was done.
  z.strictObject({ type: z.literal("hand"), id, action: actionSchema, space: sizeSchema }),
  // Its only port is where the desktop is watched from here on; without one nobody does.
  z.strictObject({ type: z.literal("watch"), space: sizeSchema }),
  z.strictObject({ type: z.literal("confirmed"), id, ask: z.int(), go: z.boolean() }),
  z.strictObject({ type: z.literal("stop"), id }),
  z.strictObject({ type: z.literal("releaseAll"), id }),
  z.strictObject({ type: z.literal("close"), id }),
  // What became of a wish for the clipboard: null, or why not.
  z.strictObject({ type: z.literal("clipboard"), ask: z.int(), error: z.string().nullable() }),
]);
export type ToExecutor = z.infer<typeof toExecutorSchema>;

/** Replies by the type of their request. */
export const replySchemas = {
  display: displaySchema,
  look: lookSchema,
  facts: factsSchema,
  inTheWay: z.array(z.int()),
  perform: resultSchema,
  hand: z.null(),
  releaseAll: z.null(),
  close: z.null(),
} as const;

const heardSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stop") }),
  z.strictObject({ kind: z.literal("person"), touch: z.enum(["key", "button", "pointer"]) }),
  z.strictObject({ kind: z.literal("deaf"), why: z.string() }),
]) satisfies z.ZodType<HeardByExecutor>;

/** See `Clipboard` (system/type-text.ts). */
const clipboardWishSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("keep") }),
  z.strictObject({ kind: z.literal("put"), text: z.string() }),
  z.strictObject({ kind: z.literal("putBack") }),
]);
export type ClipboardWish = z.infer<typeof clipboardWishSchema>;

const code = z.enum(COMPUTER_ERROR_CODES);

/** Executor to main. `reply.value` is validated against the schema of its request. */
export const fromExecutorSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({ type: z.literal("unready"), code, message: z.string() }),
  z.strictObject({ type: z.literal("reply"), id, value: z.unknown() }),
  z.strictObject({ type: z.literal("error"), id, code, message: z.string() }),
  z.strictObject({ type: z.literal("progress"), id, done: z.int(), total: z.int() }),
  z.strictObject({ type: z.literal("confirm"), id, ask: z.int(), facts: factsSchema }),
  z.strictObject({ type: z.literal("heard"), heard: heardSchema }),
  // The system's clipboard is main's alone to use.
  z.strictObject({ type: z.literal("clipboard"), ask: z.int(), wish: clipboardWishSchema }),
]);
export type FromExecutor = z.infer<typeof fromExecutorSchema>;

/** Reads a message; throws a ComputerError that names the field. Both sides are built together: a bad message is a defect. */
export function readMessage<T>(schema: z.ZodType<T>, message: unknown): T {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ComputerError(
    "unsupported",
    `A message between the app and its executor is malformed: ${issue?.path.join(".")}: ${issue?.message}`,
  );
}
