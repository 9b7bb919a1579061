/** The proofs of this folder: every `*.proof.ts` exports `PROOFS`. */
import { readdir } from "node:fs/promises";
import type { Proof } from "./proof.ts";

/** In the order of the files' names. Rejects when a file exports none. */
export async function findProofs(): Promise<readonly Proof[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".proof.ts")).sort();
  const found: Proof[] = [];
  for (const file of files) {
    const { PROOFS }: { PROOFS?: readonly Proof[] } = await import(`./${file}`);
    if (PROOFS === undefined) throw new Error(`soak/${file} exports no PROOFS`);
    found.push(...PROOFS);
  }
  return found;
}
