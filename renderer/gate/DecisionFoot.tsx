import { Button, TextInput } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { WindowDecision } from "../../shared/ipc.ts";
import { Notice } from "../ui/Notice.tsx";
import type { ArmedCard } from "./use-armed-card.ts";
import { shortcutHint, useShortcut } from "./use-shortcuts.ts";

type Props = {
  readonly card: ArmedCard;
  readonly armingMs: number;
  readonly sent: boolean;
  readonly refused: string | null;
  readonly platform: string;
  readonly onDecide: (decision: WindowDecision) => void;
};

/** Approve and Reject, standing still; above them, when asked for, the one line for the reason. */
export function DecisionFoot({ card, armingMs, sent, refused, platform, onDecide }: Props) {
  const [rejecting, setRejecting] = useState(false);
  const rejectButton = useRef<HTMLButtonElement>(null);
  const armed = card.kind === "armed" && !sent;
  const seen = card.kind === "arming" || card.kind === "armed" ? card.seen : true;
  const canApprove = armed && seen && !rejecting;

  const approve = () => {
    if (canApprove) onDecide({ kind: "approve" });
  };
  const cancel = () => {
    setRejecting(false);
    rejectButton.current?.focus();
  };
  useShortcut("Enter", approve);
  useShortcut("Backspace", () => setRejecting(true));

  const approveHint = shortcutHint("Enter", platform);
  const rejectHint = shortcutHint("Backspace", platform);
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
          The picture could not be loaded, so this can't be approved. You can reject it.
        </Notice>
      )}
      {rejecting ? <ReasonLine disabled={!armed} onCancel={cancel} onDecide={onDecide} /> : null}
      <div className="decision-buttons">
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
          Approve
          <span className="keys" aria-hidden="true">
            {approveHint.label}
          </span>
        </Button>
        <Button
          ref={rejectButton}
          variant="default"
          size="lg"
          className="reject"
          leftSection={<IconX size={18} aria-hidden="true" />}
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
      <p className="small dim">Enter sends, Escape goes back.</p>
      <Button variant="default" aria-disabled={disabled} onClick={send}>
        Send rejection
      </Button>
    </div>
  );
}

/** A key that is held down must not decide again and again: its repeats do nothing. */
function ignoreRepeats(event: KeyboardEvent): void {
  if (event.repeat) event.preventDefault();
}
