/** The proofs of this folder: every `*.proof.ts` exports `PROOFS`. */
import { readdir } from "node:fs/promises";
import type { Proof } from "./proof.ts";

/** A proof and the file it is in, without its ending. */
export type FoundProof = Proof & { readonly file: string };

/** In the order of the files' names. Rejects when a file exports none. */
export async function findProofs(): Promise<readonly FoundProof[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".proof.ts")).sort();
  const found: FoundProof[] = [];
  for (const file of files) {
    const { PROOFS }: { PROOFS?: readonly Proof[] } = await import(`./${file}`);
    if (PROOFS === undefined) throw new Error(`soak/${file} exports no PROOFS`);
    found.push(...PROOFS.map((proof) => ({ ...proof, file: file.replace(".proof.ts", "") })));
  }
  return found;
}
