/** Opens the way for a session's live picture: from its executor to the window, past this process. */
import { MessageChannelMain, type WebContents } from "electron";
import type { Outcome } from "../../shared/ipc.ts";
import type { Runner } from "../session/runner.ts";
import { portTo } from "../windows/ipc.ts";

/** Begins or ends it, as the window asks. One window watches a session; who asks last does. */
export function showLive(
  { on, session }: { readonly session: string; readonly on: boolean },
  runner: Pick<Runner, "watch">,
  contents: WebContents | null,
): Outcome {
  if (!on) return runner.watch(null);
  const { port1, port2 } = new MessageChannelMain();
  const outcome = runner.watch(port1);
  if (outcome.ok) portTo(contents, session, port2);
  else port2.close();
  return outcome;
}
