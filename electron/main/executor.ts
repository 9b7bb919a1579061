import { app, clipboard, utilityProcess } from "electron";
import type { AccessibilityBus, ExecutorEnv } from "../computer/executor-env.ts";
import { type Port, portOfUtility } from "../computer/port.ts";
import { type RemoteComputer, startRemoteComputer } from "../computer/remote-computer.ts";
import { WATCHDOG_WORDS } from "../computer/watchdog.ts";
import type { SessionDesktop } from "../session/manager.ts";
import type { Settings } from "../settings/settings.ts";
import { ClipboardKeeper } from "./clipboard-keeper.ts";

/**
 * Starts the executor of one desktop: a utility process whose environment knows that display and nothing of the API key.
 * @param entry the built executor-process.js
 * @param settings what of them counts as long as it runs: what is painted black, whether it may paste, the chords
 * @param onWords told what the process writes, line by line, for the log
 */
export async function startExecutor(
  entry: string,
  desktop: SessionDesktop,
  onWords: (words: string) => void,
  { privacy: { regions, programs }, mayPaste, chords }: Pick<Settings, "privacy" | "mayPaste" | "chords">,
): Promise<RemoteComputer> {
  return await startRemoteComputer({
    display: desktop.display,
    authority: desktop.authority,
    ...(regions.length + programs.length === 0 ? {} : { blackout: { regions, programs } }),
    ...accessibilityOf(desktop, process.env.DBUS_SESSION_BUS_ADDRESS),
    mayPaste,
    clipboard: new ClipboardKeeper(clipboard),
    here: desktop.monitor === null ? null : { monitor: desktop.monitor, owner: process.pid, chords },
    fork: (env) => fork(entry, env, onWords),
  });
}

/** On the operator's own desktop their session bus tells where the accessibility bus is. */
function accessibilityOf(
  { monitor, accessibility }: SessionDesktop,
  session = "",
): { readonly accessibility?: AccessibilityBus } {
  const [kind, address] =
    monitor === null ? (["itself", accessibility ?? ""] as const) : (["session", session] as const);
  return address === "" ? {} : { accessibility: { kind, address } };
}

function fork(entry: string, display: ExecutorEnv, onWords: (words: string) => void): Port {
  const switches = process.argv.includes("--no-sandbox") ? ["--no-sandbox"] : [];
  const watchdog = [process.execPath, ...switches, "watchdog"];
  const child = utilityProcess.fork(entry, [], {
    env: { ...process.env, ...display, ...(app.isPackaged ? { [WATCHDOG_WORDS]: JSON.stringify(watchdog) } : {}) },
    serviceName: "countersign-executor",
    stdio: "pipe",
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => onWords(chunk.toString("utf8").trimEnd()));
  }
  return portOfUtility(child);
}
