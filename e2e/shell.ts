/** The app on a desktop that shows notifications and tray icons: see electron/computer/bus/test-shell.ts. */
import { startTestBus } from "../electron/computer/bus/test-bus.ts";
import { type App, test as base } from "./app.ts";

/**
 * `bus` is the address of a session bus with nothing on it yet. A fixture, named before `launch`: it outlives the app, which
 * ends at once when its session bus does.
 */
export const test = base.extend<{ readonly bus: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  bus: async ({}, use) => {
    const bus = await startTestBus();
    await use(bus.address);
    await bus.close();
  },
});

export const isShown = (app: App) =>
  app.electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return (window?.isVisible() ?? false) && window?.isMinimized() === false;
  });
