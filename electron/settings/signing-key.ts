/** The key that signs the record's heads: made once, kept encrypted by the OS keychain, nowhere without one. */
import { readFileSync } from "node:fs";
import type { Keychain } from "./keychain.ts";
import { writeSealed } from "./sealed-file.ts";

/**
 * The private key kept in `file`, or a new one of `newKey()` when there is none yet; null where no keychain protects it.
 * A file that this keychain can't open is replaced: the record shows that another key signs from here on.
 */
export function loadSigningKey(file: string, keychain: Keychain, newKey: () => string): string | null {
  if (!keychain.available()) return null;
  try {
    const kept = keychain.decrypt(readFileSync(file));
    if (kept !== "") return kept;
  } catch {
    // No file, or one of another keychain.
  }
  const key = newKey();
  writeSealed(file, keychain.encrypt(key));
  return key;
}
