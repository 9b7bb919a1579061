import { Checkbox, Radio } from "@mantine/core";
import type { StartForm } from "./form.ts";

type Props = {
  readonly form: StartForm;
  readonly error: string | undefined;
  readonly onChange: (change: Partial<StartForm>) => void;
};

/** What each mode does, in one line. */
export const MODES = [
  { value: "ask", label: "Ask", words: "Looking passes; clicks, keys and text wait for you." },
  { value: "look", label: "Look", words: "Claude may look; nothing else ever runs." },
  { value: "watch", label: "Watch", words: "Nothing runs at all; you see what Claude would do." },
] as const;

export function ModeField({ form, error, onChange }: Props) {
  return (
    <div className="panel">
      <Radio.Group
        label="Mode"
        value={form.mode}
        error={error}
        onChange={(value) => onChange({ mode: value === "look" || value === "watch" ? value : "ask" })}
      >
        <div className="options">
          {MODES.map((mode) => (
            <Radio key={mode.value} value={mode.value} label={mode.label} description={mode.words} />
          ))}
        </div>
      </Radio.Group>
      {form.mode === "ask" ? (
        <Checkbox
          label="Ask before looking, too"
          checked={form.askAll}
          onChange={(event) => onChange({ askAll: event.currentTarget.checked })}
        />
      ) : null}
    </div>
  );
}
