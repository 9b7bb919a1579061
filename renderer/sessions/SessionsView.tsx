import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconFileImport, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { SessionSort } from "../../shared/ipc-journal.ts";
import { parseStepLink } from "../../shared/step-link.ts";
import { ReplayView } from "../replay/ReplayView.tsx";
import { useApp, useVerbs } from "../store/use-app.ts";
import { counted, wordsOf } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { FlaggedSteps } from "./FlaggedSteps.tsx";
import { SessionTable } from "./SessionTable.tsx";
import { type Query, useSessions } from "./use-sessions.ts";

/** The list of all sessions, or the one opened from it. */
export function SessionsView() {
  const opened = useApp((state) => state.opened);
  const at = useApp((state) => state.openedAt);
  return opened === null ? <SessionList /> : <ReplayView key={`${opened} ${at}`} session={opened} />;
}

const NEWEST: Query = { text: "", sort: "startedAt", descending: true };

function SessionList() {
  const [query, setQuery] = useState(NEWEST);
  const [shown, setShown] = useState<"sessions" | "flagged">("sessions");
  const { page, hits, problem, renew } = useSessions(query);
  const { open } = useVerbs();
  const onText = (text: string) => {
    const link = parseStepLink(text);
    if (link !== null) open(link.session, link.step);
    else setQuery({ ...query, text });
  };
  const onSort = (sort: SessionSort) =>
    setQuery({
      ...query,
      sort,
      descending: query.sort === sort ? !query.descending : sort !== "task" && sort !== "outcome",
    });
  return (
    <div className="sessions-view">
      <div className="sessions-head">
        <h2>Sessions</h2>
        <TextInput
          className="sessions-search"
          size="sm"
          aria-label="Search"
          placeholder="Task, text, thinking, reason, program, or a link to a step"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={query.text}
          maxLength={200}
          onChange={(event) => onText(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="Show"
          size="xs"
          value={shown}
          data={[
            { value: "sessions", label: "Sessions" },
            { value: "flagged", label: "Flagged steps" },
          ]}
          onChange={(value) => setShown(value === "flagged" ? "flagged" : "sessions")}
        />
        <Import onImported={renew} />
      </div>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      )}
      {shown === "flagged" ? (
        <FlaggedSteps rows={page?.rows ?? []} />
      ) : page === null ? (
        <p className="dim">Reading the journal.</p>
      ) : page.total === 0 ? (
        <p className="dim sessions-none">
          {query.text.trim() === ""
            ? "No session yet. What you start in Gate is recorded here."
            : "Nothing on record matches."}
        </p>
      ) : (
        <>
          <p className="small dim" role="status" aria-label="Sessions found">
            {counted(page.total, "session")}
          </p>
          <SessionTable rows={page.rows} hits={hits} query={query} onSort={onSort} />
        </>
      )}
    </div>
  );
}

function Import({ onImported }: { readonly onImported: () => void }) {
  const { journal, open } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const run = async () => {
    try {
      const outcome = await journal.importZip();
      setError(outcome.ok ? null : outcome.error);
      if (!outcome.ok || outcome.session === null) return;
      onImported();
      open(outcome.session);
    } catch (thrown) {
      setError(wordsOf(thrown));
    }
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden="true" />}
        onClick={() => void run()}
      >
        Import
      </Button>
      {error === null ? null : (
        <span role="alert" className="small tone-bad">
          {error}
        </span>
      )}
    </>
  );
}
