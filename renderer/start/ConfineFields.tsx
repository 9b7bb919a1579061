import { ActionIcon, Button, Checkbox, Radio, TextInput } from "@mantine/core";
import { NETWORKS, type Network } from "../../shared/own-desktop.ts";
import { Notice } from "../ui/Notice.tsx";
import { type FormFolder, isConfined, networkOf } from "./form.ts";
import type { OwnProps } from "./OwnDesktopFields.tsx";

const NETWORK: Readonly<Record<Network, readonly [label: string, description: string]>> = {
  own: ["Internet", "Other machines, and none of the services of this one."],
  off: ["Off", "No network at all."],
  shared: ["This machine's", "All that you reach, also what listens on this machine: perhaps your own display."],
};
const ORDER: readonly Network[] = ["own", "off", "shared"];

/** Whether the programs are kept away from the operator's files, and what they get of them. */
export function ConfineFields({ form, errors, offer, onChange }: OwnProps) {
  if (offer === null) return null;
  const confined = isConfined(form, offer);
  const network = networkOf(form, offer);
  return (
    <>
      <Checkbox
        label="Keep the programs away from your files"
        description="They run in a sandbox of their own (bubblewrap), with the system's programs and their home folder."
        checked={confined}
        disabled={offer.confineProblem !== null}
        error={errors.confined}
        onChange={(event) => onChange({ confine: event.currentTarget.checked })}
      />
      {confined && offer.confineProblem === null ? null : (
        <Notice tone="waiting">
          {offer.confineProblem === null ? null : <p>{offer.confineProblem}</p>}
          {confined ? null : <p>Programs there run as you: they can reach your files and your network.</p>}
        </Notice>
      )}
      {confined ? (
        <>
          <Folders folders={form.folders} error={errors.folders} onChange={(folders) => onChange({ folders })} />
          <Radio.Group
            label="Network"
            value={network}
            error={errors.network}
            onChange={(value) => onChange({ network: NETWORKS.find((each) => each === value) ?? null })}
          >
            <div className="options">
              {ORDER.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={NETWORK[value][0]}
                  disabled={value === "own" && offer.networkProblem !== null}
                  description={value === "own" ? (offer.networkProblem ?? NETWORK.own[1]) : NETWORK[value][1]}
                />
              ))}
            </div>
          </Radio.Group>
        </>
      ) : null}
    </>
  );
}

type FoldersProps = {
  readonly folders: readonly FormFolder[];
  readonly error: string | undefined;
  readonly onChange: (folders: readonly FormFolder[]) => void;
};

function Folders({ folders, error, onChange }: FoldersProps) {
  const change = (id: number, to: Partial<FormFolder>) =>
    onChange(folders.map((folder) => (folder.id === id ? { ...folder, ...to } : folder)));
  const next = Math.max(0, ...folders.map(({ id }) => id)) + 1;
  return (
    <fieldset className="folders">
      <legend>Folders of yours that they may use</legend>
      {folders.map((folder, i) => (
        <div key={folder.id} className="folder-line">
          <TextInput
            aria-label={`Folder ${i + 1}`}
            placeholder="/home/you/invoices"
            classNames={{ input: "mono" }}
            value={folder.path}
            error={error !== undefined}
            onChange={(event) => change(folder.id, { path: event.currentTarget.value })}
          />
          <ActionIcon
            variant="default"
            aria-label={`Remove folder ${i + 1}`}
            onClick={() => onChange(folders.filter(({ id }) => id !== folder.id))}
          >
            ×
          </ActionIcon>
          <Checkbox
            label="They may change it"
            checked={folder.writable}
            onChange={(event) => change(folder.id, { writable: event.currentTarget.checked })}
          />
        </div>
      ))}
      {error === undefined ? null : <p className="field-error">{error}</p>}
      <Button
        size="xs"
        variant="default"
        onClick={() => onChange([...folders, { id: next, path: "", writable: false }])}
      >
        Add a folder
      </Button>
    </fieldset>
  );
}
