import { NativeSelect } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { AppInfo } from "../../shared/ipc.ts";
import { KeyForm } from "../keys/KeyForm.tsx";
import { keyTitle, keyWords } from "../keys/words.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { PracticeOffer } from "./PracticeOffer.tsx";

/** The start view's line about the key; without one, the way to enter it and the way to try the app without. */
export function KeyLine({ info }: { readonly info: AppInfo }) {
  const { keys } = info;
  const verbs = useVerbs();
  const { entries, chosen } = keys;
  return (
    <section className="panel" aria-label="API key">
      <p className="icon-line">
        <IconKey size={16} aria-hidden="true" />
        <span>{keyWords(keys)}</span>
      </p>
      {entries.length < 2 ? null : (
        <NativeSelect
          label="Key in use"
          value={chosen ?? ""}
          data={[
            ...(chosen === null ? [{ value: "", label: "Choose one" }] : []),
            ...entries.map((entry) => ({ value: entry.id, label: keyTitle(entry) })),
          ]}
          onChange={(event) => {
            const id = event.currentTarget.value;
            if (id !== "") void verbs.keys.choose(id);
          }}
        />
      )}
      {info.baseUrl === null ? null : (
        <Notice tone="quiet">
          Requests go to <span className="mono">{info.baseUrl}</span>, not to Anthropic's own address.
        </Notice>
      )}
      {entries.length > 0 ? null : (
        <>
          <KeyForm />
          <PracticeOffer info={info} />
        </>
      )}
    </section>
  );
}
