/**
 * The 17 computer-use actions: one discriminated union, one schema each, one validation, one sentence.
 * Names, fields and limits: Anthropic's computer-use tool (`computer_toolset_20260801`). Every coordinate is in px of
 * screenshot space: the image Claude was sent.
 */
import { z } from "zod";
import { isInside, type Point, type Region, type Size } from "./geometry.ts";
import { formatKeys, parseKeys, parseModifiers } from "./keys.ts";
import { showText, unpaste } from "./visible-text.ts";

/** Longest text one `type` action may carry, in UTF-16 units. */
export const MAX_TEXT = 50_000;
/** Longest `wait` or `hold_key`, in seconds. */
const MAX_SECONDS = 300;
/** Most repeats of a key and most clicks of the wheel. */
const MAX_REPEAT = 100;

const pixel = z
  .int()
  .min(0, { error: "must not be negative" })
  // JSON can say -0, and the journal's JSON can't: what is approved has to equal what is recorded.
  .overwrite((n) => n + 0);
const point = z.tuple([pixel, pixel]);
const coordinate = point.readonly();
const region = z.tuple([pixel, pixel, pixel, pixel]).readonly();

const keys = z.string().check((ctx) => {
  const parsed = parseKeys(ctx.value);
  if (!parsed.ok) ctx.issues.push({ code: "custom", message: parsed.error, input: ctx.value });
});
const modifiers = z.string().check((ctx) => {
  if (ctx.value === "") {
    ctx.issues.push({ code: "custom", message: "must not be empty; leave it out to hold nothing", input: "" });
    return;
  }
  const parsed = parseModifiers(ctx.value);
  if (!parsed.ok) ctx.issues.push({ code: "custom", message: parsed.error, input: ctx.value });
});
const text = z
  .string()
  .min(1, { error: "must not be empty" })
  .max(MAX_TEXT, {
    error: (issue) => `has ${String(issue.input).length} characters, but at most ${MAX_TEXT} can be typed at once`,
  })
  .check((ctx) => {
    const bad = untypeable(ctx.value);
    if (bad !== null) ctx.issues.push({ code: "custom", message: bad, input: ctx.value });
  });
const seconds = z
  .number()
  .positive({ error: "must be more than 0" })
  .max(MAX_SECONDS, { error: `must be at most ${MAX_SECONDS} seconds` });
const count = z
  .int()
  .min(1, { error: "must be at least 1" })
  .max(MAX_REPEAT, { error: `must be at most ${MAX_REPEAT}` });
const direction = z.enum(["up", "down", "left", "right"]);

const click = { coordinate: coordinate.optional(), text: modifiers.optional() };

/** One schema per action; `action` is the discriminator. Unknown fields are refused. */
export const ACTION_SCHEMAS = {
  screenshot: z.strictObject({ action: z.literal("screenshot") }),
  zoom: z.strictObject({ action: z.literal("zoom"), region }),
  left_click: z.strictObject({ action: z.literal("left_click"), ...click }),
  right_click: z.strictObject({ action: z.literal("right_click"), ...click }),
  middle_click: z.strictObject({ action: z.literal("middle_click"), ...click }),
  double_click: z.strictObject({ action: z.literal("double_click"), ...click }),
  triple_click: z.strictObject({ action: z.literal("triple_click"), ...click }),
  left_click_drag: z.strictObject({
    action: z.literal("left_click_drag"),
    start_coordinate: coordinate,
    coordinate,
    text: modifiers.optional(),
  }),
  mouse_move: z.strictObject({ action: z.literal("mouse_move"), coordinate }),
  left_mouse_down: z.strictObject({ action: z.literal("left_mouse_down") }),
  left_mouse_up: z.strictObject({ action: z.literal("left_mouse_up") }),
  cursor_position: z.strictObject({ action: z.literal("cursor_position") }),
  scroll: z.strictObject({
    action: z.literal("scroll"),
    scroll_direction: direction,
    scroll_amount: count,
    coordinate: coordinate.optional(),
    text: modifiers.optional(),
  }),
  type: z.strictObject({ action: z.literal("type"), text }),
  key: z.strictObject({ action: z.literal("key"), text: keys, repeat: count.optional() }),
  hold_key: z.strictObject({ action: z.literal("hold_key"), text: keys, duration: seconds }),
  wait: z.strictObject({ action: z.literal("wait"), duration: seconds }),
} as const;

