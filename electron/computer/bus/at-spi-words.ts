/** The numbers of AT-SPI (at-spi2-core, atspi-constants.h) that we use, and the words we have for them. */

export const PASSWORD_TEXT = 40;
const MENU = 33;

/** ATSPI_ROLE_*: what an operator would call a control. The words are ours, so no program can write them. */
export const CONTROL_ROLES: ReadonlyMap<number, string> = new Map([
  [7, "check box"],
  [8, "check menu item"],
  [11, "combo box"],
  [13, "desktop icon"],
  [32, "list item"],
  [MENU, "menu"],
  [35, "menu item"],
  [37, "page tab"],
  [PASSWORD_TEXT, "password text"],
  [43, "push button"],
  [44, "radio button"],
  [45, "radio menu item"],
  [51, "slider"],
  [52, "spin button"],
  [56, "table cell"],
  [57, "table column header"],
  [60, "terminal"],
  [61, "text"],
  [62, "toggle button"],
  [79, "entry"],
  [88, "link"],
  [91, "tree item"],
]);

/** What holds many things: a control around it is not what is meant by a point in it. */
export const CONTAINERS: ReadonlySet<number> = new Set([
  20, // filler
  23, // frame
  38, // page tab list
  39, // panel
  49, // scroll pane
  68, // viewport
  75, // application
  82, // document frame
  95, // document web
]);

/** ATSPI_STATE_*. */
const FOCUSED = 12;
const SELECTED = 23;
const SHOWING = 25;

/** ATSPI_Collection_MATCH_*. */
const ALL = 1;
const ANY = 2;

const RULES = {
  focused: { states: bits([FOCUSED], 2), roles: bits([], 4) },
  openMenus: { states: bits([SELECTED, SHOWING], 2), roles: bits([MENU], 4) },
} as const;

/** A rule for Collection.GetMatches, as its signature `(aiia{ss}iaiiasib)` orders it. */
export function matchRule(what: keyof typeof RULES): readonly unknown[] {
  const { states, roles } = RULES[what];
  return [states, ALL, {}, ALL, roles, ANY, [], ALL, false];
}

/** Whether a reply of Accessible.GetState has it on the screen. */
export function isShowing(states: unknown): boolean {
  const word: unknown = Array.isArray(states) ? states[SHOWING >> 5] : 0;
  return typeof word === "number" && (word & (1 << SHOWING)) !== 0;
}

/** A set of small numbers as signed words of 32 bits. */
function bits(of: readonly number[], words: number): number[] {
  const set = Array.from({ length: words }, () => 0);
  for (const each of of) set[each >> 5] = (set[each >> 5] ?? 0) | (1 << (each & 31));
  return set;
}
