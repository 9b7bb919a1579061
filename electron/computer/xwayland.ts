/** Whether an X display is XWayland's, whatever the environment says: it shows the X programs of a Wayland session and no others. */
import { WAYLAND_WORDS } from "../../shared/session-type.ts";
import { readMonitors } from "./monitors.ts";
import { ask, type BareClient } from "./x11-client.ts";

/**
 * Why the display can't be worked on, and what to do; null when it is an X server of its own. XWayland from 23.1 on says
 * so by an extension (xwaylandproto); before that its outputs were called XWAYLAND0, XWAYLAND1, ...
 */
export async function xwaylandProblem(x: BareClient): Promise<string | null> {
  const { present } = await ask<{ readonly present: number }>(x, (reply) => x.client.QueryExtension("XWAYLAND", reply));
  if (present) return WAYLAND_WORDS;
  const monitors = await readMonitors(x).catch(() => []);
  return monitors.some(({ name }) => name.startsWith("XWAYLAND")) ? WAYLAND_WORDS : null;
}
