import { Button, Textarea } from "@mantine/core";
import { IconArrowBackUp, IconEye, IconEyeOff } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { currentStep, type SessionPhase, type SessionView } from "../../../shared/session-view.ts";
import { useVerbs } from "../../store/use-app.ts";
import { ActionPayload } from "../../ui/ActionPayload.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { ScrollBox } from "../../ui/ScrollBox.tsx";
import { sentenceOf } from "../../ui/words.ts";
import { SidePanel } from "../SidePanel.tsx";

type Props = {
  readonly view: SessionView;
  readonly phase: Extract<SessionPhase, { kind: "takenOver" }>;
  /** Id for the words about the keyboard, which the live picture refers to. */
  readonly hint: string;
};

/** The operator does it by hand: what Claude wanted, how the picture works, and the way back. */
export function TakenOverPanel({ view, phase, hint }: Props) {
  const { handBack, control } = useVerbs();
  const off = view.captureOff;
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const step = phase.before.kind === "deciding" ? currentStep({ ...view, phase: phase.before }) : null;
  const action = step?.proposal?.action ?? null;

  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || off) return;
    setBusy(true);
    const outcome = await handBack(view.id, note.trim() === "" ? null : note.trim());
    setBusy(false);
    setError(outcome.ok ? null : outcome.error);
  };
  return (
    <SidePanel
      foot={
        <form className="reply-form" onSubmit={(event) => void send(event)}>
          {error === null ? null : (
            <Notice tone="bad" alert>
              {error}
            </Notice>
          )}
          <Textarea
            aria-label="Note to Claude"
            placeholder="Note to Claude, if it should know more"
            rows={3}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) void send();
            }}
          />
          <div className="decision-buttons">
            <Button
              type="submit"
              size="md"
              color="amber.5"
              aria-disabled={busy || off}
              aria-description={off ? "Resume capture first" : undefined}
              leftSection={<IconArrowBackUp size={18} aria-hidden="true" />}
            >
              Hand back
            </Button>
          </div>
          <Button
            fullWidth
            {...(off ? { color: "amber.5" } : { variant: "default" })}
            leftSection={off ? <IconEye size={17} aria-hidden="true" /> : <IconEyeOff size={17} aria-hidden="true" />}
            onClick={() => void control(view.id, off ? "resumeCapture" : "pauseCapture")}
          >
            {off ? "Resume capture" : "Pause capture"}
          </Button>
        </form>
      }
    >
      <ScrollBox label="What to know" className="card-top">
        <h2>You have control</h2>
        {off ? <CaptureOff own={view.config?.where.kind !== "this"} /> : null}
        {view.config?.where.kind === "this" ? (
          <p>
            Use your desktop as you like, with your own mouse and keyboard. Claude waits, and sees nothing until you
            hand back; this window steps aside then while the screen is looked at.
          </p>
        ) : (
          <>
            <p>Use the picture as if you sat at that desktop. Claude waits, and sees nothing until you hand back.</p>
            <p id={hint} className="dim">
              Keys go to the desktop while the picture has the focus. To leave it by keyboard: Escape, then Tab. Ctrl+V
              types the text you have copied; Shift+Insert pastes what was copied on that desktop.
            </p>
          </>
        )}
        {step === null ? (
          <p className="dim">Afterwards Claude gets a fresh screenshot and goes on from there.</p>
        ) : (
          <>
            <h3>What Claude wanted</h3>
            <p className="taken-sentence">{sentenceOf(step)}</p>
            {action === null ? null : <ActionPayload action={action} />}
            <p className="dim">
              Claude will read that you did this step by hand, with a fresh screenshot. Later actions of this turn are
              not run.
            </p>
          </>
        )}
        <p className="dim">
          Your own clicks and keys are not recorded; the screen as you hand it back is. For a login, pause capture: then
          no picture is taken at all until you resume it.
        </p>
      </ScrollBox>
    </SidePanel>
  );
}

/** What pausing capture means, and what comes after it. */
function CaptureOff({ own }: { readonly own: boolean }) {
  return (
    <Notice tone="waiting">
      <strong>Capture is paused.</strong> No picture of the desktop is taken, for Claude, for the record or for this
      window; that it was paused is on record.{" "}
      {own
        ? "Your keys and clicks still go there; the picture stays as it was before. Once you resume, it shows what Claude will see when you hand back."
        : "Once you resume, what is on the screen when you hand back is what Claude will see."}
    </Notice>
  );
}
