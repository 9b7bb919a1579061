/** Where the program starts: the journal's commands, `--health`, an executor's watchdog, the practice desk, or the app itself. */
import { join } from "node:path";
import { app } from "electron";
import { isPracticeDesk } from "./practice/desk/flags.ts";

const out = join(import.meta.dirname, "..");
const words = process.argv.slice(1);
// In development the first word that is no switch is the folder of the app.
const folder = app.isPackaged ? -1 : words.findIndex((word) => !word.startsWith("--"));
const args = words.filter((_, i) => i !== folder);
const verbs = args.filter((word) => word !== "--no-sandbox");

if (verbs[0] === "journal") {
  const { runJournal } = await import("./main/journal-command.ts");
  await runJournal(verbs.slice(1));
} else if (verbs[0] === "watchdog") {
  // Ends the process by itself, before Electron is ready: it needs no display of Electron's.
  await import("./computer/watchdog-process.ts");
} else if (args.includes("--health")) {
  const { runHealth } = await import("./main/health-command.ts");
  await runHealth(args);
} else if (isPracticeDesk(args)) {
  const { runPracticeDesk } = await import("./practice/desk/run.ts");
  runPracticeDesk(args);
} else {
  const { leaveKeyBehind } = await import("./main/without-key.ts");
  leaveKeyBehind();
  const { runApp } = await import("./main/app.ts");
  runApp(args, out);
}
