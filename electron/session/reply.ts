import { REFUSAL_WORDS, type Refusal } from "../gate/gate.ts";

/** The answer to something the operator asked for. */
export type Reply = { readonly ok: true } | { readonly ok: false; readonly error: string };

export const OK: Reply = { ok: true };
export const ENDED = { ok: false, error: "The session has ended." } as const satisfies Reply;

/** What the gate answered, in words. */
export function gateReply(refusal: Refusal | null): Reply {
  return refusal === null ? OK : { ok: false, error: REFUSAL_WORDS[refusal] };
}

/** What was wrong, in words, or that nothing was. */
export function replyOf(problem: string | null): Reply {
  return problem === null ? OK : { ok: false, error: problem };
}
