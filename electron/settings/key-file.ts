/** The file of stored keys: what is in it once the keychain has opened it, and how an older one becomes it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { apiKeySchema } from "../../shared/ipc-keys.ts";
import type { Keychain } from "./keychain.ts";
import { writeSealed } from "./sealed-file.ts";

const storedSchema = z.object({
  v: z.literal(1),
  chosen: z.string().nullable(),
  keys: z.array(
    z.object({ id: z.string().min(1), name: z.string().min(1), baseUrl: z.string().nullable(), key: apiKeySchema }),
  ),
});
export type StoredKeys = Omit<z.infer<typeof storedSchema>, "v">;
export type StoredKey = StoredKeys["keys"][number];

/** The one key of earlier versions, as plain text under the keychain. */
const OLD = "key.bin";
const FILE = "keys.bin";

/** What is kept in `dir`; null when there is nothing. Throws when there is something that this keychain can't open. */
export function readKeys(
  dir: string,
  keychain: Keychain,
  old: (key: string) => StoredKey,
): (StoredKeys & { readonly isOld: boolean }) | null {
  const stored = contentOf(join(dir, FILE));
  if (stored !== null) return { ...storedSchema.parse(JSON.parse(keychain.decrypt(stored))), isOld: false };
  const single = contentOf(join(dir, OLD));
  if (single === null) return null;
  const key = old(apiKeySchema.parse(keychain.decrypt(single)));
  return { chosen: key.id, keys: [key], isOld: true };
}

/** Writes the file, whole or not at all; an older one goes once it is written. No keys: no file. */
export function writeKeys(dir: string, keychain: Keychain, keys: StoredKeys): void {
  if (keys.keys.length === 0) rmSync(join(dir, FILE), { force: true });
  else writeSealed(join(dir, FILE), keychain.encrypt(JSON.stringify({ v: 1, ...keys })));
  rmSync(join(dir, OLD), { force: true });
}

/** The names of the files there may be, the newer one first. */
export const KEY_FILES = [FILE, OLD] as const;

function contentOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
