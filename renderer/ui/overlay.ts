/** What an action looks like on the screenshot: pure geometry, px in screenshot space. */
import type { Action } from "../../shared/action.ts";
import type { Point, Region, Size } from "../../shared/geometry.ts";
import { formatKeys, parseKeys } from "../../shared/keys.ts";
import { showText } from "../../shared/visible-text.ts";
import { counted } from "./format.ts";

export type Mark =
  | { readonly kind: "target"; readonly at: Point; readonly label: string | null }
  | {
      readonly kind: "arrow";
      readonly from: Point;
      readonly to: Point;
      readonly dashed: boolean;
      readonly label: string | null;
    }
  | { readonly kind: "frame"; readonly region: Region }
  /** Without a place it stands at the picture's lower edge. */
  | { readonly kind: "badge"; readonly at: Point | null; readonly label: string }
  | { readonly kind: "scroll"; readonly at: Point; readonly vector: Point; readonly label: string | null }
  /** The coordinates of a place, beside it. */
  | { readonly kind: "place"; readonly at: Point; readonly side: "left" | "right"; readonly label: string }
  /** From where something was proposed to where it was edited to. */
  | { readonly kind: "link"; readonly from: Point; readonly to: Point; readonly label: string | null };

/** Marks to draw solid, and hollow ones under them. */
export type Drawing = { readonly marks: readonly Mark[]; readonly ghosts: readonly Mark[] };

const CLICK_LABELS: Readonly<Partial<Record<Action["action"], string>>> = {
  right_click: "right",
  middle_click: "middle",
  double_click: "2×",
  triple_click: "3×",
};

/** Longest text of a badge: it says where keys go; the card says what they are. */
const BADGE_LENGTH = 24;

/**
 * The marks of an action. Mouse actions without a point of their own are drawn at Claude's cursor. Keys go to a window
 * (`into`, where it is known), not to a point, so their badge has no place.
 */
export function marksOf(action: Action, cursor: Point | null, into: string | null = null): readonly Mark[] {
  switch (action.action) {
    case "left_click":
    case "right_click":
    case "middle_click":
    case "double_click":
    case "triple_click": {
      const at = action.coordinate ?? cursor;
      const words = [held(action.text), CLICK_LABELS[action.action]].filter((word) => word !== undefined);
      return at === null ? [] : [{ kind: "target", at, label: words.length > 0 ? words.join(" ") : null }];
    }
    case "left_click_drag": {
      const label = held(action.text) ?? null;
      return [{ kind: "arrow", from: action.start_coordinate, to: action.coordinate, dashed: false, label }];
    }
    case "mouse_move":
      return [
        ...(cursor === null
          ? []
          : [{ kind: "arrow" as const, from: cursor, to: action.coordinate, dashed: true, label: null }]),
        { kind: "target", at: action.coordinate, label: "move" },
      ];
    case "left_mouse_down":
      return cursor === null ? [] : [{ kind: "target", at: cursor, label: "press" }];
    case "left_mouse_up":
      return cursor === null ? [] : [{ kind: "target", at: cursor, label: "release" }];
    case "cursor_position":
      return cursor === null ? [] : [{ kind: "target", at: cursor, label: "cursor" }];
    case "scroll": {
      const at = action.coordinate ?? cursor;
      if (at === null) return [];
      const label = [held(action.text), `${action.scroll_amount}×`].filter((word) => word !== undefined).join(" ");
      return [{ kind: "scroll", at, vector: VECTORS[action.scroll_direction], label }];
    }
    case "zoom":
      return [{ kind: "frame", region: action.region }];
    case "type":
      return [badge(`types ${counted([...action.text].length, "character")}`, into)];
    case "key":
      return [badge(`presses ${cut(keys(action.text))}`, into)];
    case "hold_key":
      return [badge(`holds ${cut(keys(action.text))}`, into)];
    case "screenshot":
    case "wait":
      return [];
  }
}

const VECTORS = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;

/** The points worth looking at closely: one, two for a drag, none for keys. */
export function focusOf(
  action: Action,
  cursor: Point | null,
): readonly { readonly name: string; readonly at: Point }[] {
  return marksOf(action, cursor).flatMap((mark) => {
    switch (mark.kind) {
      case "target":
      case "scroll":
        return [{ name: "Target", at: mark.at }];
      case "arrow":
        return mark.dashed
          ? []
          : [
              { name: "Start", at: mark.from },
              { name: "End", at: mark.to },
            ];
      case "frame":
      case "badge":
      case "link":
      case "place":
        return [];
    }
  });
}

