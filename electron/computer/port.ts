/** The way to a process: what Electron's utilityProcess and Node's child_process have in common. */
import type { ChildProcess } from "node:child_process";
import type { MessagePortMain, UtilityProcess } from "electron";
import type { WatchPort } from "./live/live.ts";

export type Port = {
  /** @param ports handed over with it; only Electron's processes can be given any */
  readonly post: (message: unknown, ports?: readonly MessagePortMain[]) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Called once, with how it ended in words. */
  readonly onExit: (listener: (how: string) => void) => void;
  /** Ends the process at once. */
  readonly kill: () => void;
};

/** The port to a utility process of Electron. */
export function portOfUtility(child: UtilityProcess): Port {
  return {
    post: (message, ports) => child.postMessage(message, [...(ports ?? [])]),
    onMessage: (listener) => child.on("message", listener),
    onExit: (listener) => child.once("exit", (code) => listener(`exit code ${code}`)),
    kill: () => killUtility(child),
  };
}

/** `UtilityProcess.kill` sends SIGTERM (Electron's documentation), which a process that waits for its display does not obey. */
function killUtility(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** The executor's end of a port to who watches its desktop. */
export function watchPortOf(port: MessagePortMain): WatchPort {
  port.start();
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on("message", (event) => listener(event.data)),
    onClose: (listener) => port.once("close", listener),
    close: () => port.close(),
  };
}

/** The port to a forked Node process; fork it with `serialization: "advanced"`, or pictures don't arrive as bytes. */
export function portOfChild(child: ChildProcess): Port {
  return {
    post: (message) => {
      if (child.connected) child.send(message as NonNullable<typeof message>, () => undefined);
    },
    onMessage: (listener) => child.on("message", listener),
    onExit: (listener) =>
      child.once("exit", (code, signal) => listener(signal === null ? `exit code ${code}` : `signal ${signal}`)),
    kill: () => child.kill("SIGKILL"),
  };
}
