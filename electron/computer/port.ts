/** The way to a process: what Electron's utilityProcess and Node's child_process have in common. */
import type { ChildProcess } from "node:child_process";
import type { UtilityProcess } from "electron";

export type Port = {
  readonly post: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Called once, with how it ended in words. */
  readonly onExit: (listener: (how: string) => void) => void;
  /** Ends the process at once. */
  readonly kill: () => void;
};

/** The port to a utility process of Electron. */
export function portOfUtility(child: UtilityProcess): Port {
  return {
    post: (message) => child.postMessage(message),
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
