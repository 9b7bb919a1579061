import { ActionIcon } from "@mantine/core";
import { IconArrowsDiagonal } from "@tabler/icons-react";
import { useShortcut, useShortcutHint } from "../gate/use-shortcuts.ts";
import { useVerbs } from "../store/use-app.ts";

/** Back to the whole window. */
export function ExpandButton() {
  const { strip, nextWaiting } = useVerbs();
  const hint = useShortcutHint("strip");
  useShortcut("strip", () => void strip(false));
  useShortcut("nextWaiting", () => nextWaiting(1));
  useShortcut("previousWaiting", () => nextWaiting(-1));
  return (
    <ActionIcon
      variant="default"
      size={34}
      aria-label="Expand"
      title={`Expand (${hint.label})`}
      aria-keyshortcuts={hint.aria}
      onClick={() => void strip(false)}
    >
      <IconArrowsDiagonal size={18} aria-hidden="true" />
    </ActionIcon>
  );
}
