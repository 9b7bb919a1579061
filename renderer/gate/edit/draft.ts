/** An action while the operator edits it: what the form's fields hold, and what they would run. Px in screenshot space. */
import { type Action, type ActionName, parseAction, pointsOf, usesCursor } from "../../../shared/action.ts";
import type { Point, Region, Size } from "../../../shared/geometry.ts";
import { canonicalJson } from "../../../shared/jcs.ts";

/**
 * Every field an action can have, as written; an empty one is missing. Those that the chosen kind does not use are kept,
 * so that going from one kind to another and back loses nothing.
 */
export type Fields = {
  /** The point; of a drag, its start: it presses where a click would. Both empty in a click or scroll: at the cursor. */
  readonly x: string;
  readonly y: string;
  /** The end of a drag. */
  readonly endX: string;
  readonly endY: string;
  readonly left: string;
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly amount: string;
  readonly repeat: string;
  readonly duration: string;
  readonly direction: string;
  readonly text: string;
  readonly keys: string;
  /** Keys held during a click, scroll or drag. */
  readonly held: string;
};
export type FieldName = keyof Fields;

export type Draft = Fields & { readonly action: ActionName };

/** What a draft is about: the action on the card and what Claude's coordinates belong to. */
export type Subject = { readonly proposed: Action; readonly space: Size; readonly cursor: Point | null };

export type DraftEvent =
  | { readonly type: "kind"; readonly action: ActionName }
  | { readonly type: "field"; readonly field: FieldName; readonly value: string }
  | { readonly type: "point"; readonly point: PointName; readonly at: Point }
  | { readonly type: "region"; readonly region: Region }
  | { readonly type: "reset" };

/** The points that can be moved on the picture. */
export type PointName = "point" | "end";

/** A draft's action, or the first thing wrong with it and the field it is in. */
export type Checked =
  | { readonly ok: true; readonly action: Action; readonly changed: boolean }
  | { readonly ok: false; readonly field: FieldName | null; readonly error: string };

const EMPTY: Fields = {
  x: "",
  y: "",
  endX: "",
  endY: "",
  left: "",
  top: "",
  right: "",
  bottom: "",
  amount: "3",
  repeat: "",
  duration: "1",
  direction: "down",
  text: "",
  keys: "",
  held: "",
};

/** A drag that was a click ends this far from its start, and a zoom that was a click is this large. */
const DRAG_WAY = 120;
const ZOOM_SIZE: Size = { w: 400, h: 250 };

/** The form's fields for an action as it is. */
export function draftOf(action: Action): Draft {
  const fields: Partial<Record<FieldName, string>> = {};
  pointsOf(action).forEach(([, at], i) => Object.assign(fields, pointFields(i === 0 ? "point" : "end", at)));
  switch (action.action) {
    case "left_click_drag":
    case "left_click":
    case "right_click":
    case "middle_click":
    case "double_click":
    case "triple_click":
      fields.held = action.text ?? "";
      break;
    case "scroll":
      fields.held = action.text ?? "";
      fields.direction = action.scroll_direction;
      fields.amount = String(action.scroll_amount);
      break;
    case "zoom":
      Object.assign(fields, regionFields(action.region));
      break;
    case "type":
      fields.text = action.text;
      break;
    case "key":
      fields.keys = action.text;
      fields.repeat = action.repeat === undefined ? "" : String(action.repeat);
      break;
    case "hold_key":
      fields.keys = action.text;
      fields.duration = String(action.duration);
      break;
    case "wait":
      fields.duration = String(action.duration);
      break;
    default:
      break;
  }
  return { ...EMPTY, ...fields, action: action.action };
}

/** The draft after one thing the operator did. */
export function reduceDraft(draft: Draft, event: DraftEvent, subject: Subject): Draft {
  switch (event.type) {
    case "kind":
      return changeKind(draft, event.action, subject);
    case "field":
      return { ...draft, [event.field]: event.value };
    case "point":
      return { ...draft, ...pointFields(event.point, event.at) };
    case "region":
      return { ...draft, ...regionFields(event.region) };
    case "reset":
      return draftOf(subject.proposed);
  }
}

