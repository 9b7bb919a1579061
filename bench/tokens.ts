/**
 * What a long session costs: tokens sent, read from the cache, written to it, and the bill at the table's prices, for
 * sessions of one 1280x800 screenshot per step. Ours is the real conversation against the strict practice server, whose
 * caching, clearing and summaries are simulated to the letter of the facts page; the peer is the plain loop: the same
 * messages sent whole each time, with no markers and no clearing. Usage: npm run bench tokens [steps ...]
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { CallResult, SentImage, TurnHooks, UserContent } from "../electron/claude/claude.ts";
import { createConversation } from "../electron/claude/conversation.ts";
import { systemPrompt } from "../electron/claude/system-prompt.ts";
import { factsOf } from "../electron/practice/models.ts";
import { samplePng } from "../electron/practice/sample-request.ts";
import { call, type Script, thinking, turn } from "../electron/practice/script.ts";
import { practiceFetch } from "../electron/practice/test-fetch.ts";
import { countInput } from "../electron/practice/usage.ts";
import { addUsage, chooseModel, costOf, DEFAULT_MODEL, NO_USAGE, type Usage } from "../shared/model.ts";

const SPACE = { w: 1280, h: 800 };
const HEADERS = ["steps", "", "requests", "input", "cache write", "cache read", "output", "USD", "of plain"];
const MODEL = DEFAULT_MODEL;

const choice = chooseModel(MODEL, null);
if (!choice.ok) throw new Error(choice.error);
const setup = {
  model: choice.model,
  toolVersion: choice.toolVersion,
  effort: choice.model.effort,
  onePerTurn: false,
  space: SPACE,
  system: systemPrompt(""),
};
const facts = factsOf(MODEL);
if (facts === null) throw new Error(`${MODEL} is not a model of the practice server`);

function picture(grey: number): SentImage {
  const png = Buffer.from(samplePng(SPACE.w, SPACE.h, grey), "base64");
  return { ref: { sha256: createHash("sha256").update(png).digest("hex"), ...SPACE }, png };
}
const PICTURES = Array.from({ length: 200 }, (_, i) => picture(i + 20));

const script: Script = (_request, n) =>
  turn(
    thinking("The form is as I left it. The next field is empty, so I click into it before I type the amount."),
    call("left_click", { coordinate: [200 + (n % 600), 120 + (n % 500)] }),
  );

const hooks: TurnHooks = {
  onThinking: () => undefined,
  onText: () => undefined,
  onRetry: (_attempt, reason) => {
    throw new Error(reason);
  },
  onAttempt: () => undefined,
  signal: new AbortController().signal,
  cursor: null,
};

type Bill = { readonly requests: number; readonly usage: Usage; readonly usd: number };

/** The session of `steps` clicks as the app runs it. */
async function ours(steps: number): Promise<Bill> {
  const fetch = practiceFetch(script, ({ error }) => {
    if (error !== null) throw new Error(error);
  });
  const deps = { apiKey: () => "bench", baseUrl: "http://127.0.0.1:1", fetch, now: Date.now, random: Math.random };
  const conversation = createConversation(setup, { ...deps, sleep: async () => undefined });
  let next: UserContent = { kind: "task", text: "Fill in the form, field by field.", image: pictureOf(0) };
  let bill: Bill = { requests: 0, usage: NO_USAGE, usd: 0 };
  for (let clicks = 0; clicks < steps; ) {
    conversation.say(next);
    const outcome = await conversation.turn(hooks);
    if (outcome.kind !== "finished") throw new Error(JSON.stringify(outcome));
    const usd = bill.usd + (outcome.costUsd ?? 0);
    bill = { requests: bill.requests + 1, usage: addUsage(bill.usage, outcome.usage), usd };
    if (outcome.stopReason === "compaction") {
      next = { kind: "context", text: "Go on with the task.", image: pictureOf(clicks) };
      continue;
    }
    clicks += 1;
    const results: CallResult[] = outcome.calls.map((each) => {
      return { call: each, text: "Clicked.", isError: false, images: [pictureOf(clicks)] };
    });
    next = { kind: "results", results, notes: [], context: null };
  }
  return bill;
}

/** The same session as a plain loop bills it: all of it as fresh input, every time. */
async function plain(steps: number): Promise<Bill> {
  const body = (messages: readonly unknown[]) => ({
    model: MODEL,
    system: setup.system,
    tools: [{ type: setup.toolVersion }],
    messages,
  });
  const image = (n: number) => ({
    type: "image",
    source: { type: "base64", media_type: "image/png", data: Buffer.from(pictureOf(n).png).toString("base64") },
  });
  const first = { role: "user", content: [{ type: "text", text: "Fill in the form, field by field." }, image(0)] };
  const assistant = (n: number) => ({
    role: "assistant",
    content: [
      { type: "thinking", thinking: "x".repeat(95), signature: "x" },
      {
        type: "tool_use",
        id: `t${n}`,
        name: "left_click",
        toolset_name: "computer",
        input: { coordinate: [200, 120] },
      },
    ],
  });
  const result = (n: number) => ({
    role: "user",
    content: [{ type: "tool_result", tool_use_id: `t${n}`, content: [{ type: "text", text: "Clicked." }, image(n)] }],
  });
  if (facts === null) throw new Error("no facts");
  const before = countInput(body([first]), facts);
  const step = countInput(body([first, assistant(1), result(1)]), facts) - before;
  const each = await ours(1);
  const input = Array.from({ length: steps }, (_, n) => before + n * step).reduce((sum, tokens) => sum + tokens, 0);
  const usage = { input, output: each.usage.output * steps, cacheWrite: 0, cacheRead: 0 };
  return { requests: steps, usage, usd: costOf(MODEL, usage) ?? 0 };
}

function pictureOf(n: number): SentImage {
  const found = PICTURES[n % PICTURES.length];
  if (found === undefined) throw new Error("no picture");
  return found;
}

const rows = [HEADERS];
for (const steps of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20, 100, 500]) {
  const [mine, theirs] = [await ours(steps), await plain(steps)];
  const row = (who: string, { requests, usage, usd }: Bill) => [
    String(steps),
    who,
    String(requests),
    ...[usage.input, usage.cacheWrite, usage.cacheRead, usage.output].map((n) => n.toLocaleString("en")),
    usd.toFixed(2),
    `${((100 * usd) / theirs.usd).toFixed(1)} %`,
  ];
  rows.push(row("Countersign", mine), row("plain loop", theirs));
}
const width = (i: number) => Math.max(...rows.map((row) => (row[i] ?? "").length));
console.log(`${MODEL}, ${SPACE.w}x${SPACE.h}`);
for (const row of rows)
  console.log(row.map((cell, i) => (i === 1 ? cell.padEnd(width(i)) : cell.padStart(width(i)))).join("  "));
