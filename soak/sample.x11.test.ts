import { describe, expect, it } from "vitest";
import { findProofs } from "./find-proofs.ts";
import { seedOf } from "./proof.ts";

const seed = seedOf(process.env, Date.now());
const proofs = await findProofs();

describe(`a sample of each long proof, COUNTERSIGN_SEED=${seed}`, () => {
  it.each(proofs.map((proof) => [proof.name, proof] as const))("%s", { timeout: 60_000 }, async (name, proof) => {
    const line = await proof.run(proof.sample, seed, () => undefined);
    console.log(`${name}: ${line} (COUNTERSIGN_SEED=${seed})`);
    expect(line).not.toBe("");
  });
});
