/** The settings file: read once, validated, written atomically. Broken values are reported and the rest is kept. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { privacySchema, retentionSchema } from "../../shared/ipc-journal.ts";
import { DEFAULT_PREFERENCES, PREFERENCE_SHAPE, type Preferences } from "../../shared/preferences.ts";
import { writeJson } from "./json-file.ts";

const MOST_REASONS = 6;

const SHAPE = {
  ...PREFERENCE_SHAPE,
  /** Longest wait for a still screen after an action, ms. */
  settleMs: z.int().min(100).max(20_000),
  /** Added to the system prompt of every session. */
  instructions: z.string().max(20_000),
  /** How long sessions stay; null until the operator has answered, and nothing is deleted before. */
  retention: retentionSchema.nullable(),
  /** What is painted black in every picture as it is captured. */
  privacy: privacySchema,
  /** The operator's latest reasons for rejecting, the newest first. */
  reasons: z.array(z.string().min(1).max(2000)).max(MOST_REASONS),
} as const;

export type Settings = { readonly [K in keyof typeof SHAPE]: z.infer<(typeof SHAPE)[K]> };

export const DEFAULTS: Settings = {
  ...DEFAULT_PREFERENCES,
  settleMs: 2000,
  instructions: "",
  retention: null,
  privacy: { regions: [], programs: [] },
  reasons: [],
};

/** What of the settings the window may know and change as preferences. */
export function preferencesOf({
  theme,
  armingMs,
  holdMs,
  confirmMs,
  notify,
  sound,
  anyInput,
  keys,
}: Settings): Preferences {
  return { theme, armingMs, holdMs, confirmMs, notify, sound, anyInput, keys };
}

/** The settings with one more reason for rejecting, the newest first and each once. */
export function withReason(settings: Settings, reason: string): Settings {
  const others = settings.reasons.filter((each) => each !== reason);
  return { ...settings, reasons: [reason, ...others].slice(0, MOST_REASONS) };
}

const VERSION = 1;

export type LoadedSettings = { readonly settings: Settings; readonly problems: readonly string[] };

/** Reads the file; a missing one means the defaults. Each unknown or broken value is a problem that names its path. */
export function loadSettings(file: string): LoadedSettings {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { settings: DEFAULTS, problems: [] };
    return { settings: DEFAULTS, problems: [`settings.json: can't be read, the defaults are used: ${String(error)}`] };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { settings: DEFAULTS, problems: ["settings.json: expected an object; the defaults are used"] };
  }
  const problems: string[] = [];
  const version = "version" in json ? json.version : undefined;
  if (version !== VERSION) problems.push(`settings.json: version: expected ${VERSION}, got ${JSON.stringify(version)}`);
  let settings: Settings = DEFAULTS;
  for (const [name, value] of Object.entries(json)) {
    if (name === "version") continue;
    if (!isName(name)) {
      problems.push(`settings.json: ${name}: unknown setting`);
      continue;
    }
    const parsed = SHAPE[name].safeParse(value);
    if (parsed.success) settings = { ...settings, [name]: parsed.data };
    else
      problems.push(`settings.json: ${name}: ${parsed.error.issues[0]?.message ?? "not valid"}; the default is used`);
  }
  return { settings, problems };
}

/** Writes the file atomically, readable by its owner only. Throws what the file system throws. */
export function saveSettings(file: string, settings: Settings): void {
  writeJson(file, { version: VERSION, ...settings });
}

function isName(name: string): name is keyof typeof SHAPE {
  return Object.hasOwn(SHAPE, name);
}
