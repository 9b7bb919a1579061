import type { KeyCheck } from "../../shared/ipc-keys.ts";
import { Notice } from "../ui/Notice.tsx";
import { VERDICT_TONE } from "./words.ts";

/** What the API said of a key, and what to do. */
export function CheckNotice({ check }: { readonly check: KeyCheck }) {
  return (
    <Notice tone={VERDICT_TONE[check.verdict]} alert>
      <p>{check.message}</p>
      {check.advice === null ? null : <p>{check.advice}</p>}
    </Notice>
  );
}
