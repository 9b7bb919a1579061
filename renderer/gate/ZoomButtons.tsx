import { ActionIcon } from "@mantine/core";
import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { BINDING_LABELS } from "../../shared/key-bindings.ts";
import { useShortcutHint } from "./use-shortcuts.ts";

type Props = {
  readonly enlarged: boolean;
  readonly onStep: (steps: number) => void;
  readonly onFit: () => void;
};

/** The same as the wheel on the picture and the keys. */
export function ZoomButtons({ enlarged, onStep, onFit }: Props) {
  return (
    <div className="zoom-buttons">
      <ZoomButton name="zoomOut" off={!enlarged} Icon={IconZoomOut} onClick={() => onStep(-1)} />
      <ZoomButton name="zoomIn" off={false} Icon={IconZoomIn} onClick={() => onStep(1)} />
      <ZoomButton name="fit" off={!enlarged} Icon={IconMaximize} onClick={onFit} />
    </div>
  );
}

type ButtonProps = {
  readonly name: "zoomIn" | "zoomOut" | "fit";
  readonly off: boolean;
  readonly Icon: typeof IconZoomIn;
  readonly onClick: () => void;
};

function ZoomButton({ name, off, Icon, onClick }: ButtonProps) {
  const hint = useShortcutHint(name);
  return (
    <ActionIcon
      variant="default"
      size={26}
      aria-label={BINDING_LABELS[name]}
      title={`${BINDING_LABELS[name]} (${hint.label})`}
      aria-keyshortcuts={hint.aria}
      aria-disabled={off}
      onClick={onClick}
    >
      <Icon size={16} aria-hidden="true" />
    </ActionIcon>
  );
}
