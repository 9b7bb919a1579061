import { ActionIcon, Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { isOver, type SessionPhase, type SessionView } from "../../shared/session-view.ts";
import { useShortcut, useShortcutHint } from "../gate/use-shortcuts.ts";
import type { Mirror } from "../store/merge.ts";
import { useNow, useVerbs } from "../store/use-app.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { counted, formatClock, formatTokens, totalTokens } from "../ui/format.ts";
import { costWords } from "../ui/words.ts";
import { SessionFacts } from "./SessionFacts.tsx";
import { StatusPill } from "./StatusPill.tsx";

type Props = {
  readonly mirror: Mirror | null;
  /** Whether another view than the gate is open, where this session may not be the one that is looked at. */
  readonly elsewhere: boolean;
};

type Controls = { readonly pause: boolean; readonly resume: boolean; readonly stop: boolean };

/** What makes sense in each phase; the window infers nothing else. */
const CONTROLS: Readonly<Record<SessionPhase["kind"], Controls>> = {
  starting: { pause: false, resume: false, stop: true },
  thinking: { pause: true, resume: false, stop: true },
  retrying: { pause: true, resume: false, stop: true },
  deciding: { pause: true, resume: false, stop: true },
  executing: { pause: true, resume: false, stop: true },
  answered: { pause: false, resume: false, stop: true },
  paused: { pause: false, resume: true, stop: true },
  takenOver: { pause: false, resume: false, stop: true },
  stopping: { pause: false, resume: false, stop: false },
  ended: { pause: false, resume: false, stop: false },
};

/** App, task, status, figures, and the three buttons that work in every phase where they make sense. */
export function TopBar({ mirror, elsewhere }: Props) {
  const view = mirror?.view ?? null;
  return (
    <header className="top">
      <h1 className="top-name">Countersign</h1>
      {view === null ? (
        <span className="top-task" />
      ) : (
        <TaskButton key={`task ${view.id}`} view={view} elsewhere={elsewhere} />
      )}
      <StatusPill mirror={mirror} />
      {mirror === null ? null : <Figures mirror={mirror} />}
      {/* A button that was pressed for one session must not be there for the next. */}
      {view === null ? null : <ControlButtons key={`buttons ${view.id}`} view={view} />}
      {view === null || isOver(view.phase) ? null : <AnotherButton />}
    </header>
  );
}

/** The way to the start view while a session is open. */
function AnotherButton() {
  const { newSession } = useVerbs();
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label="Start another session"
      title="Start another session"
      onClick={newSession}
    >
      <IconPlus size={18} aria-hidden="true" />
    </ActionIcon>
  );
}

function TaskButton({ view, elsewhere }: { readonly view: SessionView; readonly elsewhere: boolean }) {
  const [open, setOpen] = useState(false);
  const task = view.config?.task ?? "Starting";
  return (
    <>
      <button type="button" className="top-task" title={task} onClick={() => setOpen(true)}>
        {elsewhere ? <span className="top-where">In the gate:</span> : null}
        {view.config?.practice ? <span className="top-practice">Practice</span> : null}
        <span className="top-task-text">{task}</span>
      </button>
      {open ? (
        <Dialog small title="This session" onClose={() => setOpen(false)}>
          <SessionFacts view={view} />
        </Dialog>
      ) : null}
    </>
  );
}

function Figures({ mirror: { view, since } }: { readonly mirror: Mirror }) {
  // What is being stopped is over for whoever watches the clock.
  const ended = view.endedAt ?? (view.phase.kind === "stopping" ? since : null);
  const now = useNow(view.startedAt !== null && ended === null, 1000);
  const end = ended === null ? now : Date.parse(ended);
  const elapsed = view.startedAt === null ? 0 : end - Date.parse(view.startedAt);
  const steps = view.steps.filter((step) => step.executed !== null).length;
  return (
    <span className="top-figures dim">
      <span title="Time since the session started">total {formatClock(elapsed)}</span>
      <span>{counted(steps, "step")}</span>
      <span className="top-tokens">{formatTokens(totalTokens(view.usage))} tokens</span>
      <span>{costWords(view)}</span>
    </span>
  );
}

function ControlButtons({ view }: { readonly view: SessionView }) {
  const { control } = useVerbs();
  const can = CONTROLS[view.phase.kind];
  const hint = useShortcutHint("pause");
  const pause = () => {
    if (can.pause) void control(view.id, "pause");
  };
  useShortcut("pause", pause);
  return (
    <span className="top-buttons">
      {can.pause ? (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlayerPause size={16} aria-hidden="true" />}
          aria-keyshortcuts={hint.aria}
          title={hint.label}
          onClick={pause}
        >
          Pause
        </Button>
      ) : null}
      {can.resume ? (
        <Button
          color="amber.5"
          size="xs"
          leftSection={<IconPlayerPlay size={16} aria-hidden="true" />}
          onClick={() => void control(view.id, "resume")}
        >
          Resume
        </Button>
      ) : null}
      {can.stop ? (
        <Button
          variant="default"
          size="xs"
          className="stop"
          leftSection={<IconPlayerStop size={16} aria-hidden="true" />}
          onClick={() => void control(view.id, "stop")}
        >
          Stop session
        </Button>
      ) : null}
    </span>
  );
}
