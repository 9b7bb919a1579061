/** Which stored pictures an event names. */
import { assertNever } from "../../shared/assert-never.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Json } from "../../shared/jcs.ts";
import type { SessionEvent } from "../../shared/session-event.ts";

/**
 * The SHA-256 of every picture an event names, without repeats. Only the fields that are ours are looked at: what
 * Claude wrote may hold anything, and a `sha256` in there is not a picture.
 */
export function imagesOf(event: SessionEvent): readonly string[] {
  return [...new Set(named(event))];
}

function named(event: SessionEvent): readonly string[] {
  switch (event.type) {
    case "turn.started":
      return [
        ...hashes(event.body.screenshot),
        ...event.body.appended.flatMap((message) => inContent(message.content)),
      ];
    case "action.proposed":
    case "action.returned":
      return hashes(event.body.proposal.screenshot, event.body.proposal.now);
    case "action.finished":
      return hashes(event.body.after, event.body.image);
    case "takeover.ended":
      return hashes(event.body.after);
    case "session.started":
    case "session.paused":
    case "session.resumed":
    case "session.stopping":
    case "session.ended":
    case "turn.finished":
    case "turn.failed":
    case "api.retrying":
    case "action.started":
    case "action.interrupted":
    case "policy.evaluated":
    case "decision.made":
    case "decision.refused":
    case "decision.withdrawn":
    case "takeover.started":
    case "capture.paused":
    case "capture.resumed":
    case "note.added":
    case "secret.marked":
    case "limit.reached":
    case "lease.changed":
    case "policy.changed":
    case "display.changed":
      return [];
    default:
      return assertNever(event);
  }
}

function hashes(...refs: readonly (ImageRef | null)[]): readonly string[] {
  return refs.flatMap((ref) => (ref === null ? [] : [ref.sha256]));
}

/** Pictures of a message's content: image blocks, and image blocks inside tool_results. */
function inContent(content: Json): readonly string[] {
  if (!isList(content)) return [];
  return content.flatMap((block) => {
    if (!isObject(block)) return [];
    if (block.type === "tool_result") return inContent(block.content ?? null);
    const source = block.source;
    if (block.type !== "image" || !isObject(source) || source.type !== "blob") return [];
    return typeof source.sha256 === "string" ? [source.sha256] : [];
  });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
