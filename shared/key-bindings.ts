/** The keys of our own window: what each does, what it is by default, and which others it may become. */
import { type KeyCombo, parseKeys } from "./keys.ts";

/** What keys of our window can do. */
export const BINDING_NAMES = [
  "approve",
  "reject",
  "edit",
  "pause",
  "compare",
  "zoomIn",
  "zoomOut",
  "fit",
  "palette",
  "strip",
  "nextWaiting",
  "previousWaiting",
] as const;
export type BindingName = (typeof BINDING_NAMES)[number];

/** A combination for each, in the notation of keys.ts; `ctrl` stands for Cmd too. */
export type KeyBindings = Readonly<Record<BindingName, string>>;

export const DEFAULT_BINDINGS: KeyBindings = {
  approve: "ctrl+Return",
  reject: "ctrl+BackSpace",
  edit: "ctrl+e",
  pause: "ctrl+.",
  compare: "ctrl+d",
  zoomIn: "ctrl++",
  zoomOut: "ctrl+-",
  fit: "ctrl+0",
  palette: "ctrl+k",
  strip: "ctrl+j",
  nextWaiting: "ctrl+Page_Down",
  previousWaiting: "ctrl+Page_Up",
};

export const BINDING_LABELS: Readonly<Record<BindingName, string>> = {
  approve: "Approve",
  reject: "Reject",
  edit: "Edit",
  pause: "Pause",
  compare: "Compare with now, and with live",
  zoomIn: "Larger picture",
  zoomOut: "Smaller picture",
  fit: "Whole picture",
  palette: "Everything the window can do",
  strip: "Compact strip",
  nextWaiting: "Next waiting session",
  previousWaiting: "Previous waiting session",
};

/** Used in every text field. */
const TAKEN = ["ctrl+a", "ctrl+c", "ctrl+v", "ctrl+x", "ctrl+z"];
const FUNCTION_KEY = /^F\d{1,2}$/;

/** Why these can't be the keys of the window, in words that name the binding; null when they can. */
export function bindingsProblem(bindings: KeyBindings): string | null {
  const used = new Map<string, BindingName>();
  for (const name of BINDING_NAMES) {
    const combo = comboFor(bindings[name]);
    if (typeof combo === "string") return `${name}: ${combo}`;
    const id = comboId(combo);
    if (TAKEN.includes(id)) return `${name}: ${id} is needed in text fields`;
    const other = used.get(id);
    if (other !== undefined) return `${name}: ${id} is taken by ${other}`;
    used.set(id, name);
  }
  return null;
}

/** Two combinations that a keyboard can't tell apart in our window have the same id: Cmd is Ctrl, a letter's case counts not. */
export function comboId(combo: KeyCombo): string {
  const modifiers = new Set(combo.modifiers.map((modifier) => (modifier === "super" ? "ctrl" : modifier)));
  const key = combo.key ?? "";
  return [...[...modifiers].toSorted(), key.length === 1 ? key.toLowerCase() : key].join("+");
}

/** The combination, or what is wrong with it. A key that types must not decide: it takes Ctrl or Alt, or an F key. */
function comboFor(text: string): KeyCombo | string {
  const parsed = parseKeys(text);
  if (!parsed.ok) return parsed.error;
  const { modifiers, key } = parsed.combo;
  if (key === null) return `"${text}" has modifiers only; add a key`;
  const held = modifiers.some((modifier) => modifier !== "shift");
  return held || FUNCTION_KEY.test(key) ? parsed.combo : `"${text}" needs Ctrl or Alt, or has to be an F key`;
}
