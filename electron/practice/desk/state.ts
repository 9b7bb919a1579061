import { z } from "zod";
import type { PAPERS } from "./layout.ts";

/** What stands in the form. */
const formSchema = z.strictObject({
  name: z.string(),
  amount: z.string(),
  tags: z.array(z.string()),
  category: z.string().nullable(),
  notes: z.string(),
  receipts: z.boolean(),
});

/** One event the page received: its place in client px (which are screen px), button, key, wheel distance. */
const deskEventSchema = z.strictObject({
  type: z.string(),
  x: z.number().optional(),
  y: z.number().optional(),
  button: z.number().optional(),
  key: z.string().optional(),
  dx: z.number().optional(),
  dy: z.number().optional(),
  modifiers: z.string().optional(),
});

/** The state file: everything the desk saw and holds. `seq` grows with every report. */
export const deskStateSchema = z.strictObject({
  version: z.literal(1),
  seq: z.number().int(),
  /** Client px of the page, and its device scale. */
  view: z.strictObject({ width: z.number(), height: z.number(), scale: z.number() }),
  form: formSchema,
  trip: z.string().nullable(),
  /** Scroll position of the trip list, px. */
  scrollTop: z.number(),
  attached: z.array(z.string()),
  turned: z.array(z.string()),
  stamped: z.boolean(),
  /** Where the hotel card lies. */
  cardIn: z.enum(["inbox", "claim"]),
  /** The claim number has been read by hovering over it. */
  hovered: z.boolean(),
  /** The form as it was when Save was pressed last, or null. */
  saved: formSchema.nullable(),
  saves: z.number().int(),
  /** How many events of each type came in, e.g. `mousedown`, `click`, `dblclick`, `contextmenu`, `wheel`, `keydown`. */
  counts: z.record(z.string(), z.number().int()),
  /** The last 400 of them (no `mousemove`). */
  events: z.array(deskEventSchema),
  /** Keys that are down right now, by `code`. */
  keysDown: z.array(z.string()),
  /** Mouse buttons that are down right now, as the DOM's bit set. */
  buttonsDown: z.number().int(),
});

export type DeskState = z.infer<typeof deskStateSchema>;
export type DeskForm = z.infer<typeof formSchema>;

/** What the practice session leaves behind. */
export const EXPECTED_FORM: DeskForm = {
  name: "Jürgen Müller-Sørensen",
  amount: "1284.50 €",
  tags: ["lisbon"],
  category: "Travel",
  notes: 'Lisbon: 3 nights @ 214.50 = ~643.50 €\nTaxi & train, see "receipts" #1-3 {all paid} 😀',
  receipts: true,
};
export const EXPECTED_TRIP = "Lisbon";
export const EXPECTED_ATTACHED: (typeof PAPERS)[number] = "Hotel invoice";

export type DeskCheck = { readonly ok: boolean; readonly problems: readonly string[] };

/** Compares a desk with what the practice session should leave; each problem says what was wanted and what is there. */
export function checkDesk(state: DeskState): DeskCheck {
  const problems: string[] = [];
  const want = (what: string, wanted: unknown, found: unknown): void => {
    const [a, b] = [JSON.stringify(wanted), JSON.stringify(found)];
    if (a !== b) problems.push(`${what}: wanted ${a}, found ${b}`);
  };
  const saved = state.saved;
  if (saved === null) problems.push("the form was not saved");
  else
    for (const key of ["name", "amount", "tags", "category", "notes", "receipts"] as const)
      want(key, EXPECTED_FORM[key], saved[key]);
  want("saves", 1, state.saves);
  want("trip", EXPECTED_TRIP, state.trip);
  want("attached papers", [EXPECTED_ATTACHED], state.attached);
  want("papers turned over", [], state.turned);
  want("stamped", true, state.stamped);
  want("hotel card", "claim", state.cardIn);
  want("claim number hovered", true, state.hovered);
  want("keys still down", [], state.keysDown);
  want("mouse buttons still down", 0, state.buttonsDown);
  return { ok: problems.length === 0, problems };
}

/** Reads the text of a state file. Throws a SyntaxError or zod's error for anything that is no desk state. */
export function parseDeskState(text: string): DeskState {
  return deskStateSchema.parse(JSON.parse(text));
}
