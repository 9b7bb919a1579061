import { NumberInput } from "@mantine/core";
import type { DraftPolicy } from "./draft.ts";

type Props = { readonly lease: DraftPolicy["lease"]; readonly onChange: (lease: DraftPolicy["lease"]) => void };

const FIELDS = [
  ["actions", "Actions", 1],
  ["minutes", "Minutes", 1],
  ["costUsd", "USD", 0.5],
  ["consecutive", "In a row", 1],
] as const;

/** How far it goes by itself before it asks again. */
export function LeaseFields({ lease = {}, onChange }: Props) {
  const set = (field: string, value: string | number) => {
    const { [field]: _, ...others } = lease;
    const next = value === "" ? others : { ...others, [field]: value };
    onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  return (
    <fieldset className="lease-fields">
      <legend>Lease: how far it goes before it asks again</legend>
      {FIELDS.map(([field, label, step]) => {
        const value = lease[field];
        return (
          <NumberInput
            key={field}
            label={label}
            placeholder="no bound"
            min={0}
            step={step}
            value={typeof value === "number" ? value : ""}
            onChange={(given) => set(field, given)}
          />
        );
      })}
    </fieldset>
  );
}
