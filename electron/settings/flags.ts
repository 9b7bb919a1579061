/** The app's command line (design: interfaces.md). Bad flags start nothing and exit 6. */
import { resolve } from "node:path";
import { DEFAULT_MODEL, MODELS, modelById } from "../../shared/model.ts";
import {
  folderSchema,
  type Home,
  homeSchema,
  MOST_PROGRAMS,
  NETWORKS,
  type Network,
  type SharedFolder,
} from "../../shared/own-desktop.ts";
import type { Mode } from "../../shared/policy/format.ts";
import type { Limits, Where } from "../../shared/session-event.ts";
import { readPolicyFile } from "./policies.ts";

export type Flags = {
  readonly userDataDir: string | null;
  readonly task: string | null;
  readonly where: Where | null;
  /** What a desktop of Claude's own begins with. */
  readonly programs: readonly string[];
  /** Null: a fresh one. */
  readonly home: Home | null;
  /** Null: where this machine can. */
  readonly confine: boolean | null;
  readonly folders: readonly SharedFolder[];
  /** Null: one of the programs' own where this machine can, and else none. */
  readonly network: Network | null;
  readonly mode: Mode | null;
  readonly model: string | null;
  readonly limits: Limits;
  readonly operator: boolean;
  readonly exitWhenDone: boolean;
  readonly practice: boolean;
  readonly health: boolean;
};

/** What is wrong with a flag, in words that name it. */
export class FlagError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FlagError";
  }
}

/** Flags of Electron and Chromium that may stand among ours; they are not ours to judge. */
const FOREIGN =
  /^--(no-sandbox|inspect(-brk)?(=.*)?|remote-debugging-(port|pipe)(=.*)?|force-device-scale-factor(=.*)?|enable-logging(=.*)?|ozone-platform(-hint)?(=.*)?|disable-gpu|disable-dev-shm-usage|force-color-profile(=.*)?|lang(=.*)?|enable-features(=.*)?|disable-features(=.*)?|force-prefers-reduced-motion|password-store(=.*)?|allow-pre-commit-input|v=.*|vmodule=.*)$/;

const TAKES_VALUE = new Set([
  "user-data-dir",
  "task",
  "where",
  "program",
  "home",
  "confine",
  "folder",
  "network",
  "policy",
  "model",
  "max-steps",
  "max-minutes",
  "max-usd",
]);
/** Those that may be given several times. */
const LISTS = new Set(["program", "folder"]);
const SWITCHES = new Set(["no-operator", "exit-when-done", "practice", "health"]);

/**
 * Reads the flags after the program's own name. Values may follow `=` or a space. Throws a FlagError that names the
 * flag and says what to do.
 */
export function parseFlags(argv: readonly string[]): Flags {
  const values = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  for (let i = 0; i < argv.length; i += 1) {
    const argument = argv[i] ?? "";
    if (FOREIGN.test(argument)) continue;
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument);
    if (match === null) throw new FlagError(`${argument}: is not a flag; see README.md for the list`);
    const [, name = "", inline] = match;
    if (values.has(name)) throw new FlagError(`--${name}: is given twice`);
    if (SWITCHES.has(name)) {
      if (inline !== undefined) throw new FlagError(`--${name}: takes no value`);
      values.set(name, "");
    } else if (TAKES_VALUE.has(name)) {
      const value = inline ?? argv[i + 1];
      if (value === undefined || value.trim() === "") throw new FlagError(`--${name}: needs a value`);
      if (inline === undefined && value.startsWith("--")) {
        throw new FlagError(`--${name}: needs a value; for one that starts with dashes write --${name}=${value}`);
      }
      if (inline === undefined) i += 1;
      if (LISTS.has(name)) lists.set(name, [...(lists.get(name) ?? []), value]);
      else values.set(name, value);
    } else {
      throw new FlagError(
        `--${name}: unknown flag; known are ${[...TAKES_VALUE, ...SWITCHES].map((n) => `--${n}`).join(" ")}`,
      );
    }
  }
  const flags: Flags = {
    userDataDir: values.has("user-data-dir") ? resolve(values.get("user-data-dir") ?? "") : null,
    task: values.get("task") ?? null,
    where: values.has("where") ? parseWhere(values.get("where") ?? "") : null,
    programs: programsOf(lists.get("program") ?? []),
    home: values.has("home") ? parseHome(values.get("home") ?? "") : null,
    confine: values.has("confine") ? parseConfine(values.get("confine") ?? "") : null,
    folders: (lists.get("folder") ?? []).map(parseFolder),
    network: values.has("network") ? parseNetwork(values.get("network") ?? "") : null,
    mode: values.has("policy") ? parseMode(values.get("policy") ?? "") : null,
    model: values.has("model") ? parseModel(values.get("model") ?? "") : null,
    limits: {
      steps: amount(values, "max-steps", true),
      minutes: amount(values, "max-minutes", false),
      usd: amount(values, "max-usd", false),
    },
    operator: !values.has("no-operator"),
    exitWhenDone: values.has("exit-when-done"),
    practice: values.has("practice"),
    health: values.has("health"),
  };
  checkTogether(flags);
  const model = modelById(flags.model ?? DEFAULT_MODEL);
  if (model?.prices === null) {
    const unknown = `the price of ${model.name} is not known, so it can't be kept; leave it out, or choose another model`;
    if (flags.limits.usd !== null) throw new FlagError(`--max-usd: ${unknown}`);
    if (flags.mode?.kind === "policy" && flags.mode.policy.lease?.costUsd !== undefined)
      throw new FlagError(`--policy: ${values.get("policy")}: lease.costUsd: ${unknown}`);
  }
  return flags;
}

