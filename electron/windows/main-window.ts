/** The app's one window: sandboxed, no navigation, no new windows, no permissions. */
import { join } from "node:path";
import { BrowserWindow, nativeTheme, type Session } from "electron";
import { pushTo } from "./ipc.ts";

const PAGE = "app://countersign/index.html";

export type MainWindowOptions = {
  /** The folder `out/`. */
  readonly out: string;
  /** A picture's file: what task bars show for the window, where the desktop does not know the program. */
  readonly icon: string;
  readonly session: Session;
  /** Asked before the window closes; false keeps it open. */
  readonly mayClose: () => Promise<boolean>;
  /** The page was reloaded, has crashed or is closed: nothing of it is shown any more. */
  readonly onGone: () => void;
};

/** Opens the window and loads the page. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: "Countersign",
    icon: options.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#1a1b1e" : "#ffffff",
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(options.out, "preload", "preload.cjs"),
      session: options.session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      // A hidden window must still paint the card that the arming delay waits for.
      backgroundThrottling: false,
    },
  });
  window.removeMenu();
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  webContents.on("will-navigate", (event) => event.preventDefault());
  webContents.on("will-frame-navigate", (event) => event.preventDefault());
  webContents.on("will-attach-webview", (event) => event.preventDefault());
  webContents.on("did-start-navigation", (details) => {
    if (details.isMainFrame && !details.isSameDocument) options.onGone();
  });
  // Chromium asks nobody before it shows about:blank.
  webContents.on("did-navigate", (_event, url) => {
    if (url !== PAGE && !window.isDestroyed()) void window.loadURL(PAGE);
  });
  webContents.on("render-process-gone", (_event, details) => {
    options.onGone();
    if (details.reason === "clean-exit") return;
    // Reloading from inside this event hangs the main process.
    setImmediate(() => {
      if (!window.isDestroyed()) void window.loadURL(PAGE);
    });
  });
  let closing = false;
  window.on("close", (event) => {
    if (closing) return;
    event.preventDefault();
    void options.mayClose().then((may) => {
      if (!may || window.isDestroyed()) return;
      closing = true;
      window.close();
    });
  });
  // What nobody can see is not shown.
  window.on("hide", options.onGone);
  window.on("minimize", options.onGone);
  window.on("closed", options.onGone);
  const tellVisible = () => pushTo(webContents, "push.visible", window.isVisible() && !window.isMinimized());
  for (const change of ["show", "hide", "minimize", "restore"] as const) window.on(change as "show", tellVisible);
  window.once("ready-to-show", () => window.show());
  void window.loadURL(PAGE);
  return window;
}

/** Refuses every permission a page can ask for, and every download. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
}
