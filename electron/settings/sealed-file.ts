import { renameSync, rmSync, writeFileSync } from "node:fs";

/** Writes what a keychain encrypted: a fresh file each time, as an old one could be readable by others or half written. */
export function writeSealed(file: string, sealed: Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, sealed, { mode: 0o600, flag: "wx" });
  renameSync(temporary, file);
}
