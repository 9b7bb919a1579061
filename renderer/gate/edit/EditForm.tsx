import { Button, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { ACTION_NAMES, type ActionName } from "../../../shared/action.ts";
import { formatKeys, MODIFIERS, type Modifier, parseModifiers } from "../../../shared/keys.ts";
import { unpaste } from "../../../shared/visible-text.ts";
import { TypedText } from "../../ui/ActionPayload.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { type FieldName, OPTIONAL_POINT, pointsOfKind } from "./draft.ts";
import { type Edit, useEdit } from "./editor.ts";
import { KeysField } from "./KeysField.tsx";
import { DIRECTIONS, FIELDS, KIND_WORDS } from "./kinds.ts";

type Props = {
  readonly edit: Edit;
  readonly kindField: RefObject<HTMLSelectElement | null>;
  readonly onCancel: () => void;
};

/** Every field of the action, as the operator wants it; the points are also on the picture. */
export function EditForm({ edit, kindField, onCancel }: Props) {
  const { change, locked } = useEdit();
  const fields = useRef<HTMLDivElement>(null);
  const { draft, checked, subject } = edit;
  const opened = useRef(draft.action);

  useEffect(() => {
    // Points take the focus themselves, on the picture.
    if (pointsOfKind(opened.current).length > 0) return;
    (fields.current?.querySelector<HTMLElement>("input, textarea") ?? kindField.current)?.focus();
  }, [kindField]);

  const changed = !checked.ok || checked.changed;
  return (
    <fieldset className="edit-form" aria-label="Edit the action" disabled={locked}>
      <div className="edit-head">
        <NativeSelect
          ref={kindField}
          size="xs"
          aria-label="Action"
          value={draft.action}
          data={ACTION_NAMES.map((name) => ({ value: name, label: KIND_WORDS[name] }))}
          onChange={(event) => change({ type: "kind", action: event.currentTarget.value as ActionName })}
        />
        <Button variant="default" size="xs" disabled={!changed} onClick={() => change({ type: "reset" })}>
          Reset
        </Button>
        <Button variant="default" size="xs" aria-label="Cancel edit" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <div ref={fields} className="edit-fields">
        {FIELDS[draft.action].map((field) => (
          <Field key={field} field={field} edit={edit} />
        ))}
      </div>
      {OPTIONAL_POINT.has(draft.action) && draft.x === "" && draft.y === "" && subject.cursor !== null ? (
        <p className="small dim">Without X and Y it acts at Claude's cursor, {subject.cursor.join(", ")}.</p>
      ) : null}
      {draft.action === "type" && draft.text !== "" ? <TypedText text={unpaste(draft.text)} /> : null}
      {checked.ok || checked.field !== null ? null : <Notice tone="bad">{checked.error}</Notice>}
    </fieldset>
  );
}

function Field({ field, edit }: { readonly field: FieldName; readonly edit: Edit }) {
  const { change } = useEdit();
  const { draft, checked } = edit;
  const error = !checked.ok && checked.field === field ? checked.error : undefined;
  const onChange = (value: string) => change({ type: "field", field, value });
  switch (field) {
    case "text":
      return (
        <Textarea
          className="edit-wide"
          size="xs"
          label="Text"
          rows={4}
          value={draft.text}
          error={error}
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "keys":
      return <KeysField value={draft.keys} error={error} onChange={onChange} />;
    case "held":
      return <HeldField value={draft.held} onChange={onChange} />;
    case "direction":
      return (
        <NativeSelect
          size="xs"
          className="edit-direction"
          label="Direction"
          value={draft.direction}
          error={error}
          data={DIRECTIONS}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return <NumberField field={field} draft={draft} error={error} onChange={onChange} />;
  }
}

type NumberName = Exclude<FieldName, "text" | "keys" | "held" | "direction">;
type NumberProps = {
  readonly field: NumberName;
  readonly draft: Edit["draft"];
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
};

const LABELS: Readonly<Record<NumberName, string>> = {
  x: "X",
  y: "Y",
  endX: "X",
  endY: "Y",
  left: "Left",
  top: "Top",
  right: "Right",
  bottom: "Bottom",
  amount: "Amount",
  repeat: "Repeat",
  duration: "Duration",
};
const STEPS: Readonly<Record<string, number>> = { ArrowUp: 10, ArrowDown: -10 };

function NumberField({ field, draft, error, onChange }: NumberProps) {
  const ofStart = draft.action === "left_click_drag" && (field === "x" || field === "y");
  const value = draft[field];
  const seconds = field === "duration";
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || !event.shiftKey || seconds || !/^\d+$/.test(value)) return;
    event.preventDefault();
    onChange(String(Math.max(0, Number(value) + step)));
  };
  return (
    <TextInput
      type="number"
      size="xs"
      label={ofStart ? `Start ${LABELS[field]}` : LABELS[field]}
      {...(seconds ? { rightSection: <span className="small dim">s</span> } : {})}
      placeholder={field === "repeat" ? "once" : ""}
      step={seconds ? "any" : 1}
      min={0}
      value={value}
      error={error}
      onKeyDown={onKeyDown}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type HeldProps = { readonly value: string; readonly onChange: (value: string) => void };

/** The keys held down while the mouse acts. */
function HeldField({ value, onChange }: HeldProps) {
  const parsed = value === "" ? null : parseModifiers(value);
  const down: readonly Modifier[] = parsed?.ok === true ? parsed.combo.modifiers : [];
  const toggle = (modifier: Modifier) => {
    const next = MODIFIERS.filter((each) => (each === modifier) !== down.includes(each));
    onChange(formatKeys({ modifiers: next, key: null }));
  };
  return (
    <fieldset className="edit-held edit-wide">
      <legend>Hold</legend>
      {MODIFIERS.map((modifier) => (
        <Checkbox
          key={modifier}
          size="xs"
          label={modifier}
          checked={down.includes(modifier)}
          onChange={() => toggle(modifier)}
        />
      ))}
    </fieldset>
  );
}
