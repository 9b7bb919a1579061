/**
 * Run by e2e/app.ts in Electron's Node for the data folder of every test: each session in it, and its export, is found
 * whole by the app's verifier and by the second one, with the same head. Prints what is not so; exit code 1 then.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportSession } from "../electron/journal/export.ts";
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";
import { verifyExport } from "../electron/journal/verify-export.ts";
import { verifyStore, verifyZip } from "./independent-verifier.ts";

const dir = process.argv[2] ?? "";
const store = openStore(dir, { readOnly: true });
const ids = store.list().map(({ id }) => id);
store.close();
const folder = mkdtempSync(join(tmpdir(), "countersign-twice-"));
try {
  for (const id of ids) {
    const zip = join(folder, `${id}.zip`);
    await exportSession(dir, id, zip, { steps: null, pictures: true });
    const verdicts = [verifyStore(dir, id), await verifySession(dir, id), verifyZip(zip), await verifyExport(zip)];
    const heads = verdicts.map((verdict) => (verdict.ok ? verdict.head : JSON.stringify(verdict)));
    if (new Set(heads).size === 1 && verdicts.every(({ ok }) => ok)) continue;
    process.stdout.write(`session ${id}: ${heads.join(" | ")}\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
