/**
 * Holds one proposal until it is decided. A decision names the proposal, its revision and the digest of what was
 * displayed; anything else is refused and counted. It settles exactly once, and never by itself: silence is no.
 */
import { type DigestInput, digestText } from "../../shared/digest.ts";
import type { Given } from "../../shared/ipc.ts";
import type { Decision } from "../../shared/session-event.ts";

/** Why a decision did not count. */
export type Refusal =
  | "nothing_waits"
  | "other_proposal"
  | "old_revision"
  | "digest_mismatch"
  | "not_shown"
  | "not_armed"
  | "not_held"
  | "no_hand"
  | "paused";

/** Words for the person whose decision did not count. */
export const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  nothing_waits: "Nothing waits for a decision any more, so this one did not count.",
  other_proposal: "This decision is for another proposal; decide on what is shown now.",
  old_revision: "The proposal has changed since; decide on what is shown now.",
  digest_mismatch: "What was displayed is not what would run; look at the card again, then decide.",
  not_shown: "The card has not been shown yet; look at it first, then decide.",
  not_armed: "The card has only just appeared; look first, then decide.",
  not_held: "This is risky: hold Approve until it is full, or press Approve and then Confirm.",
  no_hand:
    "No mouse or keyboard was touched just before this decision, so it did not count. If you use an on-screen keyboard or a remote desktop tool, allow it in Settings.",
  paused: "The session is paused; resume it first.",
};

export type DecisionRequest = {
  readonly proposal: string;
  readonly rev: number;
  readonly digest: string;
  readonly decision: Decision;
  /** Absent: `pressed`. */
  readonly given?: Given | undefined;
};

/** A decision that counted. */
export type Settled = { readonly decision: Decision; readonly digest: string; readonly latencyMs: number };

type Pending = {
  readonly input: DigestInput;
  readonly digest: string;
  readonly since: number;
  readonly settle: (settled: Settled | null) => void;
  shownAt: number | null;
  /** When Approve began to be held, or was pressed to be confirmed. */
  pressedAt: number | null;
};

/** All in ms. */
export type GateDelays = {
  /** From a card's paint until it can be decided. */
  readonly armingMs: number;
  /** How long Approve is held for something risky. */
  readonly holdMs: number;
  /** Longest time from Approve to Confirm. */
  readonly confirmMs: number;
};

export type GateOptions = {
  readonly now: () => number;
  /** SHA-256 of a text, lower-case hex. */
  readonly sha256: (text: string) => string;
  /** Asked at each decision: the operator may change them meanwhile. */
  readonly delays: () => GateDelays;
  /**
   * Whether a person's own device was used just before now: on the operator's own desktop a decision through the window
   * needs that, since other programs there can synthesise clicks.
   */
  readonly isHandNear: () => boolean;
  /** Told once per proposal and reason, when the proposal leaves the gate or the session ends. */
  readonly onRefused: (proposal: string, reason: Refusal, count: number) => void;
};

/** At most this many different proposals are kept in the count of refusals, so that a flood stays small. */
const MAX_COUNTED = 8;

