import { app } from "electron";
import { runJournalCommand } from "../journal/cli.ts";

/** Runs a `journal` command before Electron is ready, without a display, and ends the process with its exit code. */
export async function runJournal(argv: readonly string[]): Promise<void> {
  const write = (stream: NodeJS.WriteStream, text: string) =>
    new Promise<void>((done) => void stream.write(text, () => done()));
  const writes: Promise<void>[] = [];
  const io = {
    out: (text: string) => void writes.push(write(process.stdout, text)),
    err: (text: string) => void writes.push(write(process.stderr, text)),
  };
  const code = await runJournalCommand(argv, io, app.getPath("userData"));
  await Promise.all(writes);
  app.exit(code);
}
