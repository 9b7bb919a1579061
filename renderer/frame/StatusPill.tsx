import {
  IconBrain,
  IconCircleCheck,
  IconCircleDot,
  IconHandStop,
  IconMessage,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconScan,
  IconUser,
  IconX,
} from "@tabler/icons-react";
import { isOver } from "../../shared/session-view.ts";
import type { Mirror } from "../store/merge.ts";
import { useNow } from "../store/use-app.ts";
import { formatClock } from "../ui/format.ts";
import { type StatusText, statusOf, toneOf } from "../ui/words.ts";

const ICONS: Readonly<Record<StatusText, typeof IconBrain>> = {
  Ready: IconCircleDot,
  Thinking: IconBrain,
  Retrying: IconRefresh,
  "Waiting for you": IconHandStop,
  Checking: IconScan,
  Running: IconPlayerPlay,
  Paused: IconPlayerPause,
  "You have control": IconUser,
  "Claude answered": IconMessage,
  Finished: IconCircleCheck,
  Stopped: IconPlayerStop,
  Failed: IconX,
};

/** Does it wait for me? The live region says only the status; the clock beside it is not read out. */
export function StatusPill({ mirror }: { readonly mirror: Mirror | null }) {
  const status = statusOf(mirror?.view.phase ?? null, mirror?.live ?? null);
  const over = mirror === null || isOver(mirror.view.phase);
  const now = useNow(!over);
  const Icon = ICONS[status];
  return (
    <span className={`pill pill-${toneOf(status)}`}>
      <Icon size={16} stroke={2.2} aria-hidden="true" />
      <span role="status" aria-label="Session status">
        {status}
      </span>
      {over || mirror.since === null ? null : (
        <span className="pill-clock">{formatClock(now - Date.parse(mirror.since))}</span>
      )}
    </span>
  );
}
