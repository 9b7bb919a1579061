/** Where the system shows that something waits: notification, badge, tray, title. Nothing of it can decide anything. */
import { join } from "node:path";
import { app, type BrowserWindow, Menu, Notification, nativeImage, Tray } from "electron";
import { isInFront } from "./attention.ts";

/** Shows a notification without buttons; where the system has none, nothing. Returns how to take it away. */
export function notify(title: string, body: string, onClick: () => void): () => void {
  if (!Notification.isSupported()) return () => undefined;
  const notification = new Notification({ title, body, silent: true });
  notification.on("click", onClick);
  notification.show();
  return () => notification.close();
}

export type TrayVerbs = { readonly show: () => void; readonly pause: () => void };

/** Marks on the window and in the system's tray. */
export class DesktopMarks {
  readonly #window: () => BrowserWindow | null;
  readonly #verbs: TrayVerbs;
  readonly #icon: string;
  readonly #hasTray: () => Promise<boolean>;
  #wantsTray = false;
  #tray: Tray | null = null;

  /**
   * @param hasTray whether a window that is hidden can be found again in a tray
   * @param out the folder `out/`, beside which the icon is
   */
  constructor(window: () => BrowserWindow | null, verbs: TrayVerbs, hasTray: () => Promise<boolean>, out: string) {
    this.#window = window;
    this.#verbs = verbs;
    this.#hasTray = hasTray;
    this.#icon = join(out, "..", "build", "icon.png");
  }

  /** Something waits for the operator, or no more. */
  mark(waits: boolean): void {
    const window = this.#window();
    if (window !== null && !window.isDestroyed()) {
      window.setTitle(waits ? "Waits for you - Countersign" : "Countersign");
      window.flashFrame(waits && !isInFront(window));
    }
    app.setBadgeCount(waits ? 1 : 0);
    this.#tray?.setToolTip(waits ? "Countersign: something waits for you" : "Countersign");
  }

  /** Puts an icon into the tray, once, while a session is open. */
  async openTray(): Promise<void> {
    if (this.#wantsTray) return;
    this.#wantsTray = true;
    if ((await this.#hasTray()) && this.#wantsTray && this.#tray === null) this.#putIcon();
  }

  #putIcon(): void {
    const image = nativeImage.createFromPath(this.#icon);
    if (image.isEmpty()) return;
    this.#tray = new Tray(image.resize({ width: 22, height: 22 }));
    this.#tray.setToolTip("Countersign");
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: "Show Countersign", click: this.#verbs.show },
        { label: "Pause the session", click: this.#verbs.pause },
      ]),
    );
    this.#tray.on("click", this.#verbs.show);
  }

  closeTray(): void {
    this.#wantsTray = false;
    this.#tray?.destroy();
    this.#tray = null;
  }
}