export type ActionName = keyof typeof ACTION_SCHEMAS;

/** Every action name, in the order of the table above. */
export const ACTION_NAMES = Object.keys(ACTION_SCHEMAS) as readonly ActionName[];

/** The schema of any action, by its `action` field; bounds against a screenshot are checked by `parseAction`. */
export const actionSchema = z.discriminatedUnion("action", [
  ACTION_SCHEMAS.screenshot,
  ACTION_SCHEMAS.zoom,
  ACTION_SCHEMAS.left_click,
  ACTION_SCHEMAS.right_click,
  ACTION_SCHEMAS.middle_click,
  ACTION_SCHEMAS.double_click,
  ACTION_SCHEMAS.triple_click,
  ACTION_SCHEMAS.left_click_drag,
  ACTION_SCHEMAS.mouse_move,
  ACTION_SCHEMAS.left_mouse_down,
  ACTION_SCHEMAS.left_mouse_up,
  ACTION_SCHEMAS.cursor_position,
  ACTION_SCHEMAS.scroll,
  ACTION_SCHEMAS.type,
  ACTION_SCHEMAS.key,
  ACTION_SCHEMAS.hold_key,
  ACTION_SCHEMAS.wait,
]);

export type Action = z.infer<typeof actionSchema>;

export type ActionResult =
  | { readonly ok: true; readonly action: Action }
  | { readonly ok: false; readonly error: string };

/** The kinds that only look: nothing on the desktop can change by them. */
export const LOOK_ONLY: ReadonlySet<ActionName> = new Set(["screenshot", "zoom", "cursor_position", "wait"]);

/**
 * Validates one call as Claude wrote it: `name` is the action, `input` its fields without `action`. Optional fields may
 * be null. The error is one line `<field path>: <what is wrong>` without invisible characters, ready to be Claude's
 * error result; it never throws.
 * @param space size, in px, of the screenshot that Claude's coordinates belong to
 */
export function parseAction(name: string, input: unknown, space: Size): ActionResult {
  if (!isActionName(name)) {
    return wrong(`action: unknown action "${name.slice(0, 60)}"; expected one of ${ACTION_NAMES.join(", ")}`);
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return wrong(`input: expected an object, got ${kindOf(input)}`);
  }
  if (Object.hasOwn(input, "action")) return wrong("action: is not a field of this call");
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
  const parsed = ACTION_SCHEMAS[name].safeParse({ ...given, action: name }, { reportInput: true });
  if (!parsed.success) return wrong(firstIssue(parsed.error, given));
  const outside = boundsError(parsed.data, space);
  return outside === null ? { ok: true, action: parsed.data } : wrong(outside);
}

/** Checks an action that is already well-formed (an edit, say) against the bounds of a screenshot; null means fine. */
export function boundsError(action: Action, space: Size): string | null {
  for (const [field, at] of pointsOf(action)) {
    const error = pointError(field, at, space);
    if (error !== null) return error;
  }
  if (action.action === "zoom") return regionError(action.region, space);
  return null;
}

/** The points an action names, with their field names: both ends of a drag, start first. */
export function pointsOf(action: Action): readonly (readonly [field: string, at: Point])[] {
  const points: (readonly [string, Point])[] = [];
  if ("start_coordinate" in action) points.push(["start_coordinate", action.start_coordinate]);
  if ("coordinate" in action && action.coordinate !== undefined) points.push(["coordinate", action.coordinate]);
  return points;
}

/** Whether the action acts at Claude's cursor because it names no point of its own. */
export function usesCursor(action: Action): boolean {
  switch (action.action) {
    case "left_click":
    case "right_click":
    case "middle_click":
    case "double_click":
    case "triple_click":
    case "scroll":
      return action.coordinate === undefined;
    case "left_mouse_down":
    case "left_mouse_up":
    case "cursor_position":
      return true;
    default:
      return false;
  }
}

/** Whether the pointer is part of the action (its target's pixels are checked before it runs). */
export function isPointerAction(action: Action): boolean {
  return pointsOf(action).length > 0 || (usesCursor(action) && action.action !== "cursor_position");
}

