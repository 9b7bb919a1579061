import { IconPlugX } from "@tabler/icons-react";
import { useEffect } from "react";
import type { SessionRow } from "../../shared/session-view.ts";
import { useApp, useVerbs } from "../store/use-app.ts";
import { formatCost, formatDateTime } from "../ui/format.ts";
import { END_WORDS, endTone } from "../ui/words.ts";
import { InterruptedButtons } from "./Interrupted.tsx";
import { SessionPage } from "./SessionPage.tsx";

/** The list of all sessions, or the one opened from it. */
export function SessionsView() {
  const opened = useApp((state) => state.opened);
  return opened === null ? <SessionList /> : <SessionPage key={opened} session={opened} />;
}

function SessionList() {
  const rows = useApp((state) => state.rows);
  const interrupted = useApp((state) => state.info?.interrupted ?? NONE);
  const { refreshRows, open } = useVerbs();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a session gone on with or closed changes its row
  useEffect(() => void refreshRows(), [refreshRows, interrupted]);
  return (
    <div className="page">
      <div className="page-inner page-wide">
        <h2>Sessions</h2>
        {rows === null ? <p className="dim">Reading the journal.</p> : null}
        {rows?.length === 0 ? <p className="dim">No session yet. What you start in Gate is recorded here.</p> : null}
        {rows === null || rows.length === 0 ? null : (
          <table className="sessions">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col">Started</th>
                <th scope="col">Outcome</th>
                <th scope="col" className="number">
                  Steps
                </th>
                <th scope="col" className="number">
                  Cost
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.id} row={row} interrupted={interrupted.includes(row.id)} onOpen={() => open(row.id)} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

const NONE: readonly string[] = [];

type RowProps = { readonly row: SessionRow; readonly interrupted: boolean; readonly onOpen: () => void };

function Row({ row, interrupted, onOpen }: RowProps) {
  const outcome = row.outcome === "open" ? "Open now" : END_WORDS[row.outcome];
  const tone = row.outcome === "open" ? "quiet" : endTone(row.outcome);
  return (
    <tr className={interrupted ? "row-interrupted" : undefined}>
      <td>
        <button type="button" className="session-open" onClick={onOpen} title={row.task}>
          {row.task}
        </button>
      </td>
      <td className="dim">{formatDateTime(row.startedAt)}</td>
      {interrupted ? (
        <td className="tone-waiting">
          <span className="row">
            <strong className="icon-line">
              <IconPlugX size={16} aria-hidden="true" />
              Interrupted
            </strong>
            <InterruptedButtons session={row.id} />
          </span>
        </td>
      ) : (
        <td className={`tone-${tone}`}>{outcome}</td>
      )}
      <td className="number">{row.steps}</td>
      <td className="number">{formatCost(row.costUsd)}</td>
    </tr>
  );
}
