/** Signing heads: Ed25519 by node:crypto. Where the private key lives is the caller's business (the OS keychain). */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { signedText } from "./ledger-entry.ts";
import { sha256Hex } from "./sha256.ts";

export type Signer = {
  /** SPKI DER, base64. */
  readonly publicKey: string;
  /** Signs an entry's hash; base64. */
  sign(hash: string): string;
};

/** A new private key: PKCS #8 DER, base64. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
}

/** A signer for a private key that `newPrivateKey` made. Throws when it is none. */
export function signerOf(privateKey: string): Signer {
  const key = createPrivateKey({ key: Buffer.from(privateKey, "base64"), type: "pkcs8", format: "der" });
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
  return { publicKey, sign: (hash) => sign(null, Buffer.from(signedText(hash)), key).toString("base64") };
}

/** Whether `signature` is the key's over an entry's hash; false for anything malformed too. */
export function isSigned(publicKey: string, hash: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), type: "spki", format: "der" });
    const bytes = Buffer.from(signature, "base64");
    // One signature, one text: base64 that decodes alike would hide a changed byte.
    if (bytes.toString("base64") !== signature || key.asymmetricKeyType !== "ed25519") return false;
    return verify(null, Buffer.from(signedText(hash)), key, bytes);
  } catch {
    return false;
  }
}

/** What people compare of a key: SHA-256 of its SPKI DER, lower-case hex. */
export function fingerprint(publicKey: string): string {
  return sha256Hex(Buffer.from(publicKey, "base64"));
}
