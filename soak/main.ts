/** `npm run soak [words of a proof's name, or its file's]`: every long proof whole, a line each. Exits with 1 when one does not hold. */
import { findProofs } from "./find-proofs.ts";
import { type Proof, seedOf } from "./proof.ts";

/** How long a proof may take that tells nothing on its way, and how long between two words of one that does, ms. */
const QUIET = 90 * 60_000;
const TELLING = 5 * 60_000;

const wanted = process.argv.slice(2).join(" ");
const seed = seedOf(process.env, Date.now());
const proofs = (await findProofs()).filter(({ name, file }) => name.includes(wanted) || file === wanted);
process.stdout.write(`${proofs.length} proofs, COUNTERSIGN_SEED=${seed}\n`);
let failed = proofs.length === 0 ? 1 : 0;
for (const proof of proofs) {
  const started = performance.now();
  const said = await reported(proof).then(
    (line) => `ok    ${proof.name}: ${line}`,
    (error: unknown) => {
      failed += 1;
      return `FAIL  ${proof.name}: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
  process.stdout.write(`${said} (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}
process.exit(failed === 0 ? 0 : 1);

/** Runs a proof whole; one that stands still is given up, so that it is reported rather than waited for. */
async function reported(proof: Proof): Promise<string> {
  const { promise: stuck, reject } = Promise.withResolvers<never>();
  let told = "";
  let limit = QUIET;
  const stands = () =>
    reject(new Error(`stands still: nothing for ${limit / 60_000} minutes${told === "" ? "" : ` after ${told}`}`));
  let timer = setTimeout(stands, limit);
  const tell = (words: string) => {
    told = words;
    limit = TELLING;
    clearTimeout(timer);
    timer = setTimeout(stands, limit);
    process.stdout.write(`...   ${proof.name}: ${words}\n`);
  };
  try {
    return await Promise.race([proof.run(proof.whole, seed, tell), stuck]);
  } finally {
    clearTimeout(timer);
  }
}
