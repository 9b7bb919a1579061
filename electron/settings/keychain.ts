/** What is used of Electron's safeStorage. */
export type Keychain = {
  /** Whether a real keychain encrypts (Electron's `basic_text` fallback does not count). */
  available(): boolean;
  encrypt(text: string): Buffer;
  decrypt(bytes: Buffer): string;
};

/** The part of Electron's safeStorage that is used; `getSelectedStorageBackend` exists on Linux only. */
type SafeStorage = {
  isEncryptionAvailable(): boolean;
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
};

/**
 * The operating system's keychain. Electron's Linux fallback `basic_text` encrypts with a password that is in its source: as good
 * as none, so it counts as none. Nor does `unknown`, which Electron says before it is ready.
 */
export function systemKeychain(storage: SafeStorage, platform: NodeJS.Platform = process.platform): Keychain {
  const none = new Set(["basic_text", "unknown", undefined]);
  return {
    available: () =>
      storage.isEncryptionAvailable() && (platform !== "linux" || !none.has(storage.getSelectedStorageBackend?.())),
    encrypt: (text) => storage.encryptString(text),
    decrypt: (bytes) => storage.decryptString(bytes),
  };
}
