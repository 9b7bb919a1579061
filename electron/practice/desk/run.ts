import { rename, writeFile } from "node:fs/promises";
import { app, BrowserWindow, protocol, screen } from "electron";
import { stateFileOf } from "./flags.ts";
import { PAGE_HTML } from "./page-html.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { deskStateSchema } from "./state.ts";

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A report is a few kB; anything far above is not ours. */
const MOST_BYTES = 1_000_000;

/**
 * Runs this process as the practice desk: one window that fills the display, no preload, no IPC, sandboxed; the page
 * reports its state over its own `desk://` protocol, and every report replaces the state file as a whole. Call it before
 * the app is ready and nothing else after it. The process ends when the window closes or on SIGTERM. Exits with 6 when
 * `--state-file=` is missing. The starter passes `--user-data-dir=`, and DISPLAY in the environment.
 */
export function runPracticeDesk(argv: readonly string[]): void {
  const stateFile = stateFileOf(argv);
  if (stateFile === null) {
    process.stderr.write("practice desk: --state-file=PATH is missing\n");
    app.exit(6);
    return;
  }
  app.setName("practice-desk");
  process.env.CHROME_DESKTOP = "practice-desk.desktop";
  app.commandLine.appendSwitch("force-device-scale-factor", "1");
  app.commandLine.appendSwitch("disable-smooth-scrolling");
  protocol.registerSchemesAsPrivileged([
    { scheme: "desk", privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.on("window-all-closed", () => app.quit());
  process.once("SIGTERM", () => app.exit(0));
  void app.whenReady().then(() => openDesk(stateFile));
}

function openDesk(stateFile: string): void {
  const save = stateWriter(stateFile);
  protocol.handle("desk", (request) => answer(request, save));
  const { width, height } = screen.getPrimaryDisplay().bounds;
  const window = new BrowserWindow({
    x: 0,
    y: 0,
    width,
    height,
    title: "Practice desk",
    frame: false,
    // Not merely as large as the display: such a window comes out one pixel smaller each way.
    fullscreen: true,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: "#f1ece1",
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: false,
    },
  });
  window.setMenu(null);
  window.webContents.on("will-navigate", (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  window.webContents.session.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
  window.once("ready-to-show", () => {
    window.show();
    window.focus();
  });
  void window.loadURL("desk://app/");
}

async function answer(request: Request, save: (text: string) => Promise<void>): Promise<Response> {
  const { host, pathname } = new URL(request.url);
  if (host !== "app") return new Response("not found", { status: 404 });
  if (pathname === "/state") return takeState(request, save);
  const page =
    pathname === "/"
      ? [PAGE_HTML, "text/html"]
      : pathname === "/style.css"
        ? [PAGE_STYLE, "text/css"]
        : pathname === "/desk.js"
          ? [PAGE_SCRIPT, "text/javascript"]
          : null;
  if (page === null || request.method !== "GET") return new Response("not found", { status: 404 });
  const headers = {
    "content-type": `${page[1]}; charset=utf-8`,
    "content-security-policy": CSP,
    "cache-control": "no-store",
  };
  return new Response(page[0] ?? "", { headers });
}

async function takeState(request: Request, save: (text: string) => Promise<void>): Promise<Response> {
  if (request.method !== "POST") return new Response("not found", { status: 404 });
  const text = await request.text();
  if (text.length > MOST_BYTES) return new Response("too large", { status: 413 });
  try {
    await save(`${JSON.stringify(deskStateSchema.parse(JSON.parse(text)))}\n`);
  } catch (error) {
    process.stderr.write(`practice desk: report refused: ${String(error)}\n`);
    return new Response("bad report", { status: 400 });
  }
  return new Response(null, { status: 204 });
}

/** Writes whole files one after the other, each under another name first, so that a reader never sees half of one. */
function stateWriter(path: string): (text: string) => Promise<void> {
  let queue: Promise<void> = Promise.resolve();
  return (text) => {
    const write = async (): Promise<void> => {
      await writeFile(`${path}.part`, text, { mode: 0o600 });
      await rename(`${path}.part`, path);
    };
    queue = queue.then(write, write);
    return queue;
  };
}
