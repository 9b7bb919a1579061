/** The column while Claude or the computer works, waits or is paused: no decision, but what can be done. */
import { Button } from "@mantine/core";
import { IconHandClick } from "@tabler/icons-react";
import {
  phaseStep,
  type SessionPhase,
  type SessionView,
  type StepView,
  type TurnView,
} from "../../shared/session-view.ts";
import type { Live } from "../store/merge.ts";
import { useNow, useVerbs } from "../store/use-app.ts";
import { ActionPayload } from "../ui/ActionPayload.tsx";
import { formatClock } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { grantWords, PAUSE_WORDS, sentenceOf } from "../ui/words.ts";
import { Loupes } from "./Loupes.tsx";
import { NoteForm } from "./NoteForm.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { Thinking } from "./Thinking.tsx";
import { WindowLine } from "./WindowLine.tsx";

type Props = { readonly view: SessionView; readonly turn: TurnView | null; readonly live: Live | null };

export function ThinkingPanel({ view, turn, live }: Props) {
  return (
    <SidePanel
      foot={
        <>
          <NoteForm session={view.id} notes={view.notes} />
          <TakeOver session={view.id} />
        </>
      }
    >
      <h2>Claude is thinking</h2>
      <p className="dim">
        <Elapsed since={turn?.startedAt ?? null} /> Nothing runs while Claude thinks.
      </p>
      <Thinking turn={turn} live={live} />
    </SidePanel>
  );
}

/** How long a turn takes already; not read out, as it changes all the time. */
function Elapsed({ since }: { readonly since: string | null }) {
  const now = useNow(since !== null, 1000);
  return since === null ? null : <span aria-hidden="true">For {formatClock(now - Date.parse(since))} now.</span>;
}

type RetryingProps = Props & { readonly phase: Extract<SessionPhase, { kind: "retrying" }> };

export function RetryingPanel({ view, turn, live, phase }: RetryingProps) {
  const { control } = useVerbs();
  const now = useNow(true, 250);
  return (
    <SidePanel
      foot={
        <>
          <NoteForm session={view.id} notes={view.notes} />
          <div className="decision-buttons">
            <Button size="md" className="strong" onClick={() => void control(view.id, "tryNow")}>
              Try now
            </Button>
            <TakeOverButton session={view.id} />
          </div>
        </>
      }
    >
      <h2>Trying again in {formatClock(Date.parse(phase.until) - now + 999)}</h2>
      <Notice tone="quiet">
        <p>
          <ShownText text={phase.reason} as="prose" />
        </p>
        <p>This will be attempt {phase.attempt}. Nothing of the failed attempt counts, and nothing runs.</p>
        <p>Try now does not wait; Stop session, at the top, ends it here.</p>
      </Notice>
      <Thinking turn={turn} live={live} />
    </SidePanel>
  );
}

export function ExecutingPanel({ view, turn, live, checking }: Props & { readonly checking: boolean }) {
  const step = phaseStep(view);
  const running = live?.running ?? null;
  return (
    <SidePanel foot={<NoteForm session={view.id} notes={view.notes} />}>
      <p className="dim">{checking ? "Checking that the screen is still the same" : "Running"}</p>
      <h2>{step === null ? "An action" : sentenceOf(step)}</h2>
      {running !== null && running.total > 1 ? (
        <div className="run-progress">
          <progress aria-label="Progress" max={running.total} value={running.done} />
          <span className="small dim">
            {running.done} of {running.total}
          </span>
        </div>
      ) : null}
      {step?.executed ? <ActionPayload action={step.executed} /> : null}
      <Thinking turn={turn} live={null} />
    </SidePanel>
  );
}

type PausedProps = Props & { readonly phase: Extract<SessionPhase, { kind: "paused" }> };

