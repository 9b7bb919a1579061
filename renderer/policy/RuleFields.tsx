import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { type ChangeEvent, useState } from "react";
import { ACTION_NAMES } from "../../shared/action.ts";
import { type DraftRule, listOf, numbersOf, textOf, withField } from "./draft.ts";

type Field = Parameters<typeof withField>[1];
type Props = { readonly rule: DraftRule; readonly onChange: (rule: DraftRule) => void };

const EFFECTS = [
  { value: "allow", label: "Allow" },
  { value: "ask", label: "Ask" },
  { value: "deny", label: "Deny" },
];

/** Every field of one rule. Lists take several entries, each closed with Enter; what is empty means any. */
export function RuleFields({ rule, onChange }: Props) {
  const set = (field: Field, value: unknown) => onChange(withField(rule, field, value));
  const text = (field: Field) => ({
    value: textOf(rule[field]),
    onChange: (event: ChangeEvent<HTMLInputElement>) => set(field, event.currentTarget.value),
  });
  /** @param none what an empty list means */
  const list = (field: Field, none: string) => ({
    placeholder: listOf(rule[field]).length === 0 ? none : "",
    value: listOf(rule[field]),
    onChange: (value: string[]) => set(field, value),
  });
  return (
    <div className="rule-fields">
      <TextInput label="Rule id" {...text("id")} />
      <Select
        label="Effect"
        data={EFFECTS}
        allowDeselect={false}
        value={textOf(rule.effect)}
        onChange={(value) => set("effect", value ?? undefined)}
      />
      <MultiSelect
        className="rule-wide"
        label="Actions"
        searchable
        clearable
        data={ACTION_NAMES}
        {...list("actions", "those its conditions are about")}
      />
      <TagsInput label="Programs" {...list("app", "any")} />
      <TextInput label="Window title" placeholder="any" {...text("window")} />
      <RegionFields region={rule.region} onChange={(value) => set("region", value)} />
      <TextInput
        label="Text pattern"
        description="The whole text; \n is Enter"
        placeholder="any"
        classNames={{ input: "mono" }}
        {...text("text")}
      />
      <TagsInput label="Key patterns" description="ctrl+s, Return, super+*" {...list("keys", "any")} />
      <Select
        label="Risk"
        placeholder="any"
        clearable
        data={[
          { value: "ordinary", label: rule.effect === "allow" ? "At most ordinary" : "At least ordinary" },
          { value: "risky", label: rule.effect === "allow" ? "Also risky" : "Risky" },
        ]}
        value={textOf(rule.risk) === "" ? null : textOf(rule.risk)}
        onChange={(value) => set("risk", value ?? undefined)}
      />
      <NumberInput
        label="Most uses"
        placeholder="no bound"
        min={1}
        value={typeof rule.maxUses === "number" ? rule.maxUses : ""}
        onChange={(value) => set("maxUses", value === "" ? undefined : value)}
      />
      <TextInput
        className="rule-wide"
        label="Why"
        placeholder="Claude reads it when this rule denies"
        {...text("reason")}
      />
    </div>
  );
}

type RegionProps = { readonly region: unknown; readonly onChange: (region: unknown) => void };
type Draft = { readonly space?: unknown; readonly of?: unknown; readonly rect?: unknown };

/** Space, size of the picture and edges; the edges are typed as one list so that half a list can stand for a while. */
function RegionFields({ region, onChange }: RegionProps) {
  const now: Draft = typeof region === "object" && region !== null ? region : {};
  const [rect, setRect] = useState(Array.isArray(now.rect) ? now.rect.join(", ") : textOf(now.rect));
  const space = textOf(now.space);
  const choose = (value: string | null) => {
    if (value === null) return onChange(undefined);
    const of = value === "screenshot" ? { of: now.of ?? [1280, 800] } : {};
    onChange({ space: value, ...of, rect: numbersOf(rect) ?? [0, 0, 100, 100] });
    if (rect === "") setRect("0, 0, 100, 100");
  };
  return (
    <>
      <Select
        label="Region of"
        placeholder="anywhere"
        clearable
        data={[
          { value: "window", label: "the window" },
          { value: "screenshot", label: "the picture" },
        ]}
        value={space === "" ? null : space}
        onChange={choose}
      />
      <TextInput
        label="Left, top, right, bottom"
        placeholder="anywhere"
        disabled={space === ""}
        value={space === "" ? "" : rect}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setRect(text);
          onChange({ ...now, rect: numbersOf(text) ?? text });
        }}
      />
    </>
  );
}
