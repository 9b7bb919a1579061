/** The three notations of conditions: globs for programs and titles, key patterns, and regular expressions for text. */
import { RE2JS, RE2JSException } from "re2js";
import { type KeyCombo, MODIFIERS, type Modifier, parseKeys } from "../keys.ts";
import { unpaste } from "../visible-text.ts";

/** Longest text pattern, in UTF-16 units. */
export const MAX_PATTERN = 1000;
/** Text and pattern together may take so many steps (their lengths multiplied); beyond it the value counts as unknown. */
const MAX_STEPS = 5_000_000;

/** Whether `text` as a whole matches `glob`: `*` is any run of characters, `?` any one, the rest itself. Case counts. */
export function globMatches(glob: string, text: string): boolean {
  let at = 0;
  let in_ = 0;
  let star = -1;
  let retry = 0;
  while (in_ < text.length) {
    const wanted = glob[at];
    if (wanted === "*") {
      star = at;
      retry = in_;
      at += 1;
    } else if (wanted !== undefined && (wanted === "?" || wanted === text[in_])) {
      at += 1;
      in_ += 1;
    } else if (star >= 0) {
      retry += 1;
      in_ = retry;
      at = star + 1;
    } else return false;
  }
  while (glob[at] === "*") at += 1;
  return at === glob.length;
}

/** A key pattern: modifiers, and one key, any key (`*`), or none. */
export type KeyPattern = {
  readonly written: string;
  readonly modifiers: readonly Modifier[];
  readonly key: string | null;
  readonly anyKey: boolean;
};

export type KeyPatternResult =
  | { readonly ok: true; readonly pattern: KeyPattern }
  | { readonly ok: false; readonly error: string };

/** Reads `ctrl+s`, `Return`, `super+*`, `*`. The error says what is wrong with it. */
export function parseKeyPattern(written: string): KeyPatternResult {
  if (written === "*") return { ok: true, pattern: { written, modifiers: [], key: null, anyKey: true } };
  const anyKey = /\+\s*\*$/.test(written);
  const parsed = parseKeys(anyKey ? written.replace(/\+\s*\*$/, "") : written);
  if (!parsed.ok) return parsed;
  const { modifiers, key } = plainly(parsed.combo);
  if (anyKey && key !== null) return { ok: false, error: `"${written}": before +* only modifiers can stand` };
  return { ok: true, pattern: { written, modifiers, key, anyKey } };
}

/** A combination as its keys are pressed: `A` is `shift+a`. */
export function plainly(combo: KeyCombo): KeyCombo {
  const { key } = combo;
  if (key === null || [...key].length !== 1) return combo;
  const lower = key.toLowerCase();
  if (lower === key || [...lower].length !== 1) return combo;
  const modifiers = MODIFIERS.filter((name) => name === "shift" || combo.modifiers.includes(name));
  return { modifiers, key: lower };
}

/**
 * Whether a combination (made plain) is what the pattern means. `exact` (allow): these modifiers and no others.
 * Otherwise (ask, deny): these modifiers at least. A pattern with `*` also means its modifiers alone.
 */
export function keysMatch(pattern: KeyPattern, combo: KeyCombo, exact: boolean): boolean {
  if (!pattern.anyKey && pattern.key !== combo.key) return false;
  if (exact && pattern.modifiers.length !== combo.modifiers.length) return false;
  return pattern.modifiers.every((name) => combo.modifiers.includes(name));
}

/** A text condition, compiled: true or false, or null when the text is too long to be judged in good time. */
export type TextTest = (text: string) => boolean | null;

/**
 * Compiles an anchored RE2 expression. In ask and deny rules `.` also means a line end, so that a newline does not hide
 * what stands behind it. The error says what is wrong with the expression.
 */
export function compileText(
  expression: string,
  effect: "allow" | "ask" | "deny",
): { readonly ok: true; readonly test: TextTest } | { readonly ok: false; readonly error: string } {
  if (expression.length > MAX_PATTERN) return { ok: false, error: `must have at most ${MAX_PATTERN} characters` };
  try {
    const compiled = RE2JS.compile(expression, effect === "allow" ? 0 : RE2JS.DOTALL);
    const size = compiled.programSize();
    const test = (text: string) => (text.length * size > MAX_STEPS ? null : compiled.matches(unpaste(text)));
    return { ok: true, test };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, error: `is not a regular expression: ${error.message}` };
  }
}
