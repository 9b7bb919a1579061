import { Button, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { WindowDecision } from "../../shared/ipc.ts";
import { Notice } from "../ui/Notice.tsx";
import type { Checked } from "./edit/draft.ts";
import type { ArmedCard } from "./use-armed-card.ts";
import { shortcutHint, useShortcut } from "./use-shortcuts.ts";

type Props = {
  readonly card: ArmedCard;
  readonly armingMs: number;
  readonly sent: boolean;
  readonly refused: string | null;
  readonly platform: string;
  /** What the edit would run; null while nothing is being edited. */
  readonly edited: Checked | null;
  readonly editButton: RefObject<HTMLButtonElement | null>;
  readonly onEdit: () => void;
  readonly onDecide: (decision: WindowDecision) => void;
};

/** The decisions, standing still; above them, when asked for, the one line for the reason. */
export function DecisionFoot(props: Props) {
  const { card, armingMs, sent, refused, platform, edited, editButton, onEdit, onDecide } = props;
  const [rejecting, setRejecting] = useState(false);
  const rejectButton = useRef<HTMLButtonElement>(null);
  const armed = card.kind === "armed" && !sent;
  const seen = card.kind === "arming" || card.kind === "armed" ? card.seen : true;
  const canApprove = armed && seen && !rejecting && edited?.ok !== false;
  const isEdited = edited !== null && (!edited.ok || edited.changed);

  const approve = () => {
    if (!canApprove) return;
    onDecide(edited?.ok === true && edited.changed ? { kind: "edit", action: edited.action } : { kind: "approve" });
  };
  const cancel = () => {
    setRejecting(false);
    rejectButton.current?.focus();
  };
  useShortcut("Enter", approve);
  useShortcut("Backspace", () => setRejecting(true));
  useShortcut("e", onEdit);

  const approveHint = shortcutHint("Enter", platform);
  const rejectHint = shortcutHint("Backspace", platform);
  const editHint = shortcutHint("e", platform);
  const problem =
    card.kind === "problem" ? `Can't be decided: ${card.error}` : refused === null ? null : `Not decided: ${refused}`;
  return (
    <>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      )}
      {seen ? null : (
        <Notice tone="bad" alert>
          The picture could not be loaded, so this can't be approved. You can reject it or take over.
        </Notice>
      )}
      {rejecting ? <ReasonLine disabled={!armed} onCancel={cancel} onDecide={onDecide} /> : null}
      <div className="decision-buttons card-buttons">
        <Button
          color="amber.5"
          size="lg"
          className="approve"
          leftSection={<IconCheck size={18} aria-hidden="true" />}
          aria-keyshortcuts={approveHint.aria}
          aria-disabled={!canApprove}
          data-arming={card.kind === "arming"}
          style={{ "--arming": `${armingMs}ms` }}
          onKeyDown={ignoreRepeats}
          onClick={approve}
        >
          {isEdited ? "Approve edited" : "Approve"}
          <span className="keys" aria-hidden="true">
            {approveHint.label}
          </span>
        </Button>
        <Button
          ref={editButton}
          variant="default"
          size="md"
          aria-keyshortcuts={editHint.aria}
          onKeyDown={ignoreRepeats}
          onClick={onEdit}
        >
          Edit
          <span className="keys" aria-hidden="true">
            {editHint.label}
          </span>
        </Button>
        <Button
          ref={rejectButton}
          variant="default"
          size="md"
          aria-keyshortcuts={rejectHint.aria}
          aria-expanded={rejecting}
          onKeyDown={ignoreRepeats}
          onClick={() => (rejecting ? cancel() : setRejecting(true))}
        >
          Reject
          <span className="keys" aria-hidden="true">
            {rejectHint.label}
          </span>
        </Button>
        <Button
          variant="default"
          size="md"
          aria-disabled={!armed}
          onKeyDown={ignoreRepeats}
          onClick={() => armed && onDecide({ kind: "take_over" })}
        >
          Take over
          <span className="keys" aria-hidden="true">
            by hand
          </span>
        </Button>
      </div>
    </>
  );
}

type ReasonProps = {
  readonly disabled: boolean;
  readonly onCancel: () => void;
  readonly onDecide: (decision: WindowDecision) => void;
};

function ReasonLine({ disabled, onCancel, onDecide }: ReasonProps) {
  const [reason, setReason] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const send = () => {
    if (!disabled) onDecide({ kind: "reject", reason: reason.trim() === "" ? null : reason.trim() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key !== "Enter" || event.repeat || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="reason-line">
      <TextInput
        ref={input}
        aria-label="Reason"
        placeholder="Why not? Claude reads this"
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p className="small dim">Escape goes back.</p>
      <Button className="strong" aria-disabled={disabled} onClick={send}>
        Send rejection
        <span className="keys" aria-hidden="true">
          Enter
        </span>
      </Button>
    </div>
  );
}

/** A key that is held down must not decide again and again: its repeats do nothing. */
function ignoreRepeats(event: KeyboardEvent): void {
  if (event.repeat) event.preventDefault();
}
