/** For tests: a real X server (Xorg with the dummy driver) whose outputs act like monitors; `xrandr` plugs and unplugs them. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startServer, startTestDesktop, type TestDesktop, type TestServer } from "./test-desktop.ts";

const run = promisify(execFile);

/** A monitor: its size and where it is, px. The driver knows the usual sizes (`1280x800`, `1920x1080`, `1368x768`, ...). */
export type Plugged = { readonly size: string; readonly at: readonly [number, number] };

export type MonitorDesktop = TestDesktop & {
  /** Runs `xrandr` with these words. */
  readonly xrandr: (...words: readonly string[]) => Promise<void>;
  /** Programs started from now on draw at this scale (`Xft.dpi` of the X resources); Electron's takes it too. */
  readonly scale: (factor: number) => Promise<void>;
};

const CONFIG = `Section "Device"
  Identifier "dummy"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 1.0 - 2000.0
  VertRefresh 1.0 - 200.0
EndSection
Section "Screen"
  Identifier "screen"
  Device "dummy"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 4096 2304
  EndSubSection
EndSection
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
`;

/** Starts the server with openbox; the monitors are the outputs DUMMY0, DUMMY1, ..., the first one primary. */
export async function startMonitorDesktop(monitors: readonly Plugged[]): Promise<MonitorDesktop> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-monitors-"));
  const config = join(folder, "xorg.conf");
  await writeFile(config, CONFIG);
  const start = async (): Promise<TestServer> => {
    const log = join(folder, "xorg.log");
    const words = ["-config", config, "-logfile", log, "-noreset", "-novtswitch", "-keeptty"];
    const server = await startServer("Xorg", words, process.env);
    await plug(server, monitors);
    return server;
  };
  const desktop = await startTestDesktop(start).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    ...desktop,
    xrandr: (...words) => xrandr(desktop, words),
    scale: async (factor) => {
      const resources = join(folder, "resources");
      await writeFile(resources, `Xft.dpi: ${Math.round(96 * factor)}\n`);
      await run("xrdb", ["-merge", resources], { env: desktop.env });
    },
    close: async () => {
      await desktop.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function plug(server: TestServer, monitors: readonly Plugged[]): Promise<void> {
  const words = monitors.flatMap(({ size, at }, i) => {
    return ["--output", `DUMMY${i}`, "--mode", size, "--pos", at.join("x"), ...(i === 0 ? ["--primary"] : [])];
  });
  for (const [i, { size }] of monitors.entries()) {
    // The first output has its modes already.
    await xrandr(server, ["--addmode", `DUMMY${i}`, size]).catch(() => undefined);
  }
  await xrandr(server, words);
}

async function xrandr(
  { display, authority }: Pick<TestServer, "display" | "authority">,
  words: readonly string[],
): Promise<void> {
  await run("xrandr", [...words], { env: { ...process.env, DISPLAY: display, XAUTHORITY: authority } });
}
