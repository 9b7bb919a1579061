/** When the next attempt begins. Only requests are ever retried; never an action. */

/** Attempts at one turn, the first one counted. */
export const MAX_ATTEMPTS = 8;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** The API may ask for longer than the backoff's limit; beyond this an operator should decide instead. */
const LONGEST_ASKED_MS = 300_000;

/**
 * ms to wait after the `attempt`-th failure (from 1): what the API asked for, else 1 s doubled each time up to 60 s,
 * less up to a quarter by chance, so that clients cut off together don't come back together.
 * @param random 0 <= n < 1
 */
export function waitAfter(attempt: number, retryAfterMs: number | null, random: number): number {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, LONGEST_ASKED_MS);
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.max(FIRST_WAIT_MS, Math.round(full * (1 - random / 4)));
}

/** ms asked for by `retry-after-ms`, or by `retry-after` in seconds or as an HTTP date; null when neither says. */
export function parseRetryAfter(retryAfterMs: string | null, retryAfter: string | null, now: number): number | null {
  const ms = positive(retryAfterMs);
  if (ms !== null) return ms;
  const seconds = positive(retryAfter);
  if (seconds !== null) return seconds * 1_000;
  const date = retryAfter === null ? Number.NaN : Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function positive(header: string | null): number | null {
  if (header === null || !/^\s*\d+(\.\d+)?\s*$/.test(header)) return null;
  return Number(header);
}
