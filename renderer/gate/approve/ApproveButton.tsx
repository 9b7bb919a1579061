import { Button } from "@mantine/core";
import { IconCheck, IconHandClick } from "@tabler/icons-react";
import type { CSSProperties, KeyboardEvent, MouseEvent, PointerEvent } from "react";
import { usePreferences } from "../../store/use-app.ts";
import type { ApprovalHandle } from "./use-approval.ts";

type Props = {
  readonly approval: ApprovalHandle;
  /** `Approve`, `Approve edited`, ...; `Confirm` takes its place after a short press. */
  readonly name: string;
  readonly risky: boolean;
  readonly enabled: boolean;
  readonly arming: boolean;
  /** Beside the name, not part of it. */
  readonly hint: string;
  readonly keyShortcuts?: string | undefined;
  readonly title?: string | undefined;
  readonly size?: "xs" | "sm" | "lg";
  /** Whether it is the main button, in the colour of waiting. */
  readonly main?: boolean;
  readonly className?: string;
};

/** The button that approves. For something risky it fills while it is held, and counts when it is let go full. */
export function ApproveButton(props: Props) {
  const { approval, name, risky, enabled, arming, hint, keyShortcuts, title, size = "lg", main = true } = props;
  const { armingMs, holdMs, confirmMs } = usePreferences();
  const { state, down, up, cancel } = approval;
  const confirming = state === "confirm" || state === "confirmArmed";
  const style = {
    "--arming": `${armingMs}ms`,
    "--hold": `${holdMs}ms`,
    "--confirm": `${confirmMs - armingMs}ms`,
  } as CSSProperties;

  const onPointerDown = (event: PointerEvent) => {
    if (risky && event.button === 0) down();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.repeat) return event.preventDefault();
    if (event.key === "Escape") return cancel();
    if (!risky || !isPress(event)) return;
    // The button's own click would come with the key as well.
    event.preventDefault();
    down();
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (!risky || !isPress(event)) return;
    event.preventDefault();
    up();
  };
  const onClick = (event: MouseEvent) => {
    if (!risky) return down();
    // Assistive technology clicks without a pointer or a key: the same as a short press.
    if (event.detail !== 0) return;
    down();
    up();
  };
  return (
    <Button
      color="amber.5"
      variant={main ? "filled" : "default"}
      size={size}
      className={`approve${main ? " approve-main" : ""} ${props.className ?? ""}`}
      leftSection={
        main ? (
          confirming ? (
            <IconHandClick size={18} aria-hidden="true" />
          ) : (
            <IconCheck size={18} aria-hidden="true" />
          )
        ) : undefined
      }
      aria-keyshortcuts={keyShortcuts}
      aria-disabled={!enabled}
      aria-description={risky && !confirming ? "Risky: hold it, or press it and then Confirm" : undefined}
      title={title}
      data-arming={arming || state === "confirm"}
      data-hold={state}
      style={style}
      onPointerDown={onPointerDown}
      onPointerUp={up}
      onPointerLeave={() => state !== "confirm" && state !== "confirmArmed" && cancel()}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onClick={onClick}
    >
      {confirming ? "Confirm" : name}
      <span className="keys" aria-hidden="true">
        {hintFor(state, risky, hint, main)}
      </span>
    </Button>
  );
}

/** What the hand has to do next. */
function hintFor(state: ApprovalHandle["state"], risky: boolean, hint: string, isKey: boolean): string {
  switch (state) {
    case "pressing":
    case "holding":
      return "keep holding";
    case "full":
      return "now let go";
    case "confirm":
    case "confirmArmed":
      return hint;
    case "idle":
      if (!risky || hint === "") return hint;
      return isKey ? `hold ${hint}` : `${hint}, hold`;
  }
}

function isPress(event: KeyboardEvent): boolean {
  return (event.key === "Enter" || event.key === " ") && !event.ctrlKey && !event.metaKey && !event.altKey;
}
