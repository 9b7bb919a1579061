/** Everything a practice session needs beside the app itself: the scripted Claude, the desk, and the judgement of its end. */
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SharedFolder } from "../../shared/own-desktop.ts";
import { checkDesk, parseDeskState } from "./desk/state.ts";
import { PRACTICE_TASK, practiceScript } from "./practice-script.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "./server.ts";

export type PracticeRun = {
  readonly task: string;
  readonly baseUrl: string;
  readonly key: string;
  /** The desk's command line, for the session's desktop. */
  readonly program: string;
  /** The folders that the desk needs, should it be confined. */
  readonly folders: readonly SharedFolder[];
  /** Ends the scripted Claude and judges the desk; problems are in words. */
  finish(): Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>;
};

/**
 * Starts the scripted Claude and prepares the desk.
 * @param app the words that start this program, e.g. `[electron, folder]`
 * @param switches Chromium switches the desk must be started with too
 * @param pace ms between two pieces of a streamed reply
 */
export async function preparePractice(
  app: readonly string[],
  switches: readonly string[],
  pace: number,
): Promise<PracticeRun> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-practice-"));
  const stateFile = join(folder, "desk.json");
  const server = await startPracticeServer({ script: practiceScript({ pace }), keepsBodies: false });
  const words = [
    ...app,
    ...switches,
    "--practice-desk",
    `--state-file=${stateFile}`,
    `--user-data-dir=${join(folder, "desk")}`,
  ];
  return {
    task: PRACTICE_TASK,
    baseUrl: server.url,
    key: PRACTICE_API_KEY,
    program: words.map((word) => `"${word.replace(/["\\]/g, "\\$&")}"`).join(" "),
    folders: [
      ...app.map((word) => ({
        path: existsSync(word) && statSync(word).isDirectory() ? word : dirname(word),
        writable: false,
      })),
      { path: folder, writable: true },
    ],
    finish: async () => {
      await server.close();
      try {
        const { ok, problems } = checkDesk(parseDeskState(readFileSync(stateFile, "utf8")));
        return { ok, problems };
      } catch (error) {
        return {
          ok: false,
          problems: [`the desk left no state: ${error instanceof Error ? error.message : String(error)}`],
        };
      } finally {
        // The desk's own process may still be writing its last files.
        await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => undefined);
      }
    },
  };
}
