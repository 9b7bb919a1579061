import type { Action } from "./action.ts";
import type { Display, Point } from "./geometry.ts";
import { canonicalJson } from "./jcs.ts";
import type { Proposal } from "./session-event.ts";

/** A window of the controlled desktop; `bounds` are physical px of the desktop. */
export type WindowInfo = {
  readonly id: number;
  readonly pid: number | null;
  /** WM_CLASS (the class part); empty when the window has none. */
  readonly class: string;
  readonly title: string;
};

/** A stored picture: its content's SHA-256 (lower-case hex) and its size in px. */
export type ImageRef = { readonly sha256: string; readonly w: number; readonly h: number };

/** All that an operator is shown of a proposal and that a decision is bound to. */
export type DigestInput = {
  readonly session: string;
  readonly proposal: string;
  readonly rev: number;
  readonly action: Action;
  /** What Claude saw. */
  readonly screenshot: ImageRef;
  /** The picture of *now* beside it, when one is shown. */
  readonly now: string | null;
  readonly display: Display;
  /** The window in front when the proposal was made. */
  readonly window: WindowInfo | null;
  /** Claude's cursor, px in screenshot space; null before it has one. */
  readonly cursor: Point | null;
};

/** What a card of this proposal shows, and so what a decision on it is bound to. */
export function digestInputOf(session: string, proposal: Proposal): DigestInput {
  return {
    session,
    proposal: proposal.id,
    rev: proposal.rev,
    action: proposal.action,
    screenshot: proposal.screenshot,
    now: proposal.now?.sha256 ?? null,
    display: proposal.display,
    window: proposal.window,
    cursor: proposal.cursor,
  };
}

/** Hashes a text (as UTF-8) to lower-case hex; the caller brings it (Node's or the browser's). */
export type Sha256 = (text: string) => string | Promise<string>;

/** The bytes (as text) that the digest covers: RFC 8785 JSON of exactly these fields. */
export function digestText(input: DigestInput): string {
  const { x, y, w, h, scale } = input.display;
  const window =
    input.window === null
      ? null
      : { id: input.window.id, pid: input.window.pid, class: input.window.class, title: input.window.title };
  return canonicalJson({
    v: 1,
    session: input.session,
    proposal: input.proposal,
    rev: input.rev,
    action: input.action,
    screenshot: { sha256: input.screenshot.sha256, w: input.screenshot.w, h: input.screenshot.h },
    now: input.now,
    display: { x, y, w, h, scale },
    window,
    cursor: input.cursor,
  });
}

/** SHA-256 of what is displayed; a decision that carries another digest is refused. */
export async function digestOf(input: DigestInput, sha256: Sha256): Promise<string> {
  return await sha256(digestText(input));
}
