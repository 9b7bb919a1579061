/** What an executor's environment tells it about the one desktop it serves. */
import { z } from "zod";
import { privacySchema } from "../../shared/ipc-journal.ts";
import type { Blackout } from "./blackout.ts";

const hereSchema = z.strictObject({ monitor: z.string().min(1), owner: z.int().positive() });

/** The desktop the operator sits at: the one monitor to show and act on, and the process that owns our windows there. */
export type Here = z.infer<typeof hereSchema>;

export type Served = {
  readonly display: string;
  /** The Xauthority file. */
  readonly authority: string;
  /** Null on a desktop of its own. */
  readonly here: Here | null;
  /** What is painted black in every capture. */
  readonly blackout?: Blackout;
};

export type ExecutorEnv = {
  readonly DISPLAY: string;
  readonly XAUTHORITY: string;
  readonly COUNTERSIGN_HERE: string;
  readonly COUNTERSIGN_BLACKOUT: string;
};

export function executorEnv({ display, authority, here, blackout }: Served): ExecutorEnv {
  return {
    DISPLAY: display,
    XAUTHORITY: authority,
    COUNTERSIGN_HERE: here === null ? "" : JSON.stringify(here),
    COUNTERSIGN_BLACKOUT: blackout === undefined ? "" : JSON.stringify(blackout),
  };
}

/** Reads the environment back; throws an Error that names the variable. */
export function servedFrom(env: NodeJS.ProcessEnv): Served {
  const { DISPLAY: display, XAUTHORITY: authority, COUNTERSIGN_HERE: here, COUNTERSIGN_BLACKOUT: blackout } = env;
  if (display === undefined || authority === undefined) throw new Error("DISPLAY and XAUTHORITY have to be set");
  return {
    display,
    authority,
    here: here ? hereSchema.parse(JSON.parse(here)) : null,
    ...(blackout ? { blackout: privacySchema.parse(JSON.parse(blackout)) } : {}),
  };
}
