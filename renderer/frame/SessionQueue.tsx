import { ActionIcon } from "@mantine/core";
import { IconPin, IconPinned } from "@tabler/icons-react";
import { isOver } from "../../shared/session-view.ts";
import type { Queue, QueueEntry } from "../store/queue.ts";
import { useApp, useNow, useVerbs } from "../store/use-app.ts";
import { formatClock } from "../ui/format.ts";
import { Thumb } from "../ui/Thumb.tsx";
import { statusOf, toneOf } from "../ui/words.ts";

type Props = {
  readonly queue: Queue;
  /** The session in the gate. */
  readonly gate: string | null;
};

/** Which sessions wait and since when, the longest waiting first, and how the others are; nothing while one alone is open. */
export function SessionQueue({ queue: { waiting, others }, gate }: Props) {
  const ids = [...waiting, ...others].map(({ id }) => id);
  if (ids.every((id) => id === gate)) return null;
  return (
    <section className="queue" aria-label="Open sessions">
      <h2 className="queue-count" aria-live="polite">
        {waiting.length === 0 ? "None waits" : waiting.length === 1 ? "1 waits" : `${waiting.length} wait`}
      </h2>
      {waiting.length === 0 ? null : (
        <ul className="queue-list" aria-label="Sessions waiting">
          {waiting.map((entry) => (
            <Entry key={entry.id} entry={entry} shown={entry.id === gate} />
          ))}
        </ul>
      )}
      {others.length === 0 ? null : (
        <ul className="queue-list queue-others" aria-label="Other sessions">
          {others.map((entry) => (
            <Entry key={entry.id} entry={entry} shown={entry.id === gate} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Entry({ entry, shown }: { readonly entry: QueueEntry; readonly shown: boolean }) {
  const { choose } = useVerbs();
  const { mirror, picture } = entry;
  const { phase, config } = mirror.view;
  const status = statusOf(phase, mirror.live);
  const over = isOver(phase);
  const now = useNow(!over, 1000);
  const task = config?.task ?? "Starting";
  return (
    <li className={`queue-entry queue-${toneOf(status)}`}>
      <button type="button" aria-current={shown ? "true" : undefined} title={task} onClick={() => choose(entry.id)}>
        <Thumb sha256={picture} className="queue-thumb" />
        <span className="queue-words">
          <span className="queue-task">{task}</span>
          <span className="queue-status">
            <span className="queue-comma">, </span>
            <span>{status}</span>
            {over || mirror.since === null ? null : (
              <span className="queue-clock" aria-hidden="true">
                {formatClock(now - Date.parse(mirror.since))}
              </span>
            )}
          </span>
        </span>
      </button>
      {shown ? <PinButton /> : null}
    </li>
  );
}

/** Keeps the gate on its session after a decision, too. */
function PinButton() {
  const { pin } = useVerbs();
  const pinned = useApp((state) => state.pinned);
  const Icon = pinned ? IconPinned : IconPin;
  return (
    <ActionIcon
      variant={pinned ? "filled" : "subtle"}
      color="gray"
      size={24}
      aria-label="Stay with this session"
      aria-pressed={pinned}
      title={pinned ? "Stays with this session" : "Stay with this session, whatever waits elsewhere"}
      onClick={() => pin(!pinned)}
    >
      <Icon size={16} aria-hidden="true" />
    </ActionIcon>
  );
}
