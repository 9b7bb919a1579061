/** What the operator can change of the window and the gate; kept in settings.json, changed in the settings view. */
import { z } from "zod";
import { CHORD_NAMES, type Chords, chordsProblem, DEFAULT_CHORDS } from "./chords.ts";
import { BINDING_NAMES, bindingsProblem, DEFAULT_BINDINGS, type KeyBindings } from "./key-bindings.ts";

const keysSchema: z.ZodType<KeyBindings> = z
  .partialRecord(z.enum(BINDING_NAMES), z.string().max(60))
  .transform((given) => ({ ...DEFAULT_BINDINGS, ...given }))
  .check((ctx) => {
    const problem = bindingsProblem(ctx.value);
    if (problem !== null) ctx.issues.push({ code: "custom", message: problem, input: ctx.value });
  });

const chordsSchema: z.ZodType<Chords> = z
  .partialRecord(z.enum(CHORD_NAMES), z.string().max(60))
  .transform((given) => ({ ...DEFAULT_CHORDS, ...given }))
  .check((ctx) => {
    const problem = chordsProblem(ctx.value, null);
    if (problem !== null) ctx.issues.push({ code: "custom", message: problem, input: ctx.value });
  });

export const PREFERENCE_SHAPE = {
  /** Colours of the window. */
  theme: z.enum(["auto", "light", "dark"]),
  /** ms from a card's paint until it can be decided. */
  armingMs: z.int().min(0).max(5000),
  /** ms that Approve is held for something risky. */
  holdMs: z.int().min(300).max(5000),
  /** ms that Confirm stays after Approve, for those who can't hold. */
  confirmMs: z.int().min(1000).max(15_000),
  /** A notification of the system when a decision waits and the window is not in front. */
  notify: z.boolean(),
  /** A sound with it. */
  sound: z.boolean(),
  /**
   * Decisions on this desktop count without a key or button of the person's own device just before them: for on-screen
   * keyboards and remote desktop tools.
   */
  anyInput: z.boolean(),
  /** Whether the operator is done with the first-start page. */
  welcomed: z.boolean(),
  /** On Windows and macOS, where not every character can be typed: text may be pasted, with the clipboard put back. */
  mayPaste: z.boolean(),
  /** The keys of our window. */
  keys: keysSchema,
  /** The keys that are heard everywhere. */
  chords: chordsSchema,
} as const;

export type Preferences = { readonly [K in keyof typeof PREFERENCE_SHAPE]: z.output<(typeof PREFERENCE_SHAPE)[K]> };

export const DEFAULT_PREFERENCES: Preferences = {
  theme: "auto",
  armingMs: 300,
  holdMs: 800,
  confirmMs: 3000,
  notify: true,
  sound: true,
  anyInput: false,
  welcomed: false,
  mayPaste: false,
  keys: DEFAULT_BINDINGS,
  chords: DEFAULT_CHORDS,
};

/**
 * Why preferences that are fine each by itself can't be together, in words; null when they can.
 * @param rechording a running session would have other chords than the window shows
 */
export function preferencesProblem(
  { keys, chords }: Pick<Preferences, "keys" | "chords">,
  rechording: boolean,
): string | null {
  if (rechording) return "chords: a session is running; change them when it has ended";
  const problem = chordsProblem(chords, keys);
  return problem === null ? null : `chords: ${problem}`;
}

/** Least arming delay that the window may ask for; a settings file may say less. */
const LEAST_ARMING_MS = 100;

/** A change of some of them, as the window sends it. */
export const preferencesPatchSchema = z
  .strictObject({ ...PREFERENCE_SHAPE, armingMs: PREFERENCE_SHAPE.armingMs.min(LEAST_ARMING_MS) })
  .partial();
export type PreferencesPatch = z.output<typeof preferencesPatchSchema>;
