/** Every table of errors for the operator: what happened, then what to do, in words that docs/GLOSSARY.md or everyone knows. */

import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { expect, test } from "vitest";
import { sentence } from "../shared/sentence.ts";
import { MalformedReply } from "./claude/reply.ts";
import { failureOf, NoApiKey, NoSummary, NotAnEventStream, StreamCut, StreamErrorEvent } from "./claude/turn-error.ts";
import { blackWords, deniedWords } from "./computer/capture-words.ts";
import { DesktopError } from "./desktop/desktop-error.ts";
import { REFUSAL_WORDS } from "./gate/gate.ts";
import { journalError } from "./journal/errors.ts";

function coded(code: string): Error {
  return Object.assign(new Error(`it ended with ${code}`), { code });
}

function ofClaude(): readonly string[] {
  const context = { baseUrl: "https://api.anthropic.com", apiKey: null, now: 0, proxy: null };
  const statuses = [300, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 503, 529];
  const codes = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNRESET",
    "EPIPE",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
  ];
  const causes = [...codes, "CERT_HAS_EXPIRED", "EOTHER"].map(coded);
  const proxies = [403, 407].map((status) => new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`));
  const thrown = [
    ...statuses.map((status) =>
      APIError.generate(status, { type: "error", error: { type: "x", message: "no" } }, undefined, new Headers()),
    ),
    ...[...causes, ...proxies].map((cause) => new APIConnectionError({ cause })),
    new NoApiKey(),
    new NoSummary(),
    new NotAnEventStream(200, "text/html"),
    new StreamCut("the connection was lost"),
    new StreamErrorEvent(JSON.stringify({ error: { type: "overloaded_error", message: "busy" } })),
    new MalformedReply("two tool_use blocks have the same id"),
    new Error("it can't be sent"),
  ];
  return [context, { ...context, proxy: "http://proxy:3128" }].flatMap((where) =>
    thrown.map((each) => {
      const { message, advice } = failureOf(each, where).error;
      expect(advice, message).toMatch(/^[A-Z].*\.$/);
      return `${sentence(message)} ${advice}`;
    }),
  );
}

const DESKTOP_CODES = ["command", "server", "window_manager", "program"] as const;
const FILE_CODES = ["ENOSPC", "EROFS", "EACCES", "ENOENT", "EIO"];
const SQLITE_CODES = [5, 8, 11, 13, 26];

const TABLES: Readonly<Record<string, readonly string[]>> = {
  "the gate": Object.values(REFUSAL_WORDS),
  Claude: ofClaude(),
  "a desktop": DESKTOP_CODES.map((code) => new DesktopError(code, "The program ended at once").message),
  "the record": [
    ...FILE_CODES.map((code) => journalError(coded(code), "Writing the journal").message),
    ...SQLITE_CODES.map((errcode) => {
      const error = Object.assign(new Error("no"), { errcode });
      return journalError(error, "Writing the journal").message;
    }),
  ],
  "a picture": (["linux", "darwin", "win32"] as const).flatMap((system) => [blackWords(system), deniedWords(system)]),
};

/** Words of the code, or of no one; what the API or the system said is not ours and not in these samples. */
const JARGON =
  /\b(undefined|null|object|Error|executor|renderer|main process|IPC|SSE|Messages API|schema|payload|regex|blob|fold|member|stream|exception|chord)\b/;

test.each(Object.entries(TABLES))("errors of %s: whole sentences, something to do, no jargon", (_of, texts) => {
  expect(texts.length).toBeGreaterThan(3);
  for (const text of texts) {
    expect(text).toMatch(/^[A-Z].*\.$/s);
    // What happened, and after that what to do, or that nothing is lost.
    expect(text.split(/[.:;,] /).length, text).toBeGreaterThan(1);
    expect(text).not.toMatch(JARGON);
    expect(text).not.toMatch(/ {2}|\.\.(?!\.)|: *$/);
  }
});
