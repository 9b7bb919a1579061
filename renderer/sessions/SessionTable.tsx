import { IconArrowDown, IconArrowUp, IconFlagFilled, IconLock, IconPlugX } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { ListedSession, SearchHit, SessionSort } from "../../shared/ipc-journal.ts";
import { showText } from "../../shared/visible-text.ts";
import { useApp, useVerbs } from "../store/use-app.ts";
import { formatCost, formatDateTime, formatDuration } from "../ui/format.ts";
import { Thumb } from "../ui/Thumb.tsx";
import { END_WORDS, endTone } from "../ui/words.ts";
import { InterruptedButtons } from "./Interrupted.tsx";
import type { Query } from "./use-sessions.ts";

const ROW_H = 60;

const COLUMNS: readonly { readonly sort: SessionSort; readonly name: string; readonly number?: boolean }[] = [
  { sort: "task", name: "Task" },
  { sort: "startedAt", name: "Started" },
  { sort: "duration", name: "Duration", number: true },
  { sort: "outcome", name: "Outcome" },
  { sort: "steps", name: "Steps", number: true },
  { sort: "edits", name: "Edits", number: true },
  { sort: "rejections", name: "Rejected", number: true },
  { sort: "costUsd", name: "Cost", number: true },
];

type Props = {
  readonly rows: readonly ListedSession[];
  readonly hits: ReadonlyMap<string, SearchHit>;
  readonly query: Query;
  readonly onSort: (sort: SessionSort) => void;
};

const NONE: readonly string[] = [];

/** Thousands of sessions; only the rows in view are there. */
export function SessionTable({ rows, hits, query, onSort }: Props) {
  const interrupted = useApp((state) => state.info?.interrupted ?? NONE);
  const { open } = useVerbs();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_H,
    overscan: 4,
    initialRect: { width: 1100, height: 700 },
  });
  const shown = virtual.getVirtualItems();
  const above = shown[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section ref={box} className="sessions-box scroll-box" aria-label="All sessions" tabIndex={0}>
      <table className="sessions" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col" className="sessions-thumb">
              Last picture
            </th>
            {COLUMNS.map(({ sort, name, number }) => {
              const by = query.sort === sort;
              const Arrow = query.descending ? IconArrowDown : IconArrowUp;
              return (
                <th
                  key={sort}
                  scope="col"
                  className={number ? "number" : undefined}
                  aria-sort={by ? (query.descending ? "descending" : "ascending") : "none"}
                >
                  <button type="button" className="sessions-sort" onClick={() => onSort(sort)}>
                    {name}
                    {by ? <Arrow size={14} aria-hidden="true" /> : null}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 ? <Room height={above} /> : null}
          {shown.map(({ index }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <Row
                key={row.id}
                row={row}
                place={index + 2}
                hit={hits.get(row.id) ?? null}
                interrupted={interrupted.includes(row.id)}
                onOpen={() => open(row.id)}
              />
            );
          })}
          {below > 0 ? <Room height={below} /> : null}
        </tbody>
      </table>
    </section>
  );
}

/** In place of the rows that are out of view. */
function Room({ height }: { readonly height: number }) {
  return (
    <tr className="sessions-room">
      <td colSpan={COLUMNS.length + 1} style={{ height }} />
    </tr>
  );
}

type RowProps = {
  readonly row: ListedSession;
  readonly place: number;
  readonly hit: SearchHit | null;
  readonly interrupted: boolean;
  readonly onOpen: () => void;
};

function Row({ row, place, hit, interrupted, onOpen }: RowProps) {
  const outcome = row.outcome === "open" ? "Open now" : END_WORDS[row.outcome];
  const tone = row.outcome === "open" ? "quiet" : endTone(row.outcome);
  const took = row.endedAt === null ? null : Date.parse(row.endedAt) - Date.parse(row.startedAt);
  return (
    <tr className={interrupted ? "row-interrupted" : "row-open"} aria-rowindex={place} style={{ height: ROW_H }}>
      <td className="sessions-thumb">
        <Thumb sha256={row.picture} />
      </td>
      <td>
        <button type="button" className="session-open" onClick={onOpen} title={row.task}>
          {row.task}
        </button>
        <span className="sessions-second small dim">
          {row.kept ? <IconLock size={13} aria-label="Kept" /> : null}
          {row.flags > 0 ? (
            <span className="icon-line">
              <IconFlagFilled size={13} aria-hidden="true" />
              {`${row.flags} flagged`}
            </span>
          ) : null}
          {hit === null || hit.kind === "task" ? (
            <span className="sessions-model">{row.model}</span>
          ) : (
            <Hit hit={hit} />
          )}
        </span>
      </td>
      <td className="dim">{formatDateTime(row.startedAt)}</td>
      <td className="number">{took === null ? "" : formatDuration(took)}</td>
      {interrupted ? (
        <td className="tone-waiting row-buttons">
          <strong className="icon-line">
            <IconPlugX size={16} aria-hidden="true" />
            Interrupted
          </strong>
          <InterruptedButtons session={row.id} />
        </td>
      ) : (
        <td className={`tone-${tone}`}>{outcome}</td>
      )}
      <td className="number">{row.steps}</td>
      <td className={row.edits === 0 ? "number dim" : "number"}>{row.edits}</td>
      <td className={row.rejections === 0 ? "number dim" : "number"}>{row.rejections}</td>
      <td className="number">{formatCost(row.costUsd)}</td>
    </tr>
  );
}

const KINDS: Readonly<Record<SearchHit["kind"], string>> = {
  task: "Task",
  thinking: "Thinking",
  answer: "Claude said",
  typed: "Typed",
  reason: "Reason",
  note: "Note",
  program: "Program",
};

/** Where the searched text was found. */
function Hit({ hit }: { readonly hit: SearchHit }) {
  return (
    <span className="sessions-hit">
      {KINDS[hit.kind]}: {showText(hit.before)}
      <mark>{showText(hit.match)}</mark>
      {showText(hit.after)}
    </span>
  );
}
