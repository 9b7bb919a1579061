/** Pictures on disk: `blobs/ab/<sha256>.png`, each written once and never changed. */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { open, readFile, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { journalError } from "./errors.ts";
import { JournalError } from "./journal.ts";
import { sha256Hex } from "./sha256.ts";
import { syncFolder } from "./sync-folder.ts";

/** Unfinished files of a crashed writer older than this are removed; a younger one may belong to a writer at work. */
const LEFTOVER_MS = 10 * 60_000;

/**
 * A picture put again is touched this often, ms: a deletion by another process spares the young ones (deletion.ts), as
 * a session at work may be about to name them.
 */
const FRESH_MS = 60_000;

export class Blobs {
  readonly #root: string;
  /** What is on disk for good, and when that was last made sure of, ms since 1970. */
  readonly #stored = new Map<string, number>();
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
    return !this.#writing.has(sha256) && existsSync(this.path(sha256));
  }

  /** Bytes of a stored picture; 0 when it is not there. */
  size(sha256: string): number {
    return statSync(this.path(sha256), { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * Stores bytes under their hash, durable when it resolves. Throws a JournalError: `damaged` when they don't hash to
   * `sha256`, else why they could not be written.
   */
  async put(bytes: Uint8Array, sha256: string): Promise<void> {
    const path = this.path(sha256);
    if (Date.now() - (this.#stored.get(sha256) ?? 0) < FRESH_MS) return;
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

  /** When a picture was last put, ms since 1970; 0 when it is not there. */
  touchedMs(sha256: string): number {
    return statSync(this.path(sha256), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  /** The names of all pictures there are. */
  names(): readonly string[] {
    if (!existsSync(this.#root)) return [];
    return readdirSync(this.#root)
      .filter((folder) => /^[0-9a-f]{2}$/.test(folder))
      .flatMap((folder) => readdirSync(join(this.#root, folder)))
      .flatMap((file) => /^([0-9a-f]{64})\.png$/.exec(file)?.[1] ?? []);
  }

  /** Removes a picture; nothing happens when it is not there. */
  remove(sha256: string): void {
    this.#stored.delete(sha256);
    rmSync(this.path(sha256), { force: true });
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
      else await touch(path);
      this.#stored.set(sha256, Date.now());
    } catch (error) {
      throw journalError(error, "Storing a picture");
    }
  }

  async #place(bytes: Uint8Array, sha256: string, path: string): Promise<void> {
    const folder = join(this.#root, sha256.slice(0, 2));
    const temporary = join(this.#root, "tmp");
    if (madeFolder(this.#root)) syncFolder(join(this.#root, ".."));
    madeFolder(temporary);
    if (madeFolder(folder)) syncFolder(this.#root);
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

/**
 * Makes a private folder; whether it was not there before. Not by mkdir's `recursive`: on a read-only disk that says
 * "not there" instead of why.
 */
function madeFolder(path: string): boolean {
  if (existsSync(path)) return false;
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another process may have made it since.
    if (existsSync(path)) return false;
    throw error;
  }
}

/** Made sure of now: a failure to say so (another owner's file) only means that it may have to be written again. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}
