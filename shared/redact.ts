/**
 * Keeping typed text out of the record. From the moment the operator marks it secret, an event is written with
 * `{redacted: true, length}` where an action's typed text was, without Claude's raw words, without the digest (a short
 * text could be guessed from it), and with the text gone from every other place it is repeated in.
 */
import { describe } from "./action.ts";
import type { Json } from "./jcs.ts";
import type { EventBodies, EventType, SessionEvent } from "./session-event.ts";
import { showText } from "./visible-text.ts";

/** What stands for a text that was kept out; `length` in characters. */
export type Redacted = { readonly redacted: true; readonly length: number };

/** An event before it has a place in the chain. */
type Unplaced = { readonly type: EventType; readonly body: EventBodies[EventType] };

/** Shorter texts are too common to be looked for inside others. */
const SEEKABLE = 4;

/** Fields that hold words of the format, or ids: a typed `done` must not take the outcome with it. */
const FORMAT: ReadonlySet<string> = new Set(
  "action at effect effort id kind limit outcome proposal role scroll_direction sha256 state toolUseId toolVersion type".split(
    " ",
  ),
);
/** Fields that do so in these events only. */
const OWN_WORD: { readonly [T in EventType]?: string } = {
  "action.returned": "reason",
  "session.ended": "reason",
  "session.paused": "why",
  "session.stopping": "why",
};

/** Every text that an event's `type` actions hold. */
export function typedTexts(body: unknown): readonly string[] {
  if (Array.isArray(body)) return body.flatMap(typedTexts);
  if (typeof body !== "object" || body === null) return [];
  const own = isTyping(body) ? [body.text] : [];
  return [...own, ...Object.values(body).flatMap(typedTexts)];
}

/** The event as it is written once typed text is secret. @param secrets texts to look for in every other field */
export function redactEvent<T extends Unplaced>(event: T, secrets: ReadonlySet<string>): T {
  const body = scrub(withoutRaw(event) as Json, secrets);
  const own = OWN_WORD[event.type];
  const given = event.body as unknown as Readonly<Record<string, Json>>;
  return { ...event, body: own === undefined ? body : { ...(body as object), [own]: given[own] ?? null } };
}

/** An event for readers: bullets, as many as there were characters, where a text was kept out. */
export function legible<T extends SessionEvent>(event: T): T {
  return hasRedacted(event.body) ? { ...event, body: bulleted(event.body as unknown as Json) } : event;
}

function withoutRaw(event: Unplaced): unknown {
  switch (event.type) {
    case "turn.finished": {
      const { contentText: _, ...body } = event.body as EventBodies["turn.finished"];
      // What Claude called is there as it was read; its input as it came could hold the text in any form.
      const calls = body.calls.map((call) => {
        const typing = typedTexts(call.parsed).length > 0 || call.name === "type" || isTyping(call.input);
        return typing ? { ...call, input: { redacted: true } } : call;
      });
      return { ...body, message: { redacted: true }, calls };
    }
    case "decision.made":
      return { ...event.body, digest: "" };
    default:
      return event.body;
  }
}

function scrub(value: Json, secrets: ReadonlySet<string>): Json {
  if (typeof value === "string") return scrubText(value, secrets);
  if (isList(value)) return value.map((item) => scrub(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, item]) => {
    if (key === "text" && isTyping(value)) return [key, redactedText(value.text)];
    return FORMAT.has(key) && typeof item === "string" ? [key, item] : [key, scrub(item, secrets)];
  });
  return Object.fromEntries(fields) as Json;
}

/** The text where it stands whole, or inside another: as it is, as sentences show it, as JSON quotes it. */
function scrubText(text: string, secrets: ReadonlySet<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === "") continue;
    if (clean === secret) return bullets(secret);
    if (secret.length < SEEKABLE) continue;
    const hidden = bullets(secret);
    const told = [describe({ action: "type", text: secret }), describe({ action: "type", text: hidden })] as const;
    clean = clean
      .replaceAll(secret, hidden)
      .replaceAll(...told)
      .replaceAll(showText(secret), hidden)
      .replaceAll(JSON.stringify(secret).slice(1, -1), hidden);
  }
  return clean;
}

function redactedText(text: string): Redacted {
  return { redacted: true, length: [...text].length };
}

/** As many bullets as a text has characters: what is shown where one was kept out. */
export function bullets(text: string): string {
  return "•".repeat([...text].length);
}

function bulleted(value: Json): Json {
  if (isList(value)) return value.map(bulleted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, item]) => [
    key,
    isRedacted(item) ? "•".repeat(item.length) : bulleted(item),
  ]);
  return Object.fromEntries(fields) as Json;
}

function hasRedacted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isRedacted(value) || Object.values(value).some(hasRedacted);
}

function isRedacted(value: unknown): value is Redacted {
  return (
    typeof value === "object" &&
    value !== null &&
    "redacted" in value &&
    "length" in value &&
    typeof value.length === "number"
  );
}

function isTyping(value: unknown): value is { readonly action: "type"; readonly text: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "action" in value &&
    value.action === "type" &&
    "text" in value &&
    typeof value.text === "string"
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
