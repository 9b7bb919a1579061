/** What the window can ask about API keys. A key goes to main once, when it is entered, and never comes back. */
import { z } from "zod";
import { said } from "./ipc-fields.ts";

/** What can be an API key at all: anything else would end in an error text when it is sent as a header. */
export const apiKeySchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[\x21-\x7e]+$/, { error: "must be one word without spaces or line ends; copy the whole key again" });

const keyName = said(60);
const keyId = z.string().regex(/^[0-9a-z]{8,20}$/, { error: "expected a key's id" });

export const KEY_REQUESTS = {
  "key.set": z.strictObject({
    key: apiKeySchema,
    /** Left out: `Key 1`, `Key 2`, ... */
    name: keyName.optional(),
    /** The only address the key is ever sent to. Left out or empty: the one of the environment, else Anthropic's own. */
    baseUrl: z.string().max(2000).optional(),
    /** Asks the API first; a key that it does not accept is not kept. */
    check: z.boolean().optional(),
  }),
  "key.check": z.strictObject({ id: keyId }),
  "key.rename": z.strictObject({ id: keyId, name: keyName }),
  "key.choose": z.strictObject({ id: keyId }),
  "key.forget": z.strictObject({ id: keyId }),
} as const;

/** The id of the key that ANTHROPIC_API_KEY gives. */
export const ENVIRONMENT_KEY = "environment";

/**
 * What asking the API said of a key. `accepted`: it may use the model. `wrong_key`: not accepted. `no_access`: accepted, but
 * not for this model. `no_network`: the API was not reached. `later`: reached, but busy or failing. `other_server`: what
 * answered is no Claude API, or does not say.
 */
export type KeyVerdict = "accepted" | "wrong_key" | "no_access" | "no_network" | "later" | "other_server";
export type KeyCheck = {
  readonly verdict: KeyVerdict;
  /** What came of it, and what to do; never with anything of the key in it. */
  readonly message: string;
  readonly advice: string | null;
};

/** A key as the window and the command line may know it. */
export type KeyEntry = {
  readonly id: string;
  readonly name: string;
  /** Its last four characters; empty for a key that is too short to show any. */
  readonly tail: string;
  /** The only address it is sent to; null for Anthropic's own. */
  readonly baseUrl: string | null;
  readonly from: "environment" | "keychain" | "memory";
  /** What the last check of this run said; null before the first. */
  readonly check: KeyCheck | null;
};

export type KeyList = {
  readonly entries: readonly KeyEntry[];
  /** The id of the one in use; null when there is none, or several and none is chosen. */
  readonly chosen: string | null;
  /** Whether the system has a keychain that can keep keys; null where that can't be told yet. */
  readonly keychain: boolean | null;
};

type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: string };
export type KeyAdded =
  | { readonly ok: true; readonly id: string; readonly check: KeyCheck | null }
  | { readonly ok: false; readonly error: string };
export type KeyChecked =
  | { readonly ok: true; readonly check: KeyCheck }
  | { readonly ok: false; readonly error: string };

export type KeyReplies = {
  "key.set": KeyAdded;
  "key.check": KeyChecked;
  "key.rename": Outcome;
  "key.choose": Outcome;
  "key.forget": Outcome;
};

export type NewKey = Omit<z.infer<(typeof KEY_REQUESTS)["key.set"]>, "key">;

export type KeyApi = {
  check(id: string): Promise<KeyChecked>;
  rename(id: string, name: string): Promise<Outcome>;
  choose(id: string): Promise<Outcome>;
  forget(id: string): Promise<Outcome>;
};
