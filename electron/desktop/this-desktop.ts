/** The desktop the operator sits at, as a place for a session: nothing is started on it, nothing stopped. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Display } from "../../shared/geometry.ts";
import { DesktopError } from "./desktop-error.ts";
import type { Environment } from "./environment.ts";
import { thisDesktopProblem } from "./this-desktop-problem.ts";

/** What is needed of a connection to the display. */
export type Link = {
  readonly monitors: () => Promise<readonly NamedMonitor[]>;
  /** False when another session holds the desktop. */
  readonly claim: () => Promise<boolean>;
  readonly onGone: (listener: (why: string) => void) => void;
  readonly close: () => void;
};
export type NamedMonitor = Display & { readonly name: string; readonly primary: boolean };

export type ThisDesktop = {
  readonly display: string;
  /** The Xauthority file; there may be none. */
  readonly authority: string;
  /** The one display the session sees and touches. */
  readonly monitor: string;
  readonly pids: readonly number[];
  readonly onDied: (listener: (why: string) => void) => void;
  /** Gives the desktop up to the next session. */
  readonly stop: () => Promise<void>;
};

/**
 * Claims the operator's desktop for a session. Rejects with a DesktopError whose words begin with `where:`.
 * @param monitor the display's name, null for the primary one
 * @param connect opens a connection to a display with the cookies of a file
 */
export async function claimThisDesktop(
  monitor: string | null,
  env: Environment,
  connect: (display: string, authority: string) => Promise<Link>,
): Promise<ThisDesktop> {
  const problem = thisDesktopProblem(env);
  if (problem !== null) throw new DesktopError("missing", `where: ${problem}`);
  const { display, authority } = displayOf(env);
  const link = await connect(display, authority).catch((error: unknown) => {
    throw new DesktopError("server", `where: this desktop can't be reached: ${messageOf(error)}`);
  });
  try {
    const name = pick(await link.monitors(), monitor);
    if (!(await link.claim()))
      throw new DesktopError("busy", "where: another session works on this desktop; end it first.");
    let stopped = false;
    return {
      display,
      authority,
      monitor: name,
      pids: [],
      onDied: (listener) => link.onGone((why) => (stopped ? undefined : listener(`The X server ended (${why}).`))),
      stop: async () => {
        stopped = true;
        link.close();
      },
    };
  } catch (error) {
    link.close();
    throw error;
  }
}

/** The display and the cookie file that programs of this desktop use. */
export function displayOf(env: Environment): { readonly display: string; readonly authority: string } {
  return { display: env.DISPLAY ?? "", authority: env.XAUTHORITY || join(homedir(), ".Xauthority") };
}

function pick(monitors: readonly NamedMonitor[], wanted: string | null): string {
  const names = monitors.map(({ name }) => name);
  const first = names[0];
  if (first === undefined) throw new DesktopError("missing", "where: no display is switched on.");
  if (wanted === null) return first;
  if (!names.includes(wanted))
    throw new DesktopError(
      "missing",
      `where.monitor: there is no display ${wanted} now; there are ${names.join(", ")}.`,
    );
  return wanted;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
