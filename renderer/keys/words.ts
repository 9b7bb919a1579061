/** API keys in words, promising nothing more than what is done with them. */
import type { KeyEntry, KeyList, KeyVerdict } from "../../shared/ipc-keys.ts";

export const ANTHROPIC = "https://api.anthropic.com";

/** The key in use; null when there is none, or several and none is chosen. */
export function keyInUse({ entries, chosen }: KeyList): KeyEntry | null {
  return entries.find(({ id }) => id === chosen) ?? null;
}

/** `Work, ending in 3f9a`. */
export function keyTitle({ name, tail }: KeyEntry): string {
  return tail === "" ? name : `${name}, ending in ${tail}`;
}

const KEPT: Readonly<Record<KeyEntry["from"], string>> = {
  environment: "comes from ANTHROPIC_API_KEY in the environment",
  keychain: "is stored in this system's keychain",
  memory: "is kept in memory only, until the app ends: this system has no keychain that can keep it",
};

export function keptWords({ from }: KeyEntry): string {
  return KEPT[from];
}

/** Which key is in use and where it is, or why none is. */
export function keyWords(keys: KeyList): string {
  const used = keyInUse(keys);
  if (used !== null) return `The API key in use (${keyTitle(used)}) ${keptWords(used)}.`;
  return keys.entries.length === 0 ? "No API key yet." : "There are several API keys and none is chosen.";
}

/** How a check's outcome is to be taken. */
export const VERDICT_TONE: Readonly<Record<KeyVerdict, "good" | "bad" | "quiet">> = {
  accepted: "good",
  wrong_key: "bad",
  no_access: "bad",
  no_network: "bad",
  later: "quiet",
  other_server: "quiet",
};