/** Whether the action goes to the window that has the keyboard focus. */
export function isKeyboardAction(action: Action): boolean {
  return action.action === "type" || action.action === "key" || action.action === "hold_key";
}

/**
 * The sentence on the card and in results, e.g. `Left click at 412, 96`. Text is shown whole up to 40 characters, with
 * invisible ones made visible; longer text is cut and its length said.
 */
export function describe(action: Action): string {
  switch (action.action) {
    case "screenshot":
      return "Take a screenshot";
    case "zoom":
      return `Zoom into ${action.region[0]}, ${action.region[1]} to ${action.region[2]}, ${action.region[3]}`;
    case "left_click":
    case "right_click":
    case "middle_click":
    case "double_click":
    case "triple_click":
      return `${holding(action.text)}${CLICK_WORDS[action.action]} ${where(action.coordinate)}`;
    case "left_click_drag":
      return `${holding(action.text)}Drag from ${at(action.start_coordinate)} to ${at(action.coordinate)}`;
    case "mouse_move":
      return `Move the mouse to ${at(action.coordinate)}`;
    case "left_mouse_down":
      return "Press the left mouse button and hold it";
    case "left_mouse_up":
      return "Release the left mouse button";
    case "cursor_position":
      return "Read the cursor position";
    case "scroll": {
      const clicks = action.scroll_amount === 1 ? "1 click" : `${action.scroll_amount} clicks`;
      return `${holding(action.text)}Scroll ${action.scroll_direction} ${clicks} ${where(action.coordinate)}`;
    }
    case "type":
      return describeText(action.text);
    case "key":
      return `Press ${canonicalKeys(action.text)}${action.repeat !== undefined && action.repeat > 1 ? ` ${action.repeat} times` : ""}`;
    case "hold_key":
      return `Hold ${canonicalKeys(action.text)} for ${inSeconds(action.duration)}`;
    case "wait":
      return `Wait ${inSeconds(action.duration)}`;
  }
}

/** The short sentence Claude reads when the action was done, in the form of the SDK's own helper. */
export function doneText(action: Action): string {
  switch (action.action) {
    case "screenshot":
      return "Took a screenshot.";
    case "zoom":
      return "Zoomed.";
    case "left_click":
      return "Clicked.";
    case "right_click":
      return "Right-clicked.";
    case "middle_click":
      return "Middle-clicked.";
    case "double_click":
      return "Double-clicked.";
    case "triple_click":
      return "Triple-clicked.";
    case "left_click_drag":
      return "Dragged.";
    case "mouse_move":
      return "Moved the mouse.";
    case "left_mouse_down":
      return "Left mouse button pressed.";
    case "left_mouse_up":
      return "Left mouse button released.";
    case "cursor_position":
      return "Read the cursor position.";
    case "scroll":
      return `Scrolled ${action.scroll_direction}.`;
    case "type":
      return "Typed.";
    case "key":
      return `Pressed ${canonicalKeys(action.text)}.`;
    case "hold_key":
      return `Held ${canonicalKeys(action.text)} for ${action.duration}s.`;
    case "wait":
      return `Waited ${action.duration}s.`;
  }
}

const CLICK_WORDS = {
  left_click: "Left click",
  right_click: "Right click",
  middle_click: "Middle click",
  double_click: "Double click",
  triple_click: "Triple click",
} as const;

/** Parts of an error may be Claude's own words: they are shown to people too. */
function wrong(error: string): ActionResult {
  return { ok: false, error: showText(error) };
}

function isActionName(name: string): name is ActionName {
  return Object.hasOwn(ACTION_SCHEMAS, name);
}

function at(p: Point): string {
  return `${p[0]}, ${p[1]}`;
}

function where(p: Point | undefined): string {
  return p === undefined ? "at the cursor" : `at ${at(p)}`;
}

function holding(held: string | undefined): string {
  return held === undefined ? "" : `Hold ${canonicalKeys(held)}: `;
}

function inSeconds(n: number): string {
  return n === 1 ? "1 second" : `${n} seconds`;
}

function canonicalKeys(written: string): string {
  const parsed = parseKeys(written);
  return showText(parsed.ok ? formatKeys(parsed.combo) : written);
}

