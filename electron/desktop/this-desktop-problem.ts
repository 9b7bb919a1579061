/** What keeps a session off the desktop the operator sits at. */
import { sessionTypeProblem } from "../../shared/session-type.ts";
import type { Environment } from "./environment.ts";

/** Why no session can work on the operator's desktop here, in words that say what to do; null when one can. */
export function thisDesktopProblem(env: Environment, platform: NodeJS.Platform = process.platform): string | null {
  if (platform !== "linux") return "This desktop can be used on Linux with an X11 session only.";
  return sessionTypeProblem(env, platform);
}
