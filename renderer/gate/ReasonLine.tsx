import { Button, TextInput } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { WindowDecision } from "../../shared/ipc.ts";
import { useApp } from "../store/use-app.ts";

type ReasonProps = {
  readonly disabled: boolean;
  /** Whether the latest reasons are offered. */
  readonly offers?: boolean;
  readonly onCancel: () => void;
  readonly onDecide: (decision: WindowDecision) => void;
};

/** So many of the latest reasons are offered. */
const OFFERED = 4;
const NONE: readonly string[] = [];

/** One line for why not; Claude reads it. */
export function ReasonLine({ disabled, offers = true, onCancel, onDecide }: ReasonProps) {
  const [reason, setReason] = useState("");
  const latest = useApp((state) => state.info?.reasons ?? NONE).slice(0, OFFERED);
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
      {!offers || latest.length === 0 ? null : (
        <fieldset className="reason-latest">
          <legend className="small dim">Your latest reasons</legend>
          {latest.map((each) => (
            <button
              type="button"
              key={each}
              title={each}
              onClick={() => {
                setReason(each);
                input.current?.focus();
              }}
            >
              {each}
            </button>
          ))}
        </fieldset>
      )}
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
