/**
 * The form of every event, for records that come from elsewhere: whoever reads a session folds and shows its events
 * without looking twice, so an import looks once, before it takes anything. Fields a newer program adds are let be.
 */
import { z } from "zod";
import { actionSchema } from "./action.ts";
import { issueWords } from "./issue-words.ts";
import { EFFORTS, TOOL_VERSIONS } from "./model.ts";
import { confinedSchema, homeSchema } from "./own-desktop.ts";
import { modeSchema } from "./policy/format.ts";
import { type EventType, RETURN_REASONS, type SessionEvent } from "./session-event.ts";

const text = z.string();
const words = text.nullable();
const whole = z.int().min(0);
const amount = z.number();
const id = z.string().min(1);
const hash = z.string().regex(/^[0-9a-f]{64}$/, { error: "must be a SHA-256 in lower-case hex" });
const instant = z.iso.datetime({ precision: 3, error: "must be a time like 2026-11-21T10:00:00.000Z" });

const side = z.int().min(1).max(100_000);
const size = z.looseObject({ w: side, h: side });
const point = z.tuple([amount, amount]);
const image = z.looseObject({ sha256: hash, w: side, h: side });
const display = z.looseObject({ x: amount, y: amount, w: amount, h: amount, scale: amount });

/** Typed text that was kept out of the record (redact.ts). */
const redacted = z.strictObject({ redacted: z.literal(true), length: whole });
const action = z.union([
  actionSchema,
  z.strictObject({ action: z.literal("type"), text: redacted }),
  // A key's name that is the same text.
  z.looseObject({ action: z.enum(["key", "hold_key"]), text: z.string().regex(/^•+$/) }),
]);

const window = z.looseObject({ id: amount, pid: amount.nullable(), class: text, title: text });
const rect = z.looseObject({ x: amount, y: amount, w: amount, h: amount });
const seenWindow = window.extend({ exe: words, bounds: rect.nullable() }).nullable();
const control = z.looseObject({ name: text, role: text, password: z.boolean(), bounds: rect.nullable() }).nullable();

const proposal = z.looseObject({
  id,
  rev: whole,
  turn: whole,
  index: whole,
  toolUseId: text,
  action,
  original: action.nullable(),
  screenshot: image,
  now: image.nullable(),
  display,
  window: window.nullable(),
  target: window.nullable(),
  windows: z.looseObject({ focus: seenWindow, points: z.array(seenWindow) }).optional(),
  password: z.boolean().optional(),
  controls: z.array(control).optional(),
  focusControl: control.optional(),
  cursor: point.nullable(),
});

const where = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("own"),
    size,
    programs: z.array(text),
    home: homeSchema.optional(),
    confined: confinedSchema.nullable().optional(),
  }),
  z.looseObject({ kind: z.literal("this"), monitor: words }),
]);
const limit = amount.nullable();
const config = z.looseObject({
  task: text,
  model: text,
  toolVersion: z.enum(TOOL_VERSIONS),
  effort: z.enum(EFFORTS).nullable(),
  onePerTurn: z.boolean(),
  where,
  mode: modeSchema,
  limits: z.looseObject({ steps: limit, minutes: limit, usd: limit }),
  operator: z.boolean(),
  practice: z.boolean(),
  baseUrl: words,
});
const desktop = z.looseObject({ display: words, pids: z.array(whole) });

const call = z.looseObject({
  toolUseId: text,
  name: text,
  input: z.unknown(),
  parsed: z.union([z.strictObject({ action }), z.strictObject({ error: text })]),
});
const message = z.looseObject({ role: z.enum(["user", "assistant"]), content: z.unknown() });
const usage = z.looseObject({ input: amount, output: amount, cacheWrite: amount, cacheRead: amount });

const effect = z.enum(["allow", "ask", "deny"]);
const leaseAmounts = z.looseObject({ actions: limit, minutes: limit, costUsd: limit, consecutive: limit });
const leaseState = z.enum(["active", "suspended", "ended"]);
const verdict = z.looseObject({
  effect,
  rule: words,
  reason: text,
  explanation: text,
  looks: z.array(z.looseObject({ rule: text, effect, matched: z.boolean(), why: text })).optional(),
  lease: z.looseObject({ state: leaseState, why: words, left: leaseAmounts }).optional(),
});

const decision = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("approve") }),
  z.looseObject({ kind: z.literal("edit"), action }),
  z.looseObject({ kind: z.literal("reject"), reason: words }),
  z.looseObject({ kind: z.literal("take_over") }),
]);
const by = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("operator") }),
  z.looseObject({ kind: z.literal("policy"), rule: words }),
]);

