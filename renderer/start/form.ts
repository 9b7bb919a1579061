/** The start view's fields and what they mean; pure. */
import type { StartRequest } from "../../shared/ipc.ts";
import type { DesktopOffer } from "../../shared/ipc-desktop.ts";
import { chooseModel, modelById, TOOL_VERSIONS, type ToolVersion } from "../../shared/model.ts";
import { confinedSchema, type Home, homeSchema, MOST_PROGRAMS, type Network } from "../../shared/own-desktop.ts";
import type { Mode, Policy } from "../../shared/policy/format.ts";

/** Desktop sizes that are offered, px; those that Anthropic recommends for computer use first. */
export const SIZES = ["1280x800", "1366x768", "1280x720", "1024x768", "1920x1080"] as const;
export const RECOMMENDED: ReadonlySet<string> = new Set(SIZES.slice(0, 4));

/** A folder that confined programs may use. */
export type FormFolder = { readonly id: number; readonly path: string; readonly writable: boolean };

/** What is typed and chosen, as text where the field holds text. */
export type StartForm = {
  readonly task: string;
  /** A model's id, of the table or not. */
  readonly model: string;
  /** Null: the model's preferred one. */
  readonly toolVersion: ToolVersion | null;
  readonly onePerTurn: boolean;
  readonly where: "own" | "this";
  /** Of this desktop, the display's name; null for the primary one. */
  readonly monitor: string | null;
  /** `WIDTHxHEIGHT`, one of SIZES or another. */
  readonly size: string;
  /** One command line per line. */
  readonly programs: string;
  readonly home: Home["kind"];
  /** Of a kept home. */
  readonly homeName: string;
  /** Null: where this machine can. */
  readonly confine: boolean | null;
  readonly folders: readonly FormFolder[];
  /** Null: one of the programs' own where this machine can, else none. */
  readonly network: Network | null;
  readonly mode: "ask" | "look" | "watch" | "policy";
  /** The stored policy for the mode `policy`. */
  readonly policy: Policy | null;
  readonly askAll: boolean;
  readonly steps: string;
  readonly minutes: string;
  readonly usd: string;
};

export type Field =
  | ("task" | "model" | "toolVersion" | "mode" | "steps" | "minutes" | "usd")
  | ("where" | "size" | "programs" | "home" | "confined" | "folders" | "network");
export type Errors = Readonly<Partial<Record<Field | "form", string>>>;

export type Checked =
  | { readonly ok: true; readonly request: StartRequest }
  | { readonly ok: false; readonly errors: Errors };

export function emptyForm(defaults: { readonly model: string; readonly programs: readonly string[] }): StartForm {
  return {
    task: "",
    model: defaults.model,
    toolVersion: null,
    onePerTurn: false,
    where: "own",
    monitor: null,
    size: SIZES[0],
    programs: defaults.programs.join("\n"),
    home: "fresh",
    homeName: "",
    confine: null,
    folders: [],
    network: null,
    mode: "ask",
    policy: null,
    askAll: false,
    steps: "100",
    minutes: "60",
    usd: "5",
  };
}

/** The tool versions to choose from for a model: its own, or all when it is not in the table; none without a model. */
export function versionsFor(model: string): readonly ToolVersion[] {
  if (model.trim() === "") return [];
  return modelById(model.trim())?.toolVersions ?? TOOL_VERSIONS;
}

/** The form with another model; a tool version it does not take goes back to the preferred one. */
export function withModel(form: StartForm, model: string): StartForm {
  const keeps = form.toolVersion !== null && versionsFor(model).includes(form.toolVersion);
  return { ...form, model, toolVersion: keeps ? form.toolVersion : null };
}

/** What of the machine decides over what is not chosen. */
export type Here = Pick<DesktopOffer, "confine" | "confineProblem" | "networkProblem">;

/** Whether the programs will be confined. */
export function isConfined(form: StartForm, here: Here): boolean {
  return form.confine ?? (here.confine && here.confineProblem === null);
}

/** The network that confined programs will have. */
export function networkOf(form: StartForm, here: Here): Network {
  return form.network ?? (here.networkProblem === null ? "own" : "off");
}

/** The form with one more program at the end. */
export function withProgram(form: StartForm, command: string): StartForm {
  const before = form.programs.trimEnd();
  return { ...form, programs: before === "" ? command : `${before}\n${command}` };
}

