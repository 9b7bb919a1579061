/** Which pictures of the desktop there are to choose from, and what each choice shows. */

/** What Claude saw; what the precheck found; what is there while you look. */
type Part = "saw" | "now" | "live";
export type Side = Part | "both";

export const LABELS: Readonly<Record<Side, string>> = {
  now: "Now",
  saw: "Claude saw",
  live: "Live",
  both: "Side by side",
};

/** The choices in the order the key goes through them, the first one shown at first; none where there is nothing to choose. */
export function sidesOf(has: {
  readonly now: boolean;
  readonly live: boolean;
  readonly waits: boolean;
}): readonly Side[] {
  if (has.live && !has.waits) return [];
  if (has.now) return has.live ? ["now", "saw", "live", "both"] : ["now", "saw", "both"];
  return has.live ? ["saw", "live", "both"] : [];
}

/** Beside what Claude saw stands what its action would land on: what the precheck found, as far as the card is about that. */
export function shownOn(side: Side, now: boolean): readonly Part[] {
  if (side !== "both") return [side];
  return ["saw", now ? "now" : "live"];
}