const endReason = z.enum([
  "finished",
  "stopped",
  "limit",
  "api_error",
  "refused",
  "error",
  "app_closed",
  "interrupted",
]);
const outcome = z.enum([
  "done",
  "failed",
  "rejected",
  "denied",
  "nobody",
  "watch",
  "skipped",
  "invalid",
  "taken_over",
  "interrupted",
]);
const returnReason = z.enum(RETURN_REASONS);
const errorKind = z.enum([
  "auth",
  "permission",
  "not_found",
  "invalid_request",
  "too_large",
  "rate_limit",
  "overloaded",
  "server",
  "network",
  "stream_cut",
  "protocol",
]);

const BODIES: { readonly [T in EventType]: z.ZodType } = {
  "session.started": z.looseObject({ config, system: text, app: text, platform: text, display, space: size, desktop }),
  "session.paused": z.looseObject({
    why: z.enum(["operator", "limit", "person", "error", "display", "capture", "away", "desktop"]),
    detail: words,
  }),
  "session.resumed": z.looseObject({ desktop: desktop.optional() }),
  "session.stopping": z.looseObject({ why: endReason }),
  "session.ended": z.looseObject({ reason: endReason, detail: words }),
  "turn.started": z.looseObject({ turn: whole, appended: z.array(message), screenshot: image.nullable() }),
  "turn.finished": z.looseObject({
    turn: whole,
    message: z.unknown(),
    contentText: text.optional(),
    stopReason: words,
    calls: z.array(call),
    thinking: text,
    text,
    usage,
    costUsd: amount.nullable(),
    durationMs: amount,
  }),
  "turn.failed": z.looseObject({
    turn: whole,
    error: z.looseObject({ kind: errorKind, status: amount.nullable(), message: text, advice: text }),
    attempts: whole,
  }),
  "api.retrying": z.looseObject({ turn: whole, attempt: whole, reason: text, until: instant.nullable() }),
  "action.proposed": z.looseObject({ proposal }),
  "action.returned": z.looseObject({ proposal, reason: returnReason, detail: text }),
  "action.started": z.looseObject({ proposal: id, rev: whole, action }),
  "action.finished": z.looseObject({
    proposal: id,
    turn: whole,
    index: whole,
    toolUseId: text,
    outcome,
    text,
    isError: z.boolean(),
    after: image.nullable(),
    image: image.nullable(),
    cursor: point.nullable(),
    durationMs: amount,
  }),
  "action.interrupted": z.looseObject({ proposal: id, detail: text }),
  "policy.evaluated": z.looseObject({ proposal: id, rev: whole, at: z.enum(["proposed", "precheck"]), verdict }),
  "decision.made": z.looseObject({ proposal: id, rev: whole, digest: text, decision, by, latencyMs: amount }),
  "decision.refused": z.looseObject({ proposal: text, reason: text, count: whole }),
  "decision.withdrawn": z.looseObject({ proposal: id, rev: whole, reason: text }),
  "takeover.started": z.looseObject({ proposal: words }),
  "takeover.ended": z.looseObject({ note: words, after: image.nullable() }),
  "capture.paused": z.looseObject({}),
  "capture.resumed": z.looseObject({}),
  "note.added": z.looseObject({ text }),
  "secret.marked": z.looseObject({ proposal: words }),
  "limit.reached": z.looseObject({ limit: z.enum(["steps", "minutes", "usd"]), value: amount }),
  "lease.changed": z.looseObject({
    state: leaseState,
    why: words.optional(),
    granted: leaseAmounts.optional(),
    restarted: z.boolean().optional(),
  }),
  "policy.changed": z.looseObject({ mode: modeSchema, why: text }),
  "display.changed": z.looseObject({ display, space: size }),
};

const timed = z.looseObject({ ts: instant });

/** What of an event is not of its type's form, by its path in the body: `calls[0].name: expected a text, got 5`; or null. */
export function eventProblem(event: SessionEvent): string | null {
  if (!Object.hasOwn(BODIES, event.type)) return `type: there is no event ${JSON.stringify(event.type)}`;
  const at = timed.safeParse(event);
  if (!at.success) return issueWords(at.error, event, "ts");
  const body = BODIES[event.type].safeParse(event.body);
  return body.success ? null : issueWords(body.error, event.body, "body");
}
