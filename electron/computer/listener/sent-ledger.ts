/**
 * What we have synthesised and not yet heard back. The server echoes every XTEST event of ours as a raw event of its XTEST
 * devices; what such a device does beyond that is another program's, and counts as a person. Pure.
 */

/** An event whose echo has not come after this long never makes one, ms: it must not excuse another's. */
const FORGET = 5000;

export type SentEvent = {
  readonly kind: "key" | "button" | "motion";
  /** Keycode or button; 0 for a motion. */
  readonly code: number;
  readonly down: boolean;
};

export class SentLedger {
  readonly #open = new Map<string, number[]>();

  /** Notes an event right before it is sent; `now` in ms. */
  sent(event: SentEvent, now: number): void {
    const key = keyOf(event);
    this.#open.set(key, [...this.#fresh(key, now), now]);
  }

  /** Whether an event of an XTEST device is the echo of one of ours; each of ours has one echo. */
  isEcho(event: SentEvent, now: number): boolean {
    const key = keyOf(event);
    const [first, ...rest] = this.#fresh(key, now);
    if (rest.length === 0) this.#open.delete(key);
    else this.#open.set(key, rest);
    return first !== undefined;
  }

  #fresh(key: string, now: number): number[] {
    return (this.#open.get(key) ?? []).filter((at) => now - at < FORGET);
  }
}

function keyOf({ kind, code, down }: SentEvent): string {
  return `${kind} ${code} ${down}`;
}