function parseWhere(value: string): Where {
  if (value === "own") return { kind: "own", size: { w: 1280, h: 800 }, programs: [] };
  if (value === "this") return { kind: "this", monitor: null };
  const monitor = /^this:(.+)$/.exec(value)?.[1];
  if (monitor !== undefined) return { kind: "this", monitor };
  const match = /^own:(\d{3,4})x(\d{3,4})$/.exec(value);
  const size = { w: Number(match?.[1]), h: Number(match?.[2]) };
  if (match === null || size.w < 640 || size.h < 480 || size.w > 7680 || size.h > 4320) {
    throw new FlagError(
      `--where: expected own, own:WIDTHxHEIGHT (640x480 to 7680x4320), this or this:DISPLAY, got "${value}"`,
    );
  }
  return { kind: "own", size, programs: [] };
}

function programsOf(lines: readonly string[]): readonly string[] {
  if (lines.length > MOST_PROGRAMS)
    throw new FlagError(`--program: at most ${MOST_PROGRAMS} can be opened at the start`);
  return lines;
}

function parseHome(value: string): Home {
  if (value === "fresh" || value === "operator") return { kind: value };
  const home = homeSchema.safeParse({ kind: "kept", name: /^kept:(.*)$/s.exec(value)?.[1] });
  if (home.success) return home.data;
  throw new FlagError(
    `--home: expected fresh, kept:NAME (letters, digits, dots, dashes, underscores) or operator, got "${value}"`,
  );
}

function parseConfine(value: string): boolean {
  if (value === "on" || value === "off") return value === "on";
  throw new FlagError(`--confine: expected on or off, got "${value}"`);
}

function parseFolder(value: string): SharedFolder {
  const [, path = "", rights = "ro"] = /^(.*?)(?::(ro|rw))?$/s.exec(value) ?? [];
  const folder = folderSchema.safeParse({ path: resolve(path), writable: rights === "rw" });
  if (path !== "" && folder.success) return folder.data;
  throw new FlagError(`--folder: expected FOLDER, FOLDER:ro or FOLDER:rw, got "${value}"`);
}

function parseNetwork(value: string): Network {
  const network = NETWORKS.find((each) => each === value);
  if (network === undefined) throw new FlagError(`--network: expected ${NETWORKS.join(", ")}, got "${value}"`);
  return network;
}

/** What only confinement can keep is no promise without it. */
function checkTogether({ where, programs, home, confine, folders, network }: Flags): void {
  const own = [
    ["program", programs.length > 0],
    ["home", home !== null],
    ["confine", confine !== null],
    ["folder", folders.length > 0],
    ["network", network !== null],
  ] as const;
  const given = own.filter(([, is]) => is).map(([name]) => name);
  if (where?.kind === "this" && given[0] !== undefined)
    throw new FlagError(`--${given[0]}: is for a desktop of Claude's own; leave out --where=this`);
  const needing = given.find((name) => name === "folder" || name === "network");
  if (confine === false && needing !== undefined)
    throw new FlagError(`--${needing}: needs confinement; leave out --confine=off`);
}

function parseMode(value: string): Mode {
  if (value === "ask") return { kind: "ask", askAll: false };
  if (value === "look" || value === "watch") return { kind: value };
  const read = readPolicyFile(value);
  if (!read.ok) {
    const what = read.error.startsWith("can't be read")
      ? `expected ask, look, watch or a policy file; "${value}" `
      : `${value}: `;
    throw new FlagError(`--policy: ${what}${read.error}`);
  }
  return { kind: "policy", policy: read.policy };
}

function parseModel(value: string): string {
  if (modelById(value) === null) {
    throw new FlagError(`--model: unknown model "${value}"; known are ${MODELS.map((m) => m.id).join(", ")}`);
  }
  return value;
}

function amount(values: ReadonlyMap<string, string>, name: string, whole: boolean): number | null {
  const value = values.get(name);
  if (value === undefined) return null;
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || number <= 0 || (whole && !Number.isSafeInteger(number))) {
    throw new FlagError(`--${name}: expected a ${whole ? "whole " : ""}number above 0, got "${value}"`);
  }
  return number;
}