export class Gate {
  readonly #options: GateOptions;
  readonly #refused = new Map<string, Map<Refusal, number>>();
  #pending: Pending | null = null;
  #suspended = false;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Puts a proposal at the gate and waits. Resolves with the one decision that counted, or null when it was withdrawn.
   * Throws when another one is waiting: a session decides one at a time.
   */
  async present(input: DigestInput): Promise<Settled | null> {
    if (this.#pending !== null) throw new Error(`proposal ${this.#pending.input.proposal} still waits`);
    const digest = this.#options.sha256(digestText(input));
    return await new Promise((resolve) => {
      this.#pending = { input, digest, since: this.#options.now(), settle: resolve, shownAt: null, pressedAt: null };
    });
  }

  /** The window says that the card of exactly this revision has been painted: its arming delay begins. */
  shown(proposal: string, rev: number, digest: string): Refusal | null {
    const pending = this.#pending;
    if (pending === null) return "nothing_waits";
    const wrong = mismatch(pending, proposal, rev, digest);
    if (wrong !== null) return wrong;
    pending.shownAt ??= this.#options.now();
    return null;
  }

  /** Approve has begun to be held, or was pressed and is to be confirmed: an approval of something risky is measured from here. */
  pressed(proposal: string, rev: number, digest: string): Refusal | null {
    const pending = this.#pending;
    if (pending === null) return "nothing_waits";
    const refusal = this.#judge(pending, { proposal, rev, digest });
    if (refusal === null) pending.pressedAt = this.#options.now();
    return refusal;
  }

  /** The window was reloaded, closed or hidden: nothing counts until the card has been painted again. */
  unshow(): void {
    if (this.#pending === null) return;
    this.#pending.shownAt = null;
    this.#pending.pressedAt = null;
  }

  /** While suspended (paused, input being synthesised) no decision counts. Afterwards the card has to be shown anew. */
  suspend(on: boolean): void {
    this.#suspended = on;
    this.unshow();
  }

  /**
   * Settles the pending proposal when the request is for exactly what is displayed; otherwise says why not.
   * @param risky whether what would run takes more than a press
   */
  decide(request: DecisionRequest, risky = false): Refusal | null {
    return this.#decide(request, risky, () => this.#options.isHandNear());
  }

  /**
   * Settles the pending proposal by a chord: keys of a person's device, heard below all programs, meant for what is displayed.
   * Approving something risky takes the chord twice, like Approve and Confirm.
   */
  decideByChord(decision: Decision, risky: boolean): Refusal | null {
    const waiting = this.#pending;
    if (waiting === null) return "nothing_waits";
    const { proposal, rev } = waiting.input;
    const shown = { proposal, rev, digest: waiting.digest };
    const refusal = this.#decide({ ...shown, decision, given: "confirmed" }, risky, () => true);
    if (refusal === "not_held") this.pressed(proposal, rev, waiting.digest);
    return refusal;
  }

  #decide(request: DecisionRequest, risky: boolean, isHandNear: () => boolean): Refusal | null {
    const waiting = this.#pending;
    const refusal =
      waiting === null
        ? "nothing_waits"
        : (this.#judge(waiting, request) ??
          (risky ? this.#meant(waiting, request) : null) ??
          (isHandNear() ? null : "no_hand"));
    if (refusal !== null) {
      this.#count(request.proposal, refusal);
      return refusal;
    }
    const pending = this.#take();
    if (pending === null) return "nothing_waits";
    const latencyMs = Math.round(this.#options.now() - (pending.shownAt ?? pending.since));
    pending.settle({ decision: request.decision, digest: pending.digest, latencyMs });
    return null;
  }

  /** Takes the proposal away undecided. */
  withdraw(): void {
    this.#take()?.settle(null);
  }

  /** Reports the refusals counted so far. */
  flush(): void {
    const counted = [...this.#refused];
    this.#refused.clear();
    for (const [proposal, reasons] of counted) {
      for (const [reason, count] of reasons) this.#options.onRefused(proposal, reason, count);
    }
  }

  #judge(pending: Pending, request: Pick<DecisionRequest, "proposal" | "rev" | "digest">): Refusal | null {
    const wrong = mismatch(pending, request.proposal, request.rev, request.digest);
    if (wrong !== null) return wrong;
    if (this.#suspended) return "paused";
    if (pending.shownAt === null) return "not_shown";
    const now = this.#options.now();
    // A clock that was set back would otherwise hold the card for hours: the delay begins again.
    if (now < pending.shownAt) pending.shownAt = now;
    if (now - pending.shownAt < this.#options.delays().armingMs) return "not_armed";
    return null;
  }

  /** Whether an approval of something risky was held, or confirmed; a rejection or take-over needs neither. */
  #meant(pending: Pending, { decision, given }: DecisionRequest): Refusal | null {
    if (decision.kind !== "approve" && decision.kind !== "edit") return null;
    const { armingMs, holdMs, confirmMs } = this.#options.delays();
    const since = pending.pressedAt === null ? -1 : this.#options.now() - pending.pressedAt;
    // Confirm takes as long to arm as the card did, so that a double click is no confirmation.
    const meant =
      (given === "held" && since >= holdMs) || (given === "confirmed" && since >= armingMs && since <= confirmMs);
    return meant ? null : "not_held";
  }

  #count(proposal: string, reason: Refusal): void {
    const key = this.#refused.has(proposal) || this.#refused.size < MAX_COUNTED ? proposal : "others";
    const reasons = this.#refused.get(key) ?? new Map<Refusal, number>();
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    this.#refused.set(key, reasons);
  }

  #take(): Pending | null {
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }
}

function mismatch(pending: Pending, proposal: string, rev: number, digest: string): Refusal | null {
  if (proposal !== pending.input.proposal) return "other_proposal";
  if (rev !== pending.input.rev) return "old_revision";
  if (digest !== pending.digest) return "digest_mismatch";
  return null;
}
