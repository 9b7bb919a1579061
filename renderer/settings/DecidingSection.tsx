import { NumberInput, Switch } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Preferences } from "../../shared/preferences.ts";
import { useApp, usePreferences, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";

type DelayName = "armingMs" | "holdMs" | "confirmMs";

const DELAYS: readonly {
  readonly name: DelayName;
  readonly label: string;
  readonly words: string;
  readonly min: number;
  readonly max: number;
}[] = [
  {
    name: "armingMs",
    label: "Arming delay",
    words: "From the moment a card is painted until it can be decided.",
    min: 100,
    max: 5000,
  },
  {
    name: "holdMs",
    label: "Held approval",
    words: "How long Approve is held for something risky.",
    min: 300,
    max: 5000,
  },
  {
    name: "confirmMs",
    label: "Time to confirm",
    words: "For those who can't hold: after a short press, how long Confirm stays.",
    min: 1000,
    max: 15_000,
  },
];

/** Delays of decisions, and what calls the operator. */
export function DecidingSection() {
  const { notify, sound, anyInput, mayPaste } = usePreferences();
  // On X11 every character can be typed.
  const pastes = useApp(({ info }) => info !== null && info.platform !== "linux");
  const { setPreferences } = useVerbs();
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (patch: Partial<Preferences>) => {
    const outcome = await setPreferences(patch);
    setProblem(outcome.ok ? null : outcome.error);
  };
  return (
    <>
      <section className="panel" aria-labelledby="settings-deciding">
        <h3 id="settings-deciding">Deciding</h3>
        <div className="settings-delays">
          {DELAYS.map((delay) => (
            <DelayField key={delay.name} {...delay} onSave={(ms) => void save({ [delay.name]: ms })} />
          ))}
        </div>
        <Switch
          label="Decisions from on-screen keyboards and remote desktop tools count"
          description="On this desktop a decision otherwise needs a key or button of your own mouse or keyboard just before it: other programs here can synthesise clicks."
          checked={anyInput}
          onChange={(event) => void save({ anyInput: event.currentTarget.checked })}
        />
        {pastes ? (
          <Switch
            label="Paste what can't be typed"
            description="A line with characters this system's keyboard path lacks goes over the clipboard, which is put back after that. Otherwise such a text is refused before its first key. Counts from the next session on."
            checked={mayPaste}
            onChange={(event) => void save({ mayPaste: event.currentTarget.checked })}
          />
        ) : null}
        {problem === null ? null : (
          <Notice tone="bad" alert>
            Not changed: {problem}
          </Notice>
        )}
      </section>
      <section className="panel" aria-labelledby="settings-attention">
        <h3 id="settings-attention">When a decision waits and this window is not in front</h3>
        <Switch
          label="Show a notification"
          description="It says that something waits, never what to press; it carries no buttons."
          checked={notify}
          onChange={(event) => void save({ notify: event.currentTarget.checked })}
        />
        <Switch
          label="Play a sound"
          checked={sound}
          onChange={(event) => void save({ sound: event.currentTarget.checked })}
        />
      </section>
    </>
  );
}

type DelayProps = (typeof DELAYS)[number] & { readonly onSave: (ms: number) => void };

/** Saved when the field is left or Enter is pressed, and only within its bounds. */
function DelayField({ name, label, words, min, max, onSave }: DelayProps) {
  const saved = usePreferences()[name];
  const [value, setValue] = useState<number | string>(saved);
  useEffect(() => setValue(saved), [saved]);
  const wrong = typeof value !== "number" || value < min || value > max || !Number.isInteger(value);
  const keep = () => {
    if (!wrong && value !== saved) onSave(value);
  };
  return (
    <NumberInput
      label={label}
      description={words}
      suffix=" ms"
      min={min}
      max={max}
      step={100}
      clampBehavior="none"
      value={value}
      error={wrong ? `A whole number from ${min} to ${max}` : undefined}
      onChange={setValue}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && keep()}
    />
  );
}
