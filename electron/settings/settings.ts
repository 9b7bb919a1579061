/** The settings file: read once, validated, written atomically. Broken values are reported and the rest is kept. */
import { constants, copyFileSync, existsSync, lstatSync, renameSync } from "node:fs";
import { z } from "zod";
import { chordsProblem } from "../../shared/chords.ts";
import { privacySchema, retentionSchema } from "../../shared/ipc-journal.ts";
import { issueWords } from "../../shared/issue-words.ts";
import { DEFAULT_PREFERENCES, PREFERENCE_SHAPE, type Preferences } from "../../shared/preferences.ts";
import { flawWords, readFlawedJson } from "../../shared/strict-json.ts";
import { writeJson } from "./json-file.ts";
import { readOutsideText } from "./outside-file.ts";

const MOST_REASONS = 6;

/** Every setting with what it may be; docs/SETTINGS.md is tested against it. */
export const SHAPE = {
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
  welcomed,
  mayPaste,
  keys,
  chords,
}: Settings): Preferences {
  return { theme, armingMs, holdMs, confirmMs, notify, sound, anyInput, welcomed, mayPaste, keys, chords };
}

/** The settings with one more reason for rejecting, the newest first and each once. */
export function withReason(settings: Settings, reason: string): Settings {
  const others = settings.reasons.filter((each) => each !== reason);
  return { ...settings, reasons: [reason, ...others].slice(0, MOST_REASONS) };
}

const VERSION = 2;

type Json = Readonly<Record<string, unknown>>;

/** What makes a file of one version one of the next; `UPGRADES[0]` is version 1's. */
const UPGRADES: readonly ((json: Json) => Json)[] = [
  // Version 1 had no first-start page: whoever answered the question of the record is past it.
  (json) => ({ ...json, welcomed: retentionSchema.safeParse(json.retention).success }),
];

/**
 * The file's values as this version has them, and what is wrong with its version. A file of a later version, or of none, is
 * taken as it is: what this version knows of it is read.
 */
function upgraded(json: Json): { readonly json: Json; readonly problem: string | null } {
  const { version } = json;
  const problem = `settings.json: version: expected ${VERSION}, got ${JSON.stringify(version)}`;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1 || version > VERSION)
    return { json, problem };
  return { json: UPGRADES.slice(version - 1).reduce((now, upgrade) => upgrade(now), json), problem: null };
}

export type LoadedSettings = { readonly settings: Settings; readonly problems: readonly string[] };

/** Reads the file; a missing one means the defaults. Each unknown or broken value is a problem that names its path. */
export function loadSettings(file: string): LoadedSettings {
  const read = readOutsideText(file);
  if (!read.ok) {
    const problems = read.missing ? [] : [`settings.json: ${read.error}; the defaults are used`];
    return { settings: DEFAULTS, problems };
  }
  const parsed = readFlawedJson(read.text);
  if (!parsed.ok)
    return { settings: DEFAULTS, problems: [`settings.json: can't be read, the defaults are used: ${parsed.error}`] };
  const { value: json, flaws } = parsed;
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { settings: DEFAULTS, problems: ["settings.json: expected an object; the defaults are used"] };
  }
  const now = upgraded(json as Json);
  const problems = flaws.map((flaw) => `settings.json: ${flawWords(flaw)}; the default is used`);
  if (now.problem !== null) problems.push(now.problem);
  const flawed = new Set(flaws.map(({ path: [name] }) => name));
  let settings: Settings = DEFAULTS;
  for (const [name, value] of Object.entries(now.json)) {
    if (name === "version" || flawed.has(name)) continue;
    if (!isName(name)) {
      problems.push(`settings.json: ${name}: unknown setting`);
      continue;
    }
    const setting = z.object({ [name]: SHAPE[name] }).safeParse({ [name]: value });
    if (setting.success) settings = { ...settings, ...setting.data };
    else problems.push(`settings.json: ${issueWords(setting.error, { [name]: value }, name)}; the default is used`);
  }
  for (const name of ["chords", "keys"] as const) {
    // Each is fine by itself: a key of the window is a chord, too.
    const problem = chordsProblem(settings.chords, settings.keys);
    if (problem === null) break;
    problems.push(`settings.json: ${name}: ${problem}; the default is used`);
    settings = { ...settings, [name]: DEFAULTS[name] };
  }
  return { settings, problems };
}

/** Writes the file atomically, readable by its owner only. Throws what the file system throws. */
export function saveSettings(file: string, settings: Settings): void {
  writeJson(file, { version: VERSION, ...settings });
}

/**
 * Keeps what is under the settings' name under another, before it is written over: what could not be read is the
 * operator's all the same. Throws what the file system throws.
 */
export function setAside(file: string): void {
  const free = (n: number): string => {
    const name = `${file}.broken${n === 1 ? "" : `-${n}`}`;
    return existsSync(name) ? free(n + 1) : name;
  };
  // A copy where it can be had: should the app end before the new file is there, the old one still is.
  if (lstatSync(file).isFile()) copyFileSync(file, free(1), constants.COPYFILE_EXCL);
  else renameSync(file, free(1));
}

function isName(name: string): name is keyof typeof SHAPE {
  return Object.hasOwn(SHAPE, name);
}
