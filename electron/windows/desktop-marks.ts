/** Where the system shows that something waits: notification, badge, tray, title. Nothing of it can decide anything. */
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
  #waiting = 0;
  #tray: Tray | null = null;

  /**
   * @param hasTray whether the desktop shows the icons that programs put into a tray
   * @param icon a picture's file
   */
  constructor(window: () => BrowserWindow | null, verbs: TrayVerbs, hasTray: () => Promise<boolean>, icon: string) {
    this.#window = window;
    this.#verbs = verbs;
    this.#hasTray = hasTray;
    this.#icon = icon;
  }

  /** So many sessions wait for the operator. */
  mark(waiting: number): void {
    const window = this.#window();
    if (window !== null && !window.isDestroyed()) {
      const title = waiting > 1 ? `${waiting} wait for you - Countersign` : "Waits for you - Countersign";
      window.setTitle(waiting > 0 ? title : "Countersign");
      window.flashFrame(waiting > 0 && !isInFront(window));
    }
    app.setBadgeCount(waiting);
    this.#waiting = waiting;
    this.#describeIcon();
  }

  #describeIcon(): void {
    const what = this.#waiting > 1 ? `${this.#waiting} sessions wait` : "something waits";
    this.#tray?.setToolTip(this.#waiting > 0 ? `Countersign: ${what} for you` : "Countersign");
  }

  /** Puts an icon into the tray while a session is open: at once, or when a tray is there at a later call. */
  async openTray(): Promise<void> {
    if (this.#wantsTray) return;
    this.#wantsTray = true;
    await this.isInTray();
  }

  /** Whether a window that is hidden can be found again in the tray. */
  async isInTray(): Promise<boolean> {
    const shown = (await this.#hasTray()) && this.#wantsTray;
    if (shown && this.#tray === null) this.#putIcon();
    return shown && this.#tray !== null;
  }

  #putIcon(): void {
    const image = nativeImage.createFromPath(this.#icon);
    if (image.isEmpty()) return;
    this.#tray = new Tray(image.resize({ width: 22, height: 22 }));
    this.#describeIcon();
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: "Show Countersign", click: this.#verbs.show },
        { label: "Pause every session", click: this.#verbs.pause },
      ]),
    );
    this.#tray.on("click", this.#verbs.show);
  }

  /** Takes the icon away; on Linux it stays for the next session: Chromium leaves one that is destroyed there, dead, for good. */
  closeTray(): void {
    this.#wantsTray = false;
    if (process.platform === "linux") return;
    this.#tray?.destroy();
    this.#tray = null;
  }
}