/**
 * An edited action over the proposed one: the edited one solid with its coordinates, the proposed one hollow with its
 * own where it was elsewhere, a line between. `edited` null (not valid) leaves only the hollow one.
 */
export function editMarks(
  proposed: Action,
  edited: Action | null,
  cursor: Point | null,
  into: string | null = null,
): Drawing {
  const was = marksOf(proposed, cursor).filter((mark) => !isAside(mark));
  if (edited === null) return { marks: [], ghosts: [...was, ...was.flatMap((mark) => placeOf(mark, []))] };
  const marks = marksOf(edited, cursor, into);
  const [from, to] = [was.flatMap(anchorsOf), marks.filter((mark) => !isAside(mark)).flatMap(anchorsOf)];
  const links = from.flatMap((at, i): readonly Mark[] => {
    const target = to[i];
    return target === undefined || isSame(at, target) ? [] : [{ kind: "link", from: at, to: target, label: null }];
  });
  const ghosts = was.filter((mark) => !anchorsOf(mark).every((at) => to.some((other) => isSame(at, other))));
  if (ghosts.length === 0) return { marks, ghosts };
  return { marks: marks.map(withPlace), ghosts: [...ghosts, ...links, ...ghosts.flatMap((mark) => placeOf(mark, to))] };
}

/** Marks that tell no place of the action: where the mouse comes from, where keys go. */
function isAside(mark: Mark): boolean {
  return mark.kind === "badge" || (mark.kind === "arrow" && mark.dashed);
}

/** The points that make a mark. */
function anchorsOf(mark: Mark): readonly Point[] {
  switch (mark.kind) {
    case "target":
    case "scroll":
      return [mark.at];
    case "arrow":
    case "link":
      return [mark.from, mark.to];
    case "frame": {
      const [x0, y0, x1, y1] = mark.region;
      return [
        [x0, y0],
        [x1 - 1, y1 - 1],
      ];
    }
    case "badge":
    case "place":
      return [];
  }
}

/** A hollow mark's coordinates, on the side where the edited one is not. */
function placeOf(mark: Mark, edited: readonly Point[]): readonly Mark[] {
  if (mark.kind !== "target" && mark.kind !== "scroll") return [];
  const side = (edited[0]?.[0] ?? -1) >= mark.at[0] ? "left" : "right";
  return [{ kind: "place", at: mark.at, side, label: `${mark.at[0]}, ${mark.at[1]}` }];
}

function withPlace(mark: Mark): Mark {
  if (mark.kind !== "target" && mark.kind !== "scroll") return mark;
  const place = `${mark.at[0]}, ${mark.at[1]}`;
  return { ...mark, label: mark.label === null ? place : `${mark.label} ${place}` };
}

function isSame(a: Point, b: Point): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** The largest size of `of`'s shape inside `box`, never larger than `most` times its own size. */
export function fitInside(of: Size, box: Size, most = 1.5): Size {
  const scale = Math.max(0, Math.min(box.w / of.w, box.h / of.h, most));
  return { w: Math.floor(of.w * scale), h: Math.floor(of.h * scale) };
}

/** The part of a picture a loupe shows: `view` px around `at`, kept inside the picture where it fits. */
export function loupeRegion(at: Point, picture: Size, view: Size): Region {
  const w = Math.min(view.w, picture.w);
  const h = Math.min(view.h, picture.h);
  const x = Math.min(picture.w - w, Math.max(0, Math.round(at[0] + 0.5 - w / 2)));
  const y = Math.min(picture.h - h, Math.max(0, Math.round(at[1] + 0.5 - h / 2)));
  return [x, y, x + w, y + h];
}

/** The three corners of an arrow's head at `to`, coming from `from`, `length` px long; null for a drag without a way. */
export function arrowHead(from: Point, to: Point, length: number): readonly [Point, Point, Point] | null {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const way = Math.hypot(dx, dy);
  if (way === 0) return null;
  const [ux, uy] = [dx / way, dy / way];
  const [bx, by] = [to[0] - ux * length, to[1] - uy * length];
  const half = length * 0.5;
  return [to, [bx - uy * half, by + ux * half], [bx + uy * half, by - ux * half]];
}

function badge(what: string, into: string | null): Mark {
  return {
    kind: "badge",
    at: null,
    label: into === null || into === "" ? what : `${what} into ${cut(showText(into))}`,
  };
}

function held(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${keys(text)} +`;
}

function keys(written: string): string {
  const parsed = parseKeys(written);
  return parsed.ok ? formatKeys(parsed.combo) : written;
}

function cut(text: string): string {
  return text.length > BADGE_LENGTH ? `${text.slice(0, BADGE_LENGTH)}...` : text;
}
