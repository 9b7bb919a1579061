/** Which process a window belongs to: the server's word, whatever the window says. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startTestDesktop } from "./test-desktop.ts";
import { focusWindow } from "./windows.ts";

test("a window that names another process is still its own program's", async () => {
  const desktop = await startTestDesktop();
  try {
    const terminal = await desktop.open("xterm", []);
    const before = await focusWindow(desktop.x11);
    expect(before).toMatchObject({ pid: terminal.pid, exe: "xterm" });
    const args = ["-id", String(before?.id), "-f", "_NET_WM_PID", "32c", "-set", "_NET_WM_PID", String(process.pid)];
    await promisify(execFile)("xprop", args, { env: desktop.env });
    const said = await desktop.x11.property(before?.id ?? 0, "_NET_WM_PID");
    expect(said?.data.readUInt32LE(0)).toBe(process.pid);
    expect(await focusWindow(desktop.x11)).toMatchObject({ pid: terminal.pid, exe: "xterm" });
  } finally {
    await desktop.close();
  }
});
