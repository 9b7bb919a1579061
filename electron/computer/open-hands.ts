/** The hands for the system this runs on. */
import type { Clock } from "./doing.ts";
import type { Served } from "./executor-env.ts";
import { type NutHands, openNutHands } from "./nut-hands.ts";
import { openSystemHands } from "./system/system-hands.ts";
import type { Clipboard } from "./system/type-text.ts";

/** Opens the hands on the desktop of this process's environment; on an X display rejects with an X11Error `no_display`. */
export async function openHands(
  { display, authority, here, mayPaste }: Served,
  clipboard: Clipboard,
  sleep: Clock["sleep"],
): Promise<NutHands> {
  const { platform } = process;
  if (platform === "darwin" || platform === "win32")
    return openSystemHands({
      system: platform,
      clipboard: mayPaste === true ? clipboard : null,
      sleep,
      owner: here?.owner ?? null,
    });
  return await openNutHands(display, authority, here === null ? null : { owner: here.owner });
}
