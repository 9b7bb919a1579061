import { NativeSelect, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { fitToTier } from "../../shared/geometry.ts";
import type { DesktopOffer, InstalledProgram } from "../../shared/ipc-desktop.ts";
import { modelById } from "../../shared/model.ts";
import { ConfineFields } from "./ConfineFields.tsx";
import { type Errors, RECOMMENDED, SIZES, type StartForm, withProgram } from "./form.ts";
import { HomeField } from "./HomeField.tsx";

export type OwnProps = {
  readonly form: StartForm;
  readonly errors: Errors;
  /** Null until main has looked around. */
  readonly offer: DesktopOffer | null;
  readonly onChange: (change: Partial<StartForm>) => void;
};

/** What a desktop of Claude's own is like: size, programs, home folder, confinement. */
export function OwnDesktopFields(props: OwnProps) {
  const { form, errors, offer, onChange } = props;
  return (
    <>
      <div className="where-fields">
        <SizeField {...props} />
        <div className="programs-field">
          <Textarea
            label="Programs"
            description="At the start, one per line."
            placeholder="mousepad"
            rows={2}
            autosize
            maxRows={8}
            className="programs"
            value={form.programs}
            error={errors.programs ?? errors.where}
            onChange={(event) => onChange({ programs: event.currentTarget.value })}
          />
          <ProgramPicker programs={offer?.programs ?? []} onPick={(command) => onChange(withProgram(form, command))} />
        </div>
      </div>
      <HomeField {...props} />
      <ConfineFields {...props} />
    </>
  );
}

const OTHER = "other";

function SizeField({ form, errors, onChange }: OwnProps) {
  const [other, setOther] = useState(!SIZES.some((size) => size === form.size));
  const option = (size: string) => ({ value: size, label: size.replace("x", " × ") });
  return (
    <div className="size-field">
      <NativeSelect
        label="Size"
        description="Of the display, in px."
        value={other ? OTHER : form.size}
        data={[
          { group: "Recommended", items: SIZES.filter((size) => RECOMMENDED.has(size)).map(option) },
          {
            group: "Larger",
            items: [...SIZES.filter((size) => !RECOMMENDED.has(size)).map(option), { value: OTHER, label: "Another" }],
          },
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setOther(value === OTHER);
          if (value !== OTHER) onChange({ size: value });
        }}
      />
      {other ? (
        <TextInput
          aria-label="Width and height"
          placeholder="1600x900"
          value={form.size}
          error={errors.size}
          onChange={(event) => onChange({ size: event.currentTarget.value })}
        />
      ) : null}
      <p className="dim small">{shownAs(form)}</p>
    </div>
  );
}

/** What Claude gets of a display that is too large for its pictures; empty where that is the same. */
function shownAs({ size, model }: StartForm): string {
  const [, w = "0", h = "0"] = /^\s*(\d{3,4})\s*[x×]\s*(\d{3,4})\s*$/.exec(size) ?? [];
  const known = modelById(model.trim());
  if (known === null || w === "0") return "";
  const fitted = fitToTier({ w: Number(w), h: Number(h) }, known.tier);
  return fitted.w === Number(w) ? "" : `This model sees it as ${fitted.w} × ${fitted.h}.`;
}

type PickerProps = { readonly programs: readonly InstalledProgram[]; readonly onPick: (command: string) => void };

function ProgramPicker({ programs, onPick }: PickerProps) {
  const [search, setSearch] = useState("");
  const byId = new Map(programs.map((program) => [program.id, program]));
  return (
    <Select
      aria-label="Add an installed program"
      placeholder={programs.length === 0 ? "No installed programs found" : "Add an installed program"}
      disabled={programs.length === 0}
      searchable
      limit={100}
      maxDropdownHeight={280}
      nothingFoundMessage="None of that name"
      value={null}
      searchValue={search}
      onSearchChange={setSearch}
      data={programs.map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options, search: words }) =>
        options.filter((option) => "value" in option && matches(byId.get(option.value), words.trim().toLowerCase()))
      }
      renderOption={({ option }) => <ProgramOption program={byId.get(option.value)} />}
      onChange={(id) => {
        const program = id === null ? undefined : byId.get(id);
        if (program !== undefined) onPick(program.command);
        setSearch("");
      }}
    />
  );
}

function matches(program: InstalledProgram | undefined, words: string): boolean {
  if (program === undefined) return false;
  return [program.name, program.comment, program.command].some((text) => text.toLowerCase().includes(words));
}

function ProgramOption({ program }: { readonly program: InstalledProgram | undefined }) {
  if (program === undefined) return null;
  return (
    <span className="program-option">
      <span>{program.name}</span>
      <span className="dim small">{program.comment}</span>
    </span>
  );
}
