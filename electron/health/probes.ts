/** Looks at the machine: what shared/health.ts judges. Everything that differs by system comes in as an argument. */
import { existsSync, mkdtempSync, rmdirSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DisplayFact, HealthFacts, MacPermissions } from "../../shared/health.ts";
import { INSTALLERS, type Installer } from "../../shared/needed-programs.ts";

/** How long the operator's display may take to answer, ms. */
const PATIENCE_MS = 3000;

/** The system's package manager, by the programs in PATH; null when it is none of those known. */
export function installerHere(isFound: (program: string) => boolean): Installer | null {
  return INSTALLERS.find((each) => isFound(each)) ?? null;
}

/**
 * Asks the operator's display for its monitors.
 * @param monitors connects, counts and closes; rejects with an Error in words
 */
export async function displayHere(
  monitors: (() => Promise<number>) | null,
  patienceMs = PATIENCE_MS,
): Promise<DisplayFact> {
  if (monitors === null) return { kind: "none" };
  const late = new AbortController();
  try {
    const silence = sleep(patienceMs, "late" as const, { signal: late.signal });
    const count = await Promise.race([monitors(), silence]);
    if (count === "late") return { kind: "silent", why: `nothing came within ${patienceMs / 1000} s` };
    return { kind: "answers", monitors: count };
  } catch (error) {
    return { kind: "silent", why: error instanceof Error ? error.message : String(error) };
  } finally {
    late.abort();
  }
}

/** Whether the data folder can be written, or made where it is not there yet, and how much room there is. Leaves nothing behind. */
export function dataFolderHere(folder: string): HealthFacts["data"] {
  const there = nearest(folder);
  try {
    // Only trying tells: root may do everything by its rights, on a disk that is read-only or full too.
    rmdirSync(mkdtempSync(join(there, ".countersign-")));
  } catch (error) {
    return { folder, problem: error instanceof Error ? error.message : String(error), freeBytes: null };
  }
  try {
    const { bavail, bsize } = statfsSync(there);
    return { folder, problem: null, freeBytes: bavail * bsize };
  } catch {
    return { folder, problem: null, freeBytes: null };
  }
}

/** The folder itself, or the nearest one above it that there is. */
function nearest(folder: string): string {
  const above = dirname(folder);
  return existsSync(folder) || above === folder ? folder : nearest(above);
}

/** The part of Electron's systemPreferences that is used. */
export type MacPreferences = {
  getMediaAccessStatus(kind: "screen"): string;
  isTrustedAccessibilityClient(prompt: boolean): boolean;
};

const SCREEN_STATES = ["granted", "denied", "restricted", "not-determined"] as const;

/** What macOS allows this app; null on other systems, which ask for nothing. Asking shows no dialog. */
export function permissionsHere(platform: string, preferences: MacPreferences): MacPermissions | null {
  if (platform !== "darwin") return null;
  const said = preferences.getMediaAccessStatus("screen");
  return {
    screen: SCREEN_STATES.find((state) => state === said) ?? "unknown",
    accessibility: preferences.isTrustedAccessibilityClient(false),
  };
}
