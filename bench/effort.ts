/** The operator's effort for one task, in the real app: see e2e/effort/effort.bench.ts, which this runs on a display. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startTestDesktop } from "../electron/computer/x11/test-desktop.ts";

const ROOT = join(import.meta.dirname, "..");

const desktop = await startTestDesktop();
try {
  const env: NodeJS.ProcessEnv = { ...process.env, DISPLAY: desktop.display, XAUTHORITY: desktop.authority };
  // Playwright runs in plain Node, and starts the app as Electron.
  delete env.ELECTRON_RUN_AS_NODE;
  const cli = join(ROOT, "node_modules", "@playwright", "test", "cli.js");
  const config = join(ROOT, "e2e", "effort", "effort.config.ts");
  const child = spawn("node", [cli, "test", "--config", config], { env, stdio: "inherit" });
  const [code] = await once(child, "exit");
  process.exitCode = typeof code === "number" ? code : 1;
} finally {
  await desktop.close();
}
