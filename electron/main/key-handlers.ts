/** Answers the window's questions about API keys. */

import type { Request } from "../../shared/ipc.ts";
import type { KeyAdded, KeyCheck, KeyEntry, KeyList, KeyReplies } from "../../shared/ipc-keys.ts";
import { sentence } from "../../shared/sentence.ts";
import { checkBaseUrl } from "../settings/api-environment.ts";
import type { KeyRing } from "../settings/key-ring.ts";
import type { Handlers } from "../windows/ipc.ts";

type Parts = {
  readonly ring: KeyRing;
  /** Asks the API at this address about a key. */
  readonly ask: (key: string, baseUrl: string | null) => Promise<KeyCheck>;
  readonly changed: () => void;
};

const GONE = { ok: false, error: "There is no such key any more." } as const;

export type Keys = {
  /** What the window may know of them. */
  readonly list: () => KeyList;
  readonly handlers: Pick<Handlers, keyof KeyReplies>;
};

/** The keys for the window. What a check said is remembered until the app ends. */
export function keysForWindow({ ring, ask, changed }: Parts): Keys {
  const checks = new Map<string, KeyCheck>();
  /** Runs a change; what could not be written is said, and nothing has changed. */
  const change = (run: () => boolean) => {
    try {
      if (!run()) return GONE;
    } catch (error) {
      return notKept(error);
    }
    changed();
    return { ok: true } as const;
  };
  const add = async (request: Request<"key.set">): Promise<KeyAdded> => {
    const { key, name, baseUrl: given, check: wanted = false } = request;
    let address: string | null | undefined;
    try {
      address = given === undefined || given.trim() === "" ? undefined : checkBaseUrl(given, "Address");
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
    const check = wanted ? await ask(key, address === undefined ? ring.defaultAddress : address) : null;
    if (check?.verdict === "wrong_key")
      return { ok: false, error: `${sentence(check.message)} ${check.advice ?? ""}`.trim() };
    try {
      const id = ring.add(key, name, address);
      if (check !== null) checks.set(id, check);
      changed();
      return { ok: true, id, check };
    } catch (error) {
      return notKept(error);
    }
  };
  const entry = (each: Omit<KeyEntry, "check">): KeyEntry => ({ ...each, check: checks.get(each.id) ?? null });
  return {
    list: () => ({
      entries: ring.entries().map(entry),
      chosen: ring.current()?.id ?? null,
      keychain: ring.keychain,
    }),
    handlers: {
      "key.set": add,
      "key.check": async ({ id }) => {
        const found = ring.find(id);
        if (found === null) return GONE;
        const check = await ask(found.key, found.baseUrl);
        checks.set(id, check);
        changed();
        return { ok: true, check };
      },
      "key.rename": ({ id, name }) => change(() => ring.rename(id, name)),
      "key.choose": ({ id }) => change(() => ring.choose(id)),
      "key.forget": ({ id }) => change(() => ring.forget(id)),
    },
  };
}

function notKept(error: unknown) {
  const why = error instanceof Error ? error.message : String(error);
  return { ok: false, error: `The keys could not be written, so nothing has changed: ${why}` } as const;
}
