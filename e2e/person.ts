/** A person at the desktop that the app runs on: see electron/computer/listener/test-person.ts. */
import { type PersonDesktop, startPersonDesktop } from "../electron/computer/listener/test-person.ts";
import { type App, test as base, type LaunchOptions } from "./app.ts";

type Fixtures = {
  readonly desktop: PersonDesktop;
  /** Starts the app on that desktop (`through` another name of it), and in it a session there; `before` may do something in its window first. */
  readonly startHere: (
    options: LaunchOptions & { readonly through?: { readonly display: string; readonly authority: string } },
    where?: "This desktop" | "own",
    before?: (app: App) => Promise<void>,
  ) => Promise<App>;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  desktop: async ({}, use) => {
    const desktop = await startPersonDesktop({ w: 1600, h: 1000 });
    await use(desktop);
    await desktop.close();
  },
  startHere: async ({ desktop, launch }, use) => {
    await use(async ({ through = desktop, ...options }, where = "This desktop", before = async () => undefined) => {
      const env = { DISPLAY: through.display, XAUTHORITY: through.authority };
      const app = await launch({ ...options, env });
      await place(app, { x: 700, y: 60, width: 880, height: 800 });
      await before(app);
      if (where === "This desktop") await app.page.getByRole("radio", { name: where }).check();
      await app.page.getByRole("textbox", { name: "Task" }).fill("Do it");
      await app.page.getByRole("button", { name: "Start session" }).click();
      return app;
    });
  },
});

/** Moves the app's window; px of the desktop. */
async function place(
  app: App,
  bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds);
}

/** The middle of a button of the window, px of the desktop. */
export async function onScreen(app: App, name: string): Promise<readonly [number, number]> {
  const box = await app.page.getByRole("button", { name, exact: true }).boundingBox();
  const at = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getContentBounds());
  if (box === null || at === undefined) throw new Error(`${name} is not on the screen`);
  return [Math.round(at.x + box.x + box.width / 2), Math.round(at.y + box.y + box.height / 2)];
}
