/** What the window asks about the machine it runs on. */
import { z } from "zod";

/** Pages of the system's own settings that the app can open. Their addresses are fixed in main. */
export const SYSTEM_PAGES = ["screen-recording", "accessibility"] as const;
export type SystemPage = (typeof SYSTEM_PAGES)[number];

export const HEALTH_REQUESTS = {
  "health.check": z.undefined(),
  "health.open": z.strictObject({ page: z.enum(SYSTEM_PAGES) }),
} as const;

/** `good`: nothing to do. `note`: worth knowing; sessions run all the same. `bad`: something has to be done. */
export type HealthState = "good" | "note" | "bad";

export const HEALTH_GROUPS = ["Desktops", "Permissions", "Programs", "API key", "This machine"] as const;
export type HealthGroup = (typeof HEALTH_GROUPS)[number];

export type HealthItem = {
  readonly id: string;
  readonly group: HealthGroup;
  readonly title: string;
  readonly state: HealthState;
  /** What is so, and what it means. */
  readonly words: string;
  /** The command that mends it; null when none does. */
  readonly command: string | null;
  /** The system's own page where it is changed; null when there is none. */
  readonly page: SystemPage | null;
};

type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: string };

export type HealthReplies = {
  "health.check": readonly HealthItem[];
  "health.open": Outcome;
};

export type HealthApi = {
  /** Looks anew each time it is asked. */
  check(): Promise<readonly HealthItem[]>;
  open(page: SystemPage): Promise<Outcome>;
};