/** What the draft would run, checked like an action of Claude's own. */
export function checkDraft(draft: Draft, { proposed, space, cursor }: Subject): Checked {
  const missing = missingNumber(draft);
  if (missing !== null) return { ok: false, field: missing, error: "is missing" };
  const parsed = parseAction(draft.action, inputOf(draft), space);
  if (!parsed.ok) return located(parsed.error, draft.action);
  const { action } = parsed;
  if (usesCursor(action) && cursor === null) {
    const error = "is missing; there is no cursor position yet, so say where";
    return { ok: false, field: POINTED.has(action.action) ? "x" : null, error };
  }
  // Text that no record can hold (half an emoji) was refused above: the JSON of both can be had.
  return { ok: true, action, changed: canonicalJson(action) !== canonicalJson(proposed) };
}

/** The points of a draft as they stand; one whose fields are no numbers is null. A click without any is at the cursor. */
export function draftPoint(draft: Draft, point: PointName, cursor: Point | null): Point | null {
  const [x, y] = point === "end" ? [draft.endX, draft.endY] : [draft.x, draft.y];
  if (x === "" && y === "" && point === "point" && OPTIONAL_POINT.has(draft.action)) return cursor;
  return wholeNumber(x) === null || wholeNumber(y) === null ? null : [Number(x), Number(y)];
}

/** The zoom frame of a draft; null while its fields are no frame. */
export function draftRegion(draft: Draft): Region | null {
  const { left, top, right, bottom } = draft;
  if ([left, top, right, bottom].some((edge) => wholeNumber(edge) === null)) return null;
  const region: Region = [Number(left), Number(top), Number(right), Number(bottom)];
  return region[2] > region[0] && region[3] > region[1] ? region : null;
}

/** The points of a kind that can be moved on the picture, in the order one does them. */
export function pointsOfKind(action: ActionName): readonly PointName[] {
  if (action === "left_click_drag") return ["point", "end"];
  return POINTED.has(action) ? ["point"] : [];
}

/** Kinds whose point may be left out: then they act at Claude's cursor. */
export const OPTIONAL_POINT: ReadonlySet<ActionName> = new Set([
  "left_click",
  "right_click",
  "middle_click",
  "double_click",
  "triple_click",
  "scroll",
]);

/** Kinds that act at a point. */
const POINTED: ReadonlySet<ActionName> = new Set([...OPTIONAL_POINT, "mouse_move", "left_click_drag"]);

const NUMBERS: Readonly<Partial<Record<ActionName, readonly FieldName[]>>> = {
  zoom: ["left", "top", "right", "bottom"],
  left_click_drag: ["x", "y", "endX", "endY"],
  mouse_move: ["x", "y"],
  scroll: ["amount"],
  hold_key: ["duration"],
  wait: ["duration"],
};

function missingNumber(draft: Draft): FieldName | null {
  const halfPoint: FieldName[] = (draft.x === "") === (draft.y === "") ? [] : ["x", "y"];
  const needed = [...(OPTIONAL_POINT.has(draft.action) ? halfPoint : []), ...(NUMBERS[draft.action] ?? [])];
  return needed.find((field) => draft[field].trim() === "") ?? null;
}

/** The fields of the draft's kind as Claude would have written them. */
function inputOf(draft: Draft): Readonly<Record<string, unknown>> {
  const coordinate = draft.x === "" && draft.y === "" ? null : [asNumber(draft.x), asNumber(draft.y)];
  const held = draft.held === "" ? null : draft.held;
  switch (draft.action) {
    case "zoom":
      return { region: [draft.left, draft.top, draft.right, draft.bottom].map(asNumber) };
    case "left_click_drag":
      return { start_coordinate: coordinate, coordinate: [draft.endX, draft.endY].map(asNumber), text: held };
    case "scroll":
      return {
        coordinate,
        scroll_direction: draft.direction,
        scroll_amount: asNumber(draft.amount),
        text: held,
      };
    case "mouse_move":
      return { coordinate };
    case "type":
      return { text: draft.text };
    case "key":
      return { text: draft.keys, repeat: draft.repeat === "" ? null : asNumber(draft.repeat) };
    case "hold_key":
      return { text: draft.keys, duration: asNumber(draft.duration) };
    case "wait":
      return { duration: asNumber(draft.duration) };
    default:
      return OPTIONAL_POINT.has(draft.action) ? { coordinate, text: held } : {};
  }
}

/** A number as written; what is none stays a text, and the check says so. */
function asNumber(written: string): number | string {
  const number = Number(written);
  return written.trim() === "" || Number.isNaN(number) ? written : number;
}

function wholeNumber(written: string): number | null {
  return /^-?\d{1,9}$/.test(written) ? Number(written) : null;
}

