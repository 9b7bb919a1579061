/**
 * Run by app.pictures.ts in Electron's Node: a record to look at. Two long sessions of the same task, and many short ones
 * that ended in different ways.
 */
import { recordLongSession } from "../../bench/lib/long-session.ts";
import { openStore } from "../../electron/journal/store.ts";

const store = openStore(process.argv[2] ?? "");
const day = 86_400_000;
const now = Date.UTC(2026, 10, 20, 9);
const TASKS = [
  "Enter the receipts of October into the ledger",
  "Fill in the expense form for the workshop in Lisbon",
  "Rename the photos of the excavation by date and trench",
  "Book the seminar room for Thursdays until the end of the term",
];
for (let i = 0; i < 24; i += 1) {
  const task = TASKS[i % TASKS.length] ?? "";
  const id = `20261010-short${String(i).padStart(3, "0")}`;
  await recordLongSession(store, { id, task, steps: 3 + ((i * 7) % 19), startsAt: now - (40 - i) * day });
}
for (const [i, steps] of [60, 84].entries())
  await recordLongSession(store, {
    id: `20261120-long000${i}`,
    task: "Write the monthly report from the figures in the ledger, check the totals and save it",
    steps,
    startsAt: now + i * 3_600_000,
  });
store.addReview({ type: "step.flagged", body: { session: "20261120-long0001", step: "3.1", on: true } });
store.addReview({
  type: "note.added",
  body: { session: "20261120-long0001", step: "3.1", text: "Why was this allowed? Ask Mira on Monday." },
});
store.close();
