/** The start view's fields and what they mean; pure. */
import type { StartRequest } from "../../shared/ipc.ts";
import { MODELS, type Model, modelById } from "../../shared/model.ts";

/** The models whose preferred tool version is the current one: the only one that is spoken so far. */
export const OFFERED_MODELS: readonly Model[] = MODELS.filter(
  (model) => model.toolVersions[0] === "computer_toolset_20260801",
);

/** Desktop sizes that are offered, px; the first is Anthropic's recommendation that shows the most. */
export const SIZES = ["1280x800", "1366x768", "1280x720", "1024x768", "1920x1080"] as const;

/** What is typed and chosen, as text where the field holds text. */
export type StartForm = {
  readonly task: string;
  readonly model: string;
  readonly size: string;
  /** One command line per line. */
  readonly programs: string;
  readonly mode: "ask" | "look" | "watch";
  readonly askAll: boolean;
  readonly steps: string;
  readonly minutes: string;
  readonly usd: string;
};

export type Field = "task" | "model" | "where" | "mode" | "steps" | "minutes" | "usd";
export type Errors = Readonly<Partial<Record<Field | "form", string>>>;

export type Checked =
  | { readonly ok: true; readonly request: StartRequest }
  | { readonly ok: false; readonly errors: Errors };

export function emptyForm(defaults: { readonly model: string; readonly programs: readonly string[] }): StartForm {
  const offered = OFFERED_MODELS.some((model) => model.id === defaults.model);
  return {
    task: "",
    model: offered ? defaults.model : (OFFERED_MODELS[0]?.id ?? ""),
    size: SIZES[0],
    programs: defaults.programs.join("\n"),
    mode: "ask",
    askAll: false,
    steps: "100",
    minutes: "60",
    usd: "5",
  };
}

/** The request of a form, or what is wrong with which field. Main checks it again. */
export function checkForm(form: StartForm): Checked {
  const errors: Partial<Record<Field, string>> = {};
  const task = form.task.trim();
  if (task === "") errors.task = "Say what Claude should do.";
  else if (task.length > 20_000) errors.task = `Has ${task.length} characters; at most 20,000 fit.`;

  const programs = form.programs
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (programs.length > 8) errors.where = "At most 8 programs can be opened at the start.";
  if (programs.some((line) => line.length > 1000)) errors.where = "A command line can have at most 1,000 characters.";

  const steps = limitOf(form.steps, 100_000, true);
  const minutes = limitOf(form.minutes, 10_000, false);
  const usd = limitOf(form.usd, 100_000, false);
  if (typeof steps === "string") errors.steps = steps;
  if (typeof minutes === "string") errors.minutes = minutes;
  if (typeof usd === "string") errors.usd = usd;
  if (typeof steps === "string" || typeof minutes === "string" || typeof usd === "string") return { ok: false, errors };
  if (Object.keys(errors).length > 0) return { ok: false, errors };

  const [w = 0, h = 0] = form.size.split("x").map(Number);
  return {
    ok: true,
    request: {
      task,
      model: form.model,
      toolVersion: null,
      effort: modelById(form.model)?.effort ?? null,
      onePerTurn: false,
      where: { kind: "own", size: { w, h }, programs },
      mode: form.mode === "ask" ? { kind: "ask", askAll: form.askAll } : { kind: form.mode },
      limits: { steps, minutes, usd },
    },
  };
}

const PATHS: readonly (readonly [prefix: string, field: Field])[] = [
  ["task", "task"],
  ["model", "model"],
  ["effort", "model"],
  ["where", "where"],
  ["mode", "mode"],
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