/** Splits `<field path>: <what is wrong>` into the form's field and the words beside it. */
function located(error: string, action: ActionName): Checked {
  const colon = error.indexOf(": ");
  const [path, words] = [error.slice(0, colon), error.slice(colon + 2)];
  return { ok: false, field: fieldOf(path, action), error: words };
}

const PATHS: Readonly<Record<string, FieldName>> = {
  coordinate: "x",
  "coordinate[0]": "x",
  "coordinate[1]": "y",
  "start_coordinate[0]": "x",
  "start_coordinate[1]": "y",
  region: "right",
  "region[0]": "left",
  "region[1]": "top",
  "region[2]": "right",
  "region[3]": "bottom",
  scroll_amount: "amount",
  scroll_direction: "direction",
  repeat: "repeat",
  duration: "duration",
};

function fieldOf(path: string, action: ActionName): FieldName | null {
  if (path === "text") return action === "type" ? "text" : action === "key" || action === "hold_key" ? "keys" : "held";
  if (action === "left_click_drag" && path === "coordinate[0]") return "endX";
  if (action === "left_click_drag" && path === "coordinate[1]") return "endY";
  return PATHS[path] ?? null;
}

/** Takes what the new kind can use from the old one; what it needs and nobody has said gets a sensible start. */
function changeKind(draft: Draft, action: ActionName, { space, cursor }: Subject): Draft {
  const next: Draft = { ...draft, action };
  const from = placeOf(draft, cursor);
  if (POINTED.has(action)) {
    const atCursor = next.x === "" && next.y === "" && OPTIONAL_POINT.has(action) && OPTIONAL_POINT.has(draft.action);
    if (atCursor) return next;
    const at = draftPoint({ ...next, action: "mouse_move" }, "point", null) ?? from ?? middleOf(space);
    const pointed = { ...next, ...pointFields("point", at) };
    if (action !== "left_click_drag" || draftPoint(next, "end", null) !== null) return pointed;
    const x = at[0] + DRAG_WAY < space.w ? at[0] + DRAG_WAY : Math.max(0, at[0] - DRAG_WAY);
    return { ...pointed, ...pointFields("end", [x, at[1]]) };
  }
  if (action === "zoom") return draftRegion(next) === null ? { ...next, ...regionFields(around(from, space)) } : next;
  if (action === "type" && next.text === "") return { ...next, text: textOfKeys(draft.keys) };
  if ((action === "key" || action === "hold_key") && next.keys === "") return { ...next, keys: keysOfText(draft.text) };
  return next;
}

/** Where the draft acts now: its point, the middle of its frame, else Claude's cursor. */
function placeOf(draft: Draft, cursor: Point | null): Point | null {
  if (draft.action === "zoom") {
    const region = draftRegion(draft);
    if (region !== null) return [Math.floor((region[0] + region[2]) / 2), Math.floor((region[1] + region[3]) / 2)];
  }
  const [first] = pointsOfKind(draft.action);
  return (first === undefined ? null : draftPoint(draft, first, cursor)) ?? cursor;
}

/** A text that one key types, as that key. */
function keysOfText(text: string): string {
  if (text === "\n") return "Return";
  if (text === "\t") return "Tab";
  if (text === " ") return "space";
  return [...text].length === 1 ? text : "";
}

function textOfKeys(keys: string): string {
  if (keys === "Return") return "\n";
  if (keys === "Tab") return "\t";
  if (keys === "space") return " ";
  return [...keys].length === 1 ? keys : "";
}

function around(at: Point | null, space: Size): Region {
  const [x, y] = at ?? middleOf(space);
  const [w, h] = [Math.min(ZOOM_SIZE.w, space.w), Math.min(ZOOM_SIZE.h, space.h)];
  const x0 = Math.min(space.w - w, Math.max(0, x - Math.floor(w / 2)));
  const y0 = Math.min(space.h - h, Math.max(0, y - Math.floor(h / 2)));
  return [x0, y0, x0 + w, y0 + h];
}

function middleOf(space: Size): Point {
  return [Math.floor(space.w / 2), Math.floor(space.h / 2)];
}

function pointFields(point: PointName, at: Point): Partial<Fields> {
  const [x, y] = [String(at[0]), String(at[1])];
  return point === "end" ? { endX: x, endY: y } : { x, y };
}

function regionFields([left, top, right, bottom]: Region): Partial<Fields> {
  return { left: String(left), top: String(top), right: String(right), bottom: String(bottom) };
}