/** So much of a text stands in a sentence; the card shows it whole. */
const DESCRIBED = 40;

function describeText(typed: string): string {
  const characters = [...unpaste(typed)];
  const whole = characters.length <= DESCRIBED;
  const shown = showText((whole ? characters : characters.slice(0, DESCRIBED)).join("")).replaceAll('"', '\\"');
  return whole ? `Type "${shown}"` : `Type "${shown}"… (${characters.length} characters)`;
}

function pointError(field: string, p: Point, space: Size): string | null {
  if (isInside(p, space)) return null;
  const axis = p[0] < 0 || p[0] >= space.w ? 0 : 1;
  return `${field}[${axis}]: ${p[axis]} is outside the ${space.w}x${space.h} screenshot`;
}

function regionError(r: Region, space: Size): string | null {
  const [x0, y0, x1, y1] = r;
  const negative = r.findIndex((edge) => edge < 0);
  if (negative >= 0) return `region[${negative}]: ${r[negative]} is outside the ${space.w}x${space.h} screenshot`;
  if (x1 <= x0 || y1 <= y0)
    return `region: [${r.join(", ")}] has no area; expected [x0, y0, x1, y1] with x1 > x0 and y1 > y0`;
  if (x1 > space.w) return `region[2]: ${x1} is outside the ${space.w}x${space.h} screenshot`;
  if (y1 > space.h) return `region[3]: ${y1} is outside the ${space.w}x${space.h} screenshot`;
  return null;
}

/** Control characters other than newline, tab and carriage return, and halves of surrogate pairs, have no key. */
function untypeable(value: string): string | null {
  const normal = unpaste(value);
  let index = 0;
  for (const character of normal) {
    if (/[\p{Cc}\p{Cs}]/u.test(character) && !/[\n\t]/.test(character)) {
      return `the character ${showText(character)} at ${index} can't be typed`;
    }
    index += 1;
  }
  return null;
}

function firstIssue(error: z.ZodError, given: Readonly<Record<string, unknown>>): string {
  const issue = error.issues[0];
  if (issue === undefined) return "input: not valid";
  const path = formatPath(issue.path) || "input";
  const missing = issue.path.length === 1 && !Object.hasOwn(given, String(issue.path[0]));
  switch (issue.code) {
    case "unrecognized_keys":
      return `${fieldName(issue.keys[0] ?? path)}: is not a field of this action`;
    case "invalid_type":
      if (missing) return `${path}: is missing`;
      return `${path}: expected ${words(issue.expected)}, got ${kindOf(issue.input)}`;
    case "too_small":
    case "too_big":
      if (issue.origin === "array") return `${path}: expected ${lengthOf(path)} numbers, got ${kindOf(issue.input)}`;
      if (typeof issue.input === "string") return `${path}: ${issue.message}`;
      // Beyond 2^53 a number is no longer whole for the schema, and its message is not ours.
      if (issue.origin === "int" && !Number.isSafeInteger(issue.input))
        return `${path}: ${kindOf(issue.input)} is too ${issue.code.slice(4)}`;
      return `${path}: ${issue.message}, got ${kindOf(issue.input)}`;
    case "invalid_value":
      if (missing) return `${path}: is missing`;
      return `${path}: expected one of ${issue.values.join(", ")}, got ${kindOf(issue.input)}`;
    default:
      return `${path}: ${issue.message}`;
  }
}

/** A field's name as it is, or quoted where it could be taken for a part of the sentence. */
function fieldName(name: string): string {
  return /^\w{1,60}$/.test(name) ? name : JSON.stringify(name.slice(0, 60));
}

function lengthOf(path: string): number {
  return path === "region" ? 4 : 2;
}

function words(expected: string): string {
  if (expected === "int") return "a whole number";
  if (expected === "tuple" || expected === "array") return "a list of numbers";
  if (expected === "string") return "a text";
  return `a ${expected}`;
}

/** `coordinate[0]`-style path of a zod issue. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((so, part) => {
    if (typeof part === "number") return `${so}[${part}]`;
    return so === "" ? String(part) : `${so}.${String(part)}`;
  }, "");
}

/** A value in a few words: `"left"`, `a list of 3`, `an object`. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string")
    return value.length > 60 ? `a text of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "undefined") return "nothing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
