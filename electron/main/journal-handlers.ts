/** Answers the window's questions about the record. */
import { join } from "node:path";
import { app } from "electron";
import type { JournalReplies, Privacy, Retention, Saved } from "../../shared/ipc-journal.ts";
import { exportSession } from "../journal/export.ts";
import { JournalError } from "../journal/journal.ts";
import { writeReport } from "../journal/report.ts";
import type { JournalStore } from "../journal/store.ts";
import { DROPPED, placeOf, verifySession } from "../journal/verify.ts";
import type { Runner } from "../session/runner.ts";
import type { Handlers } from "../windows/ipc.ts";
import type { FileQuestions } from "./file-questions.ts";

type Parts = {
  readonly store: JournalStore;
  /** The user data folder. */
  readonly dir: string;
  readonly runnerOf: (session: string) => Runner | null;
  readonly questions: FileQuestions;
  readonly changeSettings: (change: { readonly retention?: Retention; readonly privacy?: Privacy }) => void;
};

const GONE = { ok: false, error: "This session is not running." } as const;

/** The handlers of every channel in shared/ipc-journal.ts. */
export function journalHandlers({
  store,
  dir,
  runnerOf,
  questions,
  changeSettings,
}: Parts): Pick<Handlers, keyof JournalReplies> {
  return {
    "journal.sessions": (query) => store.sessions(query),
    "journal.search": (query) => store.search(query),
    "journal.review": ({ session }) => store.review(session),
    "journal.flagged": () => store.flagged(),
    "journal.note": ({ session, step, text }) =>
      done(() => store.addReview({ type: "note.added", body: { session, step, text } })),
    "journal.removeNote": ({ session, note }) =>
      done(() => store.addReview({ type: "note.removed", body: { session, note } })),
    "journal.flag": ({ session, step, on }) =>
      done(() => store.addReview({ type: "step.flagged", body: { session, step, on } })),
    "journal.keep": ({ session, keep }) =>
      done(() => store.addReview({ type: "session.kept", body: { session, keep } })),
    "journal.verify": async ({ session }) => {
      try {
        const result = await verifySession(dir, session);
        if (!result.ok) return { ok: false, where: placeOf(result.at), problem: result.problem };
        const [dropped] = result.dropped;
        if (dropped !== undefined) return { ok: false, where: `session ${dropped}`, problem: DROPPED };
        const { events, blobs, head, signedBy } = result;
        return { ok: true, events, pictures: blobs, head, signedBy };
      } catch (error) {
        return { ok: false, where: "the record", problem: wordsOf(error) };
      }
    },
    "journal.export": ({ session, steps, pictures }) =>
      saved(questions, `${session}.zip`, "Export", async (path) => {
        await exportSession(dir, session, path, { steps, pictures });
      }),
    "journal.report": ({ session, steps }) =>
      saved(questions, `${session}.html`, "Report", async (path) => {
        await writeReport(store, dir, session, path, { steps, now: Date.now() });
      }),
    "journal.import": async () => {
      const path = await questions.askOpen({ title: "Import", properties: ["openFile"], filters: [FILTERS.zip] });
      if (path === null) return { ok: true, session: null };
      try {
        return { ok: true, session: await store.importZip(path) };
      } catch (error) {
        return refused(error);
      }
    },
    "journal.delete": ({ session }) => done(() => store.delete(session, "operator")),
    "journal.usage": () => store.usage(),
    "session.secret": ({ session }) => runnerOf(session)?.markSecret() ?? GONE,
    "retention.set": (retention) => done(() => changeSettings({ retention })),
    "privacy.set": (privacy) => done(() => changeSettings({ privacy })),
  };
}

/** Asks where to, then writes there; a closed dialog is no failure. */
async function saved(
  { askSave }: FileQuestions,
  name: string,
  title: string,
  write: (path: string) => Promise<void>,
): Promise<Saved> {
  const options = {
    title,
    defaultPath: join(app.getPath("documents"), name),
    filters: [FILTERS[title === "Export" ? "zip" : "html"]],
  };
  const filePath = await askSave(options);
  if (filePath === null) return { ok: true, file: null };
  try {
    await write(filePath);
    return { ok: true, file: filePath };
  } catch (error) {
    return refused(error);
  }
}

const FILTERS = {
  zip: { name: "Countersign export", extensions: ["zip"] },
  html: { name: "Web page", extensions: ["html"] },
};

function done(work: () => void): { readonly ok: true } | Refused {
  try {
    work();
    return { ok: true };
  } catch (error) {
    return refused(error);
  }
}

type Refused = { readonly ok: false; readonly error: string };

/** What the record said no to, in its words; anything else is a defect and goes on. */
function refused(error: unknown): Refused {
  if (!(error instanceof JournalError)) throw error;
  return { ok: false, error: error.message };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
