import { Button } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import type { Given, WindowDecision } from "../../shared/ipc.ts";
import { useHold } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { ApproveButton } from "./approve/ApproveButton.tsx";
import { useApproval } from "./approve/use-approval.ts";
import type { Checked } from "./edit/draft.ts";
import { ObstacleNotice } from "./ObstacleNotice.tsx";
import { ReasonLine } from "./ReasonLine.tsx";
import type { ArmedCard } from "./use-armed-card.ts";
import { useShortcut, useShortcutHint } from "./use-shortcuts.ts";

type Props = {
  readonly card: ArmedCard;
  readonly sent: boolean;
  readonly refused: string | null;
  /** Whether approving takes more than a press. */
  readonly risky: boolean;
  /** What the edit would run; null while nothing is being edited. */
  readonly edited: Checked | null;
  readonly editButton: RefObject<HTMLButtonElement | null>;
  readonly onEdit: () => void;
  /** Tells main that Approve went down. */
  readonly onPress: () => Promise<boolean>;
  readonly onDecide: (decision: WindowDecision, given?: Given) => void;
};

/** The decisions, standing still; above them, when asked for, the one line for the reason. */
export function DecisionFoot(props: Props) {
  const { card, sent, refused, risky, edited, editButton, onEdit, onPress, onDecide } = props;
  const [rejecting, setRejecting] = useState(false);
  useHold(rejecting);
  const rejectButton = useRef<HTMLButtonElement>(null);
  const armed = card.kind === "armed" && !sent;
  const seen = card.kind === "arming" || card.kind === "armed" ? card.seen : true;
  const canApprove = armed && seen && !rejecting && edited?.ok !== false;
  const isEdited = edited !== null && (!edited.ok || edited.changed);

  const approval = useApproval({
    risky,
    enabled: canApprove,
    press: onPress,
    approve: (given) =>
      onDecide(
        edited?.ok === true && edited.changed ? { kind: "edit", action: edited.action } : { kind: "approve" },
        given,
      ),
  });
  const cancel = () => {
    setRejecting(false);
    rejectButton.current?.focus();
  };
  useShortcut("approve", approval);
  useShortcut("reject", () => setRejecting(true));
  useShortcut("edit", onEdit);

  const approveHint = useShortcutHint("approve");
  const rejectHint = useShortcutHint("reject");
  const editHint = useShortcutHint("edit");
  const problem =
    card.kind === "problem" ? `Can't be decided: ${card.error}` : refused === null ? null : `Not decided: ${refused}`;
  return (
    <>
      <ObstacleNotice />
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
        <ApproveButton
          approval={approval}
          name={isEdited ? "Approve edited" : "Approve"}
          risky={risky}
          enabled={canApprove}
          arming={card.kind === "arming"}
          hint={approveHint.label}
          keyShortcuts={approveHint.aria}
        />
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

/** A key that is held down must not decide again and again: its repeats do nothing. */
function ignoreRepeats(event: KeyboardEvent): void {
  if (event.repeat) event.preventDefault();
}
