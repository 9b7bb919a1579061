/** A turn as a storyboard: where each action stands, and what approving ahead sends. Pure, but for the digests. */
import { type Action, describe, pointsOf } from "../../shared/action.ts";
import { plannedProposal } from "../../shared/batch.ts";
import type { Point } from "../../shared/geometry.ts";
import type { DecideBatchRequest } from "../../shared/ipc.ts";
import type { Proposal } from "../../shared/session-event.ts";
import type { StepStatus, StepView } from "../../shared/session-view.ts";
import { digestOfCard } from "./digest.ts";

/** A step's status, and two that only a turn in progress knows: approved ahead, and back at the gate. */
export type ChipStatus = StepStatus | "approved" | "returned";

/** Most steps that one request can approve (`decideBatchSchema`). */
const MOST_STEPS = 200;

export function chipStatus(step: StepView): ChipStatus {
  if (step.status === "deciding" && step.returned.length > 0) return "returned";
  if (step.status === "upcoming" && step.decision?.decision.kind === "approve") return "approved";
  return step.status;
}

/** What a step would do or did: what ran, else what stands at the gate, else what Claude asked for; null if unreadable. */
export function actionOf(step: StepView): Action | null {
  const { parsed } = step.call;
  return step.executed ?? step.proposal?.action ?? ("action" in parsed ? parsed.action : null);
}

const PLACE = / (?:at the cursor|(?:at|to|into|from) \d[\d, ]*(?: to \d[\d, ]*)?)$/;

/** A sentence in two: what is done, and its place, which the chip's picture shows. */
export function splitSentence(action: Action): readonly [what: string, place: string] {
  const sentence = describe(action);
  const place = action.action === "type" ? "" : (PLACE.exec(sentence)?.[0] ?? "");
  return [sentence.slice(0, sentence.length - place.length), place];
}

/**
 * Claude's cursor as it will be when `step` begins, if all before it run as asked: the last point one of them names,
 * else where it is now. `steps` are the turn's; px in screenshot space.
 */
export function cursorBefore(steps: readonly StepView[], step: StepView, now: Point | null): Point | null {
  if (step.proposal !== null) return step.proposal.cursor;
  let cursor = now;
  for (const earlier of steps) {
    if (earlier.index >= step.index) break;
    const action = actionOf(earlier);
    const open = earlier.status === "deciding" || earlier.status === "upcoming" || earlier.status === "executing";
    if (action !== null && open) cursor = pointsOf(action).at(-1)?.[1] ?? cursor;
  }
  return cursor;
}

/**
 * What approving the waiting proposal and `ahead`, the steps that follow it, sends: the card's own digest first, then
 * the digest of each step as the storyboard shows it.
 */
export async function batchRequest(
  session: string,
  waiting: Proposal,
  cardDigest: string,
  ahead: readonly StepView[],
): Promise<DecideBatchRequest> {
  const planned = ahead
    .slice(0, MOST_STEPS - 1)
    .map((step) => plannedProposal(waiting, step))
    .filter((proposal) => proposal !== null);
  const steps = await Promise.all(
    planned.map(async (proposal) => ({ proposal: proposal.id, digest: await digestOfCard(session, proposal) })),
  );
  return { session, rev: waiting.rev, steps: [{ proposal: waiting.id, digest: cardDigest }, ...steps] };
}
