import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes a folder's entries durable. Windows has no such call: its file system journals them. */
export function syncFolder(dir: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
