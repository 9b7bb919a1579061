/**
 * The API keys: from the environment, and those the operator entered, kept in the OS keychain where there is one and else in
 * memory until the app ends. Each is bound to one address and goes nowhere else.
 */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT_KEY, type KeyEntry } from "../../shared/ipc-keys.ts";
import { KEY_FILES, readKeys, type StoredKey, writeKeys } from "./key-file.ts";
import type { Keychain } from "./keychain.ts";

export type KeyRingParts = {
  /** The data folder. */
  readonly dir: string;
  readonly keychain: Keychain;
  readonly environment: {
    /** The value of ANTHROPIC_API_KEY, if any. */
    readonly key: string | undefined;
    /** The address of ANTHROPIC_BASE_URL as `checkBaseUrl` understood it; null for Anthropic's own. */
    readonly baseUrl: string | null;
  };
  /** A fresh id: 8 to 20 digits and small letters. */
  readonly newId: () => string;
};

type Held = StoredKey & { readonly from: KeyEntry["from"] };

/** A key shorter than this would be given away by its last four characters. */
const LEAST_FOR_TAIL = 20;

export class KeyRing {
  readonly #parts: KeyRingParts;
  #entered: readonly Held[] = [];
  #chosen: string | null = null;
  /** Why what is stored could not be opened; null when it was. */
  #unread: string | null = null;
  #loaded = false;

  constructor(parts: KeyRingParts) {
    this.#parts = parts;
  }

  /**
   * Reads what is kept, once. To be called when the keychain can be asked (Electron is ready); where it can't yet, what is
   * kept is read before anything is written over it.
   */
  load(): void {
    const { dir, keychain, environment, newId } = this.#parts;
    if (this.#loaded || !keychain.available()) return;
    this.#loaded = true;
    try {
      // The one key of earlier versions went wherever the environment said.
      const { baseUrl } = environment;
      const kept = readKeys(dir, keychain, (key) => ({ id: newId(), name: "Key 1", baseUrl, key }));
      if (kept === null) return;
      this.#entered = [...kept.keys.map((key): Held => ({ ...key, from: "keychain" })), ...this.#entered];
      this.#chosen ??= kept.chosen;
      if (kept.isOld) this.#write();
    } catch {
      this.#unread =
        "The stored API keys can't be opened by this system's keychain; enter them again. What was stored is kept beside as keys.bin.unread.";
    }
  }

  /** What the operator has to know about what is stored; null when all is well. */
  get problem(): string | null {
    return this.#unread;
  }

  /** Where requests go now: the address of the key in use, else the environment's; null for Anthropic's own. */
  get address(): string | null {
    const now = this.current();
    return now === null ? this.#parts.environment.baseUrl : now.baseUrl;
  }

  /** Where a key goes whose address was not given; null for Anthropic's own. */
  get defaultAddress(): string | null {
    return this.#parts.environment.baseUrl;
  }

  /** Whether a keychain can keep keys now. */
  get keychain(): boolean {
    return this.#parts.keychain.available();
  }

  entries(): readonly Omit<KeyEntry, "check">[] {
    return this.#all().map(({ id, name, baseUrl, key, from }) => ({ id, name, baseUrl, from, tail: tailOf(key) }));
  }

  /** The key in use: the chosen one, else the environment's, else the only one there is. */
  current(): StoredKey | null {
    const all = this.#all();
    const [first] = all;
    const otherwise = first?.id === ENVIRONMENT_KEY || all.length === 1 ? (first ?? null) : null;
    return all.find(({ id }) => id === this.#chosen) ?? otherwise;
  }

  /**
   * The key in use, when it belongs to this address: no other key is ever sent there. Where another is in use by now, the one
   * that was when a session began, as long as it is kept.
   * @param began its id
   */
  keyFor(baseUrl: string | null, began: string | null = null): string | null {
    const kept = began === null ? null : this.find(began);
    return [this.current(), kept].find((key) => key !== null && key.baseUrl === baseUrl)?.key ?? null;
  }

  find(id: string): StoredKey | null {
    return this.#all().find((key) => key.id === id) ?? null;
  }

  /** Every key, to be taken out of whatever is written. */
  secrets(): readonly string[] {
    return this.#all().map(({ key }) => key);
  }

  /**
   * Keeps a key and chooses it.
   * @param baseUrl as `checkBaseUrl` understood it; undefined for the environment's
   * @returns its id
   */
  add(key: string, name: string | undefined, baseUrl: string | null | undefined): string {
    this.load();
    const { environment, newId } = this.#parts;
    const id = newId();
    const held: Held = {
      id,
      name: name ?? this.#freeName(),
      baseUrl: baseUrl === undefined ? environment.baseUrl : baseUrl,
      key,
      from: this.keychain ? "keychain" : "memory",
    };
    this.#change([...this.#entered, held], id);
    return id;
  }

  /** False when there is none of this id that can be renamed. */
  rename(id: string, name: string): boolean {
    this.load();
    if (!this.#entered.some((key) => key.id === id)) return false;
    this.#change(
      this.#entered.map((key) => (key.id === id ? { ...key, name } : key)),
      this.#chosen,
    );
    return true;
  }

  choose(id: string): boolean {
    this.load();
    if (this.find(id) === null) return false;
    this.#change(this.#entered, id);
    return true;
  }

  forget(id: string): boolean {
    this.load();
    if (!this.#entered.some((key) => key.id === id)) return false;
    this.#change(
      this.#entered.filter((key) => key.id !== id),
      this.#chosen === id ? null : this.#chosen,
    );
    return true;
  }

  #all(): readonly Held[] {
    const { key, baseUrl } = this.#parts.environment;
    const trimmed = (key ?? "").trim();
    if (trimmed === "") return this.#entered;
    const environment: Held = {
      id: ENVIRONMENT_KEY,
      name: "ANTHROPIC_API_KEY",
      baseUrl,
      key: trimmed,
      from: "environment",
    };
    return [environment, ...this.#entered];
  }

  #freeName(): string {
    const taken = new Set(this.#entered.map(({ name }) => name));
    for (let n = 1; ; n += 1) if (!taken.has(`Key ${n}`)) return `Key ${n}`;
  }

  /** Nothing changes when it can't be written. */
  #change(entered: readonly Held[], chosen: string | null): void {
    const before = [this.#entered, this.#chosen] as const;
    this.#entered = entered;
    this.#chosen = chosen;
    try {
      this.#write();
    } catch (error) {
      [this.#entered, this.#chosen] = before;
      throw error;
    }
  }

  #write(): void {
    const { dir, keychain } = this.#parts;
    if (!keychain.available()) return;
    if (this.#unread !== null) {
      for (const name of KEY_FILES) {
        if (existsSync(join(dir, name))) renameSync(join(dir, name), join(dir, "keys.bin.unread"));
      }
      this.#unread = null;
    }
    const keys = this.#entered
      .filter(({ from }) => from === "keychain")
      .map(({ id, name, baseUrl, key }) => ({ id, name, baseUrl, key }));
    writeKeys(dir, keychain, { chosen: this.#chosen, keys });
  }
}

function tailOf(key: string): string {
  return key.length < LEAST_FOR_TAIL ? "" : key.slice(-4);
}
