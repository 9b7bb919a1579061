import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { errorBody } from "./api-error.ts";
import type { SseEvent } from "./reply.ts";
import type { Trouble } from "./script.ts";

type Frame = { readonly text: string; readonly isDelta: boolean };

function frame(event: string, data: string, isDelta = false): Frame {
  return { text: `event: ${event}\ndata: ${data}\n\n`, isDelta };
}

/** One thing to do while a reply is streamed. */
export type Step = Frame | { readonly stall: number } | { readonly cut: true };

const UNKNOWN_BLOCK_INDEX = 90;

/** The frames of a reply with the trouble worked in at its places. */
export function planStream(events: readonly SseEvent[], trouble: readonly Trouble[], requestId: string): Step[] {
  const steps: Step[] = [];
  const insert = (after: number): boolean => {
    for (const each of trouble) {
      const place = each.kind === "unknown_block" ? events.length - 2 : each.after;
      if (place !== after) continue;
      if (each.kind === "cut" && each.bytes === undefined) {
        steps.push({ cut: true });
        return true;
      }
      if (each.kind === "stall") steps.push({ stall: each.ms });
      if (each.kind === "malformed")
        steps.push(frame("content_block_delta", '{"type":"content_block_delta","index":0,"delta":{"ty'));
      if (each.kind === "unknown_event")
        steps.push(frame("weather_report", JSON.stringify({ type: "weather_report", sky: "clear" })));
      if (each.kind === "unknown_delta") {
        const delta = { type: "sparkle_delta", sparkle: "*" };
        steps.push(frame("content_block_delta", JSON.stringify({ type: "content_block_delta", index: 0, delta })));
      }
      if (each.kind === "unknown_block") {
        const index = events.filter(({ data }) => data.type === "content_block_start").length || UNKNOWN_BLOCK_INDEX;
        const block = { type: "hologram", shape: "cube" };
        steps.push(
          frame("content_block_start", JSON.stringify({ type: "content_block_start", index, content_block: block })),
        );
        steps.push(frame("content_block_stop", JSON.stringify({ type: "content_block_stop", index })));
      }
      if (each.kind === "error") {
        steps.push(frame("error", errorBody(each.type, each.message, requestId)));
        return true;
      }
    }
    return false;
  };
  for (const [i, event] of events.entries()) {
    if (insert(i)) return steps;
    steps.push(frame(event.event, JSON.stringify(event.data), event.isDelta));
  }
  insert(events.length);
  return steps;
}

/**
 * Writes the events as an SSE body, `pace` ms between deltas, with the scripted trouble. Ends early, without an error,
 * when the client goes away (`gone`). Returns true when everything planned was written.
 */
export async function sendStream(
  response: ServerResponse,
  events: readonly SseEvent[],
  options: {
    readonly pace: number;
    readonly trouble: readonly Trouble[];
    readonly requestId: string;
    readonly gone: AbortSignal;
  },
): Promise<boolean> {
  const limit = options.trouble.flatMap((each) =>
    each.kind === "cut" && each.bytes !== undefined ? [each.bytes] : [],
  )[0];
  let written = 0;
  for (const step of planStream(events, options.trouble, options.requestId)) {
    if (options.gone.aborted) return false;
    if ("cut" in step) return destroy(response);
    if ("stall" in step) {
      await pause(step.stall, options.gone);
      continue;
    }
    const bytes = Buffer.from(step.text);
    if (limit !== undefined && written + bytes.length > limit) {
      await write(response, bytes.subarray(0, limit - written));
      return destroy(response);
    }
    await write(response, bytes);
    written += bytes.length;
    if (step.isDelta && options.pace > 0) await pause(options.pace, options.gone);
  }
  if (options.gone.aborted) return false;
  response.end();
  return true;
}

/** Waits `ms`, or until the client is gone. */
export async function pause(ms: number, gone: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: gone }).catch(() => undefined);
}

function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}

/** Cuts the connection after what was written so far has left. */
function destroy(response: ServerResponse): false {
  response.socket?.destroySoon();
  return false;
}
