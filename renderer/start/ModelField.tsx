import { Autocomplete, Checkbox, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { MODELS, type Model, modelById, type ToolVersion } from "../../shared/model.ts";
import { formatCost } from "../ui/format.ts";
import { type Errors, type StartForm, versionsFor, withModel } from "./form.ts";

type Props = {
  readonly form: StartForm;
  readonly errors: Errors;
  readonly onChange: (form: StartForm) => void;
};

/** Which model, spoken to through which tool version, and whether it may plan several actions at once. */
export function ModelField({ form, errors, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const versions = versionsFor(form.model);
  const known = modelById(form.model.trim());
  return (
    <>
      <Autocomplete
        label="Model"
        role="combobox"
        aria-expanded={open}
        description={known === null ? "This app does not know it, so its costs can't be counted." : factsOf(known)}
        placeholder="claude-..."
        maxLength={100}
        maxDropdownHeight={330}
        value={form.model}
        error={errors.model}
        data={MODELS.map((model) => model.id)}
        // The chosen model filters nothing away: opening the list shows them all.
        filter={({ options, search }) => {
          if (modelById(search.trim()) !== null) return options;
          const words = search.trim().toLowerCase();
          return options.filter((option) => "value" in option && matches(option.value, words));
        }}
        renderOption={({ option }) => <ModelOption id={option.value} />}
        onDropdownOpen={() => setOpen(true)}
        onDropdownClose={() => setOpen(false)}
        onChange={(model) => onChange(withModel(form, model))}
      />
      {versions.length < 2 ? null : (
        <NativeSelect
          label="Tool version"
          description={
            known === null
              ? "How the model is told of the computer; its provider's documentation says which."
              : "How the model is told of the computer."
          }
          value={form.toolVersion ?? ""}
          error={errors.toolVersion}
          data={[
            { value: "", label: known === null ? "Choose one" : `As the model prefers: ${known.toolVersions[0]}` },
            ...versions.map((version) => ({ value: version, label: version })),
          ]}
          onChange={(event) => onChange({ ...form, toolVersion: versionOf(event.currentTarget.value, versions) })}
        />
      )}
      <Checkbox
        label="One action per turn"
        description="Claude looks after each instead of planning several: slower, easier to judge."
        checked={form.onePerTurn}
        onChange={(event) => onChange({ ...form, onePerTurn: event.currentTarget.checked })}
      />
    </>
  );
}

function ModelOption({ id }: { readonly id: string }) {
  return (
    <span className="model-option">
      <span>{modelById(id)?.name ?? id}</span>
      <span className="mono dim">{id}</span>
    </span>
  );
}

function versionOf(value: string, versions: readonly ToolVersion[]): ToolVersion | null {
  return versions.find((version) => version === value) ?? null;
}

function matches(id: string, words: string): boolean {
  return id.includes(words) || (modelById(id)?.name.toLowerCase().includes(words) ?? false);
}

/** Name and prices, e.g. `Claude Opus 5.5, $4.00 in and $20.00 out per million tokens`. */
function factsOf(model: Model): string {
  if (model.prices === null) return `${model.name}, price unknown`;
  const { input, output } = model.prices;
  return `${model.name}, ${formatCost(input)} in and ${formatCost(output)} out per million tokens`;
}