/** Why nothing runs, what resuming means, and what waits meanwhile. Resume itself is at the top. */
export function PausedPanel({ view, turn, phase }: PausedProps) {
  const pending = pendingOf(view);
  const error = phase.why === "error" ? (turn?.error ?? null) : null;
  // What the pause says of a failed turn is the error's own words and advice.
  const detail = error === null ? phase.detail : null;
  const { title, words } = PAUSE_WORDS[phase.why];
  const isFault = phase.why === "error" || phase.why === "desktop";
  const { kind } = phase.before;
  const free = kind === "thinking" || kind === "retrying" || kind === "answered";
  return (
    <SidePanel
      foot={
        <>
          <NoteForm session={view.id} notes={view.notes} />
          {free ? <TakeOver session={view.id} /> : null}
        </>
      }
    >
      <ScrollBox label="Why it is paused" className="card-top">
        <h2>{title}</h2>
        {error === null && detail === null ? null : (
          <Notice tone={isFault ? "bad" : "waiting"} alert={isFault}>
            {error === null ? null : (
              <>
                <p>
                  <strong>
                    <ShownText text={error.message} as="prose" />
                  </strong>
                </p>
                <p>
                  <ShownText text={error.advice} as="prose" />
                </p>
              </>
            )}
            {detail === null ? null : (
              <p>
                <ShownText text={detail} as="prose" />
              </p>
            )}
          </Notice>
        )}
        <p>{words}</p>
        {phase.why === "limit" && view.config !== null ? <p>{grantWords(view.config.limits, phase.detail)}</p> : null}
        {kind === "takenOver" ? <p>You have control again after Resume.</p> : null}
        {pending === null ? null : <Pending {...pending} />}
      </ScrollBox>
      <Thinking turn={turn} live={null} />
    </SidePanel>
  );
}

type PendingProps = { readonly step: StepView; readonly running: boolean };

/** The step that was cut or still waits; null once it has any other result, and while the operator does it by hand. */
function pendingOf(view: SessionView): PendingProps | null {
  const phase = view.phase.kind === "paused" ? view.phase.before : view.phase;
  const step = phaseStep({ ...view, phase });
  if (step === null || phase.kind === "takenOver") return null;
  if (step.result === null) return { step, running: phase.kind === "executing" };
  // What ended at the gate can be recorded as interrupted too: it never ran.
  return step.status === "interrupted" && step.executed !== null ? { step, running: true } : null;
}

/** What was cut, or what waits behind the pause: the card's own facts, to read and not to decide. */
function Pending({ step, running }: PendingProps) {
  const { title, words } = PENDING[running ? "executing" : "deciding"];
  const { proposal } = step;
  const action = step.executed ?? proposal?.action ?? null;
  return (
    <section className="waiting-card" aria-label={title}>
      <h3 className="dim">{title}</h3>
      <p className="taken-sentence">{sentenceOf(step)}</p>
      {proposal === null || running ? null : (
        <>
          <WindowLine proposal={proposal} />
          <Loupes proposal={proposal} action={proposal.action} />
        </>
      )}
      {action === null ? null : <ActionPayload action={action} />}
      <p className="dim">{words}</p>
    </section>
  );
}

const PENDING = {
  executing: {
    title: "Was running",
    words: "It was cut where it stood, keys and buttons released, and is never continued: Claude reads how far it got.",
  },
  deciding: {
    title: "Waits at the gate",
    words: "It will wait for you again after Resume. You can take it over then.",
  },
} as const;

function TakeOver({ session }: { readonly session: string }) {
  return (
    <div className="decision-buttons">
      <TakeOverButton session={session} />
    </div>
  );
}

/** The operator's own hands on the session's desktop, in phases without a waiting proposal. */
export function TakeOverButton({ session }: { readonly session: string }) {
  const { control } = useVerbs();
  return (
    <Button
      size="md"
      variant="default"
      leftSection={<IconHandClick size={18} aria-hidden="true" />}
      onClick={() => void control(session, "takeOver")}
    >
      Take over
    </Button>
  );
}

/** For the short phases that only say what happens. */
export function PlainPanel({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <SidePanel>
      <h2>{title}</h2>
      <p className="dim">{children}</p>
    </SidePanel>
  );
}
