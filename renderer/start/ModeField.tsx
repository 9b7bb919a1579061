import { Checkbox, Radio, Select } from "@mantine/core";
import { useEffect, useState } from "react";
import type { StoredPolicy } from "../../shared/ipc-policy.ts";
import { useVerbs } from "../store/use-app.ts";
import type { StartForm } from "./form.ts";

type Props = {
  readonly form: StartForm;
  readonly error: string | undefined;
  readonly onChange: (change: Partial<StartForm>) => void;
};

/** What each mode does, in one line. */
const MODES = [
  { value: "ask", label: "Ask", words: "Looking passes; clicks, keys and text wait for you." },
  { value: "look", label: "Look", words: "Claude may look; nothing else ever runs." },
  { value: "watch", label: "Watch", words: "Nothing runs at all; you see what Claude would do." },
  { value: "policy", label: "Policy", words: "Rules you wrote say what passes, what waits and what never runs." },
] as const;

export function ModeField({ form, error, onChange }: Props) {
  const { policies } = useVerbs();
  const [stored, setStored] = useState<readonly StoredPolicy[]>([]);
  useEffect(() => {
    void policies.list().then((list) => setStored(list.policies));
  }, [policies]);
  const choose = (name: string | null) =>
    onChange({ policy: stored.find(({ policy }) => policy.name === name)?.policy ?? null });
  return (
    <div className="panel">
      <Radio.Group
        label="Mode"
        value={form.mode}
        error={error}
        onChange={(value) => onChange({ mode: MODES.find((mode) => mode.value === value)?.value ?? "ask" })}
      >
        <div className="options">
          {MODES.map((mode) => (
            <Radio key={mode.value} value={mode.value} label={mode.label} description={mode.words} />
          ))}
        </div>
      </Radio.Group>
      {form.mode === "policy" ? (
        <Select
          label="Policy"
          placeholder={stored.length === 0 ? "none is stored yet; make one under Policy" : "choose one"}
          data={stored.map(({ policy }) => policy.name)}
          value={form.policy?.name ?? null}
          onChange={choose}
        />
      ) : null}
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
