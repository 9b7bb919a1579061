/** `npm run soak [words of a proof's name, or its file's]`: every long proof whole, a line each. Exits with 1 when one does not hold. */
import { findProofs } from "./find-proofs.ts";
import { seedOf } from "./proof.ts";

const wanted = process.argv.slice(2).join(" ");
const seed = seedOf(process.env, Date.now());
const proofs = (await findProofs()).filter(({ name, file }) => name.includes(wanted) || file === wanted);
process.stdout.write(`${proofs.length} proofs, COUNTERSIGN_SEED=${seed}\n`);
let failed = proofs.length === 0 ? 1 : 0;
for (const proof of proofs) {
  const started = performance.now();
  const said = await proof.run(proof.whole, seed).then(
    (line) => `ok    ${proof.name}: ${line}`,
    (error: unknown) => {
      failed += 1;
      return `FAIL  ${proof.name}: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
  process.stdout.write(`${said} (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}
process.exit(failed === 0 ? 0 : 1);
