/** What an executor's environment tells it about the one desktop it serves. */
import { z } from "zod";
import { privacySchema } from "../../shared/ipc-journal.ts";
import { PREFERENCE_SHAPE } from "../../shared/preferences.ts";
import type { Blackout } from "./blackout.ts";

const hereSchema = z.strictObject({
  monitor: z.string().min(1),
  owner: z.int().positive(),
  chords: PREFERENCE_SHAPE.chords,
});

/**
 * The desktop the operator sits at: the one monitor to show and act on, the process that owns our windows there, and the
 * chords that are heard there.
 */
export type Here = z.infer<typeof hereSchema>;

const accessibilitySchema = z.strictObject({ kind: z.enum(["itself", "session"]), address: z.string().min(1) });

/** Where controls are asked for: the accessibility bus itself, or the session bus that tells where it is. */
export type AccessibilityBus = z.infer<typeof accessibilitySchema>;

export type Served = {
  readonly display: string;
  /** The Xauthority file. */
  readonly authority: string;
  /** Null on a desktop of its own. */
  readonly here: Here | null;
  /** What is painted black in every capture. */
  readonly blackout?: Blackout;
  /** Absent: controls are not known. */
  readonly accessibility?: AccessibilityBus;
  /** Whether text that can't be typed may be pasted; where everything can be typed it is not looked at. */
  readonly mayPaste?: boolean;
};

export type ExecutorEnv = {
  readonly DISPLAY: string;
  readonly XAUTHORITY: string;
  readonly COUNTERSIGN_HERE: string;
  readonly COUNTERSIGN_BLACKOUT: string;
  readonly COUNTERSIGN_ACCESSIBILITY: string;
  readonly COUNTERSIGN_PASTE: string;
};

export function executorEnv({ display, authority, here, blackout, accessibility, mayPaste }: Served): ExecutorEnv {
  return {
    DISPLAY: display,
    XAUTHORITY: authority,
    COUNTERSIGN_HERE: here === null ? "" : JSON.stringify(here),
    COUNTERSIGN_BLACKOUT: blackout === undefined ? "" : JSON.stringify(blackout),
    COUNTERSIGN_ACCESSIBILITY: accessibility === undefined ? "" : JSON.stringify(accessibility),
    COUNTERSIGN_PASTE: mayPaste === true ? "1" : "",
  };
}

/** Reads the environment back; throws an Error that names the variable. */
export function servedFrom(env: NodeJS.ProcessEnv): Served {
  const { DISPLAY: display, XAUTHORITY: authority, COUNTERSIGN_HERE: here } = env;
  const { COUNTERSIGN_BLACKOUT: blackout, COUNTERSIGN_ACCESSIBILITY: accessibility } = env;
  if (display === undefined || authority === undefined) throw new Error("DISPLAY and XAUTHORITY have to be set");
  return {
    display,
    authority,
    here: here ? hereSchema.parse(JSON.parse(here)) : null,
    ...(blackout ? { blackout: privacySchema.parse(JSON.parse(blackout)) } : {}),
    ...(accessibility ? { accessibility: accessibilitySchema.parse(JSON.parse(accessibility)) } : {}),
    mayPaste: env.COUNTERSIGN_PASTE === "1",
  };
}
