import { Button, TextInput } from "@mantine/core";
import { useCallback, useState } from "react";
import { useKeyCapture } from "./use-key-capture.ts";

type Props = {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
};

/** A key combination, written or pressed. */
export function KeysField({ value, error, onChange }: Props) {
  const [capturing, setCapturing] = useState(false);
  const end = useCallback(() => setCapturing(false), []);
  useKeyCapture(capturing, onChange, end);
  return (
    <div className="edit-keys edit-wide">
      <TextInput
        size="xs"
        label="Keys"
        value={value}
        error={error}
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Button variant="default" size="xs" aria-pressed={capturing} onClick={() => setCapturing(true)} onBlur={end}>
        Press keys
      </Button>
      <p className="small dim" aria-live="polite">
        {capturing ? "Press the keys now. Escape goes back." : ""}
      </p>
    </div>
  );
}
