/** Pictures on disk: `blobs/ab/<sha256>.png`, each written once and never changed. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./database.ts";
import { journalError } from "./errors.ts";
import { JournalError } from "./journal.ts";

/** Unfinished files of a crashed writer older than this are removed; a younger one may belong to a writer at work. */
const LEFTOVER_MS = 10 * 60_000;

/** SHA-256 as lower-case hex. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

export class Blobs {
  readonly #root: string;
  readonly #stored = new Set<string>();
  readonly #writing = new Map<string, Promise<void>>();

  /** @param dir the store's folder (not `blobs` itself) */
  constructor(dir: string) {
    this.#root = join(dir, "blobs");
  }

  /** The file of a picture, whether it is there or not. Throws a JournalError `not_found` for what is no SHA-256. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256))
      throw new JournalError("not_found", "A picture's name must be a SHA-256 in lower-case hex.");
    return join(this.#root, sha256.slice(0, 2), `${sha256}.png`);
  }

  /** Whether a picture is on disk for good; one that is being written is not. */
  has(sha256: string): boolean {
    if (this.#stored.has(sha256)) return true;
    if (this.#writing.has(sha256) || !existsSync(this.path(sha256))) return false;
    this.#stored.add(sha256);
    return true;
  }

  /**
   * Stores bytes under their hash, durable when it resolves. Throws a JournalError: `damaged` when they don't hash to
   * `sha256`, else why they could not be written.
   */
  async put(bytes: Uint8Array, sha256: string): Promise<void> {
    const path = this.path(sha256);
    if (this.#stored.has(sha256)) return;
    const under = this.#writing.get(sha256);
    if (under !== undefined) return await under;
    if (sha256Hex(bytes) !== sha256)
      throw new JournalError("damaged", `A picture to be stored does not have the hash ${sha256}.`);
    const writing = this.#write(bytes, sha256, path).finally(() => this.#writing.delete(sha256));
    this.#writing.set(sha256, writing);
    await writing;
  }

  /** Reads a picture; a JournalError `not_found`, or `damaged` when it no longer hashes to its name. */
  async read(sha256: string): Promise<Uint8Array> {
    const path = this.path(sha256);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      const failure = journalError(error, "Reading a picture");
      throw failure.code === "not_found" ? new JournalError("not_found", `The picture ${sha256} is missing.`) : failure;
    }
    if (sha256Hex(bytes) !== sha256)
      throw new JournalError("damaged", `The picture ${sha256} is damaged: its bytes were changed.`);
    return bytes;
  }

  /** Removes what a crashed writer left half-written. */
  clean(): void {
    const temporary = join(this.#root, "tmp");
    if (!existsSync(temporary)) return;
    for (const name of readdirSync(temporary)) {
      const file = join(temporary, name);
      const found = statSync(file, { throwIfNoEntry: false });
      if (found !== undefined && Date.now() - found.mtimeMs > LEFTOVER_MS) rmSync(file, { force: true });
    }
  }

  async #write(bytes: Uint8Array, sha256: string, path: string): Promise<void> {
    try {
      // A file that is there but was changed would make this session unprovable: then it is written anew.
      if (!existsSync(path) || sha256Hex(await readFile(path)) !== sha256) await this.#place(bytes, sha256, path);
      this.#stored.add(sha256);
    } catch (error) {
      throw journalError(error, "Storing a picture");
    }
  }

  async #place(bytes: Uint8Array, sha256: string, path: string): Promise<void> {
    const folder = join(this.#root, sha256.slice(0, 2));
    const temporary = join(this.#root, "tmp");
    if (mkdirSync(temporary, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(join(this.#root, ".."));
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(this.#root);
    const unfinished = join(temporary, randomUUID());
    try {
      const file = await open(unfinished, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    // A rename lasts only once its folder is on disk. Not the blocking call: this happens for every picture.
    if (process.platform === "win32") return;
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