/** The request of a form, or what is wrong with which field. Main checks it again. */
export function checkForm(form: StartForm, here: Here): Checked {
  const errors: Partial<Record<Field, string>> = {};
  const task = form.task.trim();
  if (task === "") errors.task = "Say what Claude should do.";
  else if (task.length > 20_000) errors.task = `Has ${task.length} characters; at most 20,000 fit.`;

  const where = form.where === "own" ? ownOf(form, here) : { where: { kind: "this", monitor: form.monitor } as const };
  if ("errors" in where) Object.assign(errors, where.errors);

  const model = form.model.trim();
  const choice = chooseModel(model, form.toolVersion);
  if (model === "") errors.model = "Choose a model, or type its id.";
  else if (model.length > 100) errors.model = "A model's id has at most 100 characters.";
  else if (!choice.ok) errors.toolVersion = "This app does not know this model: choose the tool version it takes.";

  const steps = limitOf(form.steps, 100_000, true);
  const minutes = limitOf(form.minutes, 10_000, false);
  const usd = limitOf(form.usd, 100_000, false);
  if (typeof steps === "string") errors.steps = steps;
  if (typeof minutes === "string") errors.minutes = minutes;
  if (typeof usd === "string") errors.usd = usd;
  if (typeof steps === "string" || typeof minutes === "string" || typeof usd === "string") return { ok: false, errors };
  const mode = modeOf(form);
  if (mode === null) errors.mode = "Choose a policy; you make them under Policy.";
  if (mode === null || !choice.ok || "errors" in where || Object.keys(errors).length > 0) return { ok: false, errors };

  return {
    ok: true,
    request: {
      task,
      model,
      toolVersion: form.toolVersion,
      effort: choice.model.effort,
      onePerTurn: form.onePerTurn,
      where: where.where,
      mode,
      limits: { steps, minutes, usd },
    },
  };
}

type OwnWhere = Extract<StartRequest["where"], { kind: "own" }>;

function ownOf(form: StartForm, here: Here): { readonly where: OwnWhere } | { readonly errors: Errors } {
  const errors: Partial<Record<Field, string>> = {};
  const programs = form.programs
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (programs.length > MOST_PROGRAMS)
    errors.programs = `At most ${MOST_PROGRAMS} programs can be opened at the start.`;
  if (programs.some((line) => line.length > 1000))
    errors.programs = "A command line can have at most 1,000 characters.";
  const [, w = "", h = ""] = /^\s*(\d{1,5})\s*[x×]\s*(\d{1,5})\s*$/.exec(form.size) ?? [];
  const size = { w: Number(w), h: Number(h) };
  if (size.w < 640 || size.h < 480 || size.w > 7680 || size.h > 4320)
    errors.size = "Width and height like 1600x900, from 640x480 to 7680x4320.";
  const home = homeSchema.safeParse(
    form.home === "kept" ? { kind: "kept", name: form.homeName.trim() } : { kind: form.home },
  );
  if (!home.success) errors.home = "Give it a name of letters, digits, dots and dashes, at most 40.";
  const folders = form.folders
    .map(({ path, writable }) => ({ path: path.trim(), writable }))
    .filter(({ path }) => path !== "");
  const confined = confinedSchema
    .nullable()
    .safeParse(isConfined(form, here) ? { folders, network: networkOf(form, here) } : null);
  if (!confined.success)
    errors.folders = folders.length > 16 ? "At most 16 folders." : "Write each folder's whole path, beginning with /.";
  if (!home.success || !confined.success || Object.keys(errors).length > 0) return { errors };
  return { where: { kind: "own", size, programs, home: home.data, confined: confined.data } };
}

/** Null while no policy is chosen. */
function modeOf({ mode, askAll, policy }: StartForm): Mode | null {
  if (mode === "ask") return { kind: "ask", askAll };
  if (mode !== "policy") return { kind: mode };
  return policy === null ? null : { kind: "policy", policy };
}

const PATHS: readonly (readonly [prefix: string, field: Field])[] = [
  ["task", "task"],
  ["model", "model"],
  ["toolVersion", "toolVersion"],
  ["effort", "model"],
  ["where.size", "size"],
  ["where.programs", "programs"],
  ["where.home", "home"],
  ["where.confined.folders", "folders"],
  ["where.confined.network", "network"],
  ["where.confined", "confined"],
  ["where", "where"],
  ["mode", "mode"],
  ["lease", "mode"],
  ["limits.steps", "steps"],
  ["limits.minutes", "minutes"],
  ["limits.usd", "usd"],
];

/** Main's words about a refused start, beside the field they begin with (`limits.usd: ...`), else at the button. */
export function errorsOf(words: string): Errors {
  const colon = words.indexOf(": ");
  const path = words.slice(0, Math.max(0, colon));
  const known = PATHS.find(
    ([prefix]) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`),
  );
  return known === undefined ? { form: words } : { [known[1]]: words.slice(colon + 2) };
}

/** Empty is no limit; a string is what is wrong. */
function limitOf(text: string, max: number, whole: boolean): number | null | string {
  if (text.trim() === "") return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) return "Must be more than 0; leave it empty for no limit.";
  if (whole && !Number.isInteger(value)) return "Must be a whole number.";
  return value > max ? `Must be at most ${max.toLocaleString("en")}.` : value;
}
