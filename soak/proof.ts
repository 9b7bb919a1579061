/** What `npm run soak` runs whole and `npm test` in a sample: something that has to hold however long it goes on. */

export type Proof = {
  readonly name: string;
  /** How much of it `npm run soak` runs, and how much `npm test` (at most some 20 s); the unit is the proof's own. */
  readonly whole: number;
  readonly sample: number;
  /**
   * Resolves with a line of numbers; rejects with what did not hold. The same for the same `seed`.
   * @param tell called with how far it is, now and then
   */
  run(count: number, seed: number, tell: (words: string) => void): Promise<string>;
};

/** Whole numbers from 0 to `limit` (exclusive), the same row for the same seed (a linear congruence, upper bits). */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** The seed given as COUNTERSIGN_SEED, else one of the moment. Throws when what is given is not a number. */
export function seedOf(env: NodeJS.ProcessEnv, now: number): number {
  if (env.COUNTERSIGN_SEED === undefined) return now % 1_000_000;
  const seed = Number(env.COUNTERSIGN_SEED);
  if (!Number.isInteger(seed)) throw new Error(`COUNTERSIGN_SEED: "${env.COUNTERSIGN_SEED}" is not a whole number`);
  return seed;
}
