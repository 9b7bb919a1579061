import { Autocomplete, NativeSelect } from "@mantine/core";
import { Notice } from "../ui/Notice.tsx";
import type { OwnProps } from "./OwnDesktopFields.tsx";

const KINDS = [
  { value: "fresh", label: "Fresh, deleted at the end" },
  { value: "kept", label: "Kept for later" },
  { value: "operator", label: "Your own" },
] as const;

/** Where the programs keep their settings and files. */
export function HomeField({ form, errors, offer, onChange }: OwnProps) {
  return (
    <>
      <div className="home-fields">
        <NativeSelect
          label="Home folder"
          description="The programs' settings, logins and files."
          value={form.home}
          data={[...KINDS]}
          error={form.home === "kept" ? undefined : errors.home}
          onChange={(event) => {
            const home = KINDS.find(({ value }) => value === event.currentTarget.value)?.value ?? "fresh";
            onChange({ home });
          }}
        />
        {form.home === "kept" ? (
          <Autocomplete
            label="Name"
            description="A new one, or one that was kept."
            placeholder="work"
            maxLength={40}
            data={[...(offer?.homes ?? [])]}
            value={form.homeName}
            error={errors.home}
            onChange={(homeName) => onChange({ homeName })}
          />
        ) : null}
      </div>
      {form.home === "operator" ? (
        <Notice tone="waiting">
          The programs get all of {offer?.ownHome ?? "your home folder"}: your files, browser logins and keys. Claude
          can read and change them.
        </Notice>
      ) : null}
    </>
  );
}
