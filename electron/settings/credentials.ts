/** The API key: from the environment, or entered by the operator and kept in the OS keychain where there is one. */
import { readFileSync, rmSync } from "node:fs";
import { apiKeySchema, type KeyStatus } from "../../shared/ipc.ts";
import { writeSealed } from "./sealed-file.ts";

/** What is used of Electron's safeStorage. */
export type Keychain = {
  /** Whether a real keychain encrypts (Electron's `basic_text` fallback does not count). */
  available(): boolean;
  encrypt(text: string): Buffer;
  decrypt(bytes: Buffer): string;
};

export class Credentials {
  readonly #file: string;
  readonly #keychain: Keychain;
  readonly #environment: string | null;
  #entered: { readonly key: string; readonly persisted: boolean } | null = null;

  /** @param environment the value of ANTHROPIC_API_KEY, if any */
  constructor(file: string, keychain: Keychain, environment: string | undefined) {
    this.#file = file;
    this.#keychain = keychain;
    this.#environment = environment === undefined || environment.trim() === "" ? null : environment.trim();
  }

  /** Reads a key kept earlier. To be called once the keychain can be asked (Electron is ready). */
  load(): void {
    if (!this.#keychain.available()) return;
    try {
      const key = this.#keychain.decrypt(readFileSync(this.#file));
      this.#entered = key === "" ? null : { key, persisted: true };
    } catch {
      // No file, or one of another keychain: the operator enters the key again.
      this.#entered = null;
    }
  }

  /** The key in use; an entered one goes before the environment's. */
  key(): string | null {
    return this.#entered?.key ?? this.#environment;
  }

  status(): KeyStatus {
    if (this.#entered !== null) return { kind: "entered", persisted: this.#entered.persisted };
    return this.#environment === null ? { kind: "none" } : { kind: "environment" };
  }

  /** Keeps a key: encrypted in a file where a keychain protects it, else in memory until the app ends. */
  set(key: string): void {
    const persisted = this.#keychain.available();
    if (persisted) {
      writeSealed(this.#file, this.#keychain.encrypt(key));
    } else {
      // An older key must not come back once there is a keychain again.
      rmSync(this.#file, { force: true });
    }
    this.#entered = { key, persisted };
  }

  forget(): void {
    rmSync(this.#file, { force: true });
    this.#entered = null;
  }
}

/**
 * Checks the API key of the environment. What it is is never repeated in the error.
 * @throws Error in words that name the variable
 */
export function checkApiKey(value: string | undefined): void {
  if (value === undefined || value.trim() === "") return;
  if (!apiKeySchema.safeParse(value).success) {
    throw new Error("ANTHROPIC_API_KEY: must be one word without spaces or line ends");
  }
}

/**
 * Checks the API's base URL: https, or plain http on loopback only. Returns it as it was understood, without a slash at
 * its end, or null for "the default one". What may be a password is never repeated in the error.
 * @throws Error in words that name the variable
 */
export function checkBaseUrl(value: string | undefined): string | null {
  if (value === undefined || value.trim() === "") return null;
  const shown = value.includes("@") ? "its value" : `"${value.trim()}"`;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new Error(`ANTHROPIC_BASE_URL: ${shown} is not a URL`);
  }
  if (url.username !== "" || url.password !== "")
    throw new Error("ANTHROPIC_BASE_URL: must not carry a user name or password");
  if (url.search !== "" || url.hash !== "")
    throw new Error("ANTHROPIC_BASE_URL: must not carry a query (?...) or a fragment (#...)");
  const loopback = url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw new Error(`ANTHROPIC_BASE_URL: ${shown} must be https (plain http works only on this machine)`);
  }
  const clean = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  return clean === "https://api.anthropic.com" ? null : clean;
}
