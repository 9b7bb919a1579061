/** What an opened session shows of the user messages: everything that was told Claude besides results. Pure. */
import type { Json } from "../../shared/jcs.ts";
import type { SessionView, StepView, TurnView } from "../../shared/session-view.ts";

export type Told = {
  /** A note or a reply are the operator's own words; `context` is said by the app, when things changed meanwhile. */
  readonly kind: "note" | "reply" | "context";
  readonly text: string;
};

/** Ends of a turn after which the app goes on by itself. */
const GOES_ON: ReadonlySet<string> = new Set(["pause_turn", "compaction"]);

const NOTE = "Note from the operator: ";

/**
 * The texts that a turn's request added, in order. The first turn's is the task, which is shown elsewhere.
 * @param before the turn before it; null for the first
 */
export function toldBefore(turn: TurnView, before: TurnView | null): readonly Told[] {
  if (before === null) return [];
  const blocks = turn.appended
    .filter((message) => message.role === "user")
    .flatMap(({ content }) => (typeof content === "string" ? [{ type: "text", text: content }] : blocksOf(content)));
  // An answer is followed by the operator's reply; results are followed by notes and by what the app has to say.
  const answered = before.calls === 0 && !GOES_ON.has(before.stopReason ?? "") && before.error === null;
  const results = blocks.some((block) => block.type === "tool_result");
  return blocks.flatMap((block): readonly Told[] => {
    if (block.type !== "text" || typeof block.text !== "string") return [];
    if (block.text.startsWith(NOTE)) return [{ kind: "note", text: block.text.slice(NOTE.length) }];
    return [{ kind: answered && !results ? "reply" : "context", text: block.text }];
  });
}

/** The action that was running when a session broke off, and that nobody knows the end of; null when none was. */
export function brokenStep(view: SessionView): StepView | null {
  return view.steps.findLast((step) => step.interrupted !== null || step.status === "executing") ?? null;
}

type Block = { readonly [name: string]: Json };

function blocksOf(content: Json): readonly Block[] {
  if (!Array.isArray(content)) return [];
  return content.filter(
    (block): block is Block => typeof block === "object" && block !== null && !Array.isArray(block),
  );
}
