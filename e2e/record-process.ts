/**
 * Run by e2e/record.ts in Electron's Node, once for all tests of a worker: journal commands, word for word those of the app,
 * and the check that each session of a data folder, and its export, is found whole by the app's verifier and by the second
 * one, with the same head.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runJournalCommand } from "../electron/journal/cli.ts";
import { exportSession } from "../electron/journal/export.ts";
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";
import { verifyExport } from "../electron/journal/verify-export.ts";
import { verifyStore, verifyZip } from "./independent-verifier.ts";
import type { Asked, Said } from "./record.ts";

async function command(dir: string, args: readonly string[]): Promise<Said> {
  let [stdout, stderr] = ["", ""];
  const io = {
    out: (text: string) => {
      stdout += text;
    },
    err: (text: string) => {
      stderr += text;
    },
  };
  const code = await runJournalCommand([...args, `--user-data-dir=${dir}`], io, dir);
  return { code, stdout, stderr };
}

/** Says in words what is not so; exit code 1 then. */
async function twice(dir: string): Promise<Said> {
  const store = openStore(dir, { readOnly: true });
  const ids = store.list().map(({ id }) => id);
  store.close();
  const folder = mkdtempSync(join(tmpdir(), "countersign-twice-"));
  let stderr = "";
  try {
    for (const id of ids) {
      const zip = join(folder, `${id}.zip`);
      await exportSession(dir, id, zip, { steps: null, pictures: true });
      const verdicts = [verifyStore(dir, id), await verifySession(dir, id), verifyZip(zip), await verifyExport(zip)];
      const heads = verdicts.map((verdict) => (verdict.ok ? verdict.head : JSON.stringify(verdict)));
      if (new Set(heads).size === 1 && verdicts.every(({ ok }) => ok)) continue;
      stderr += `session ${id}: ${heads.join(" | ")}\n`;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { code: stderr === "" ? 0 : 1, stdout: "", stderr };
}

process.on("message", ({ id, dir, args }: Asked) => {
  const answer = args === "twice" ? twice(dir) : command(dir, args);
  void answer
    .catch((error: unknown): Said => ({ code: 1, stdout: "", stderr: String(error) }))
    .then((said) => process.send?.({ id, said }));
});
process.on("disconnect", () => process.exit(0));
