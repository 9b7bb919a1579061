/** Saving pictures of a page: every one as it is into a folder git ignores, the chosen ones small into docs/. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pngQuantize } from "@napi-rs/image";
import type { ElectronApplication, Page } from "@playwright/test";
import { type App, expect, ROOT } from "../app.ts";

export const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** Where all pictures go. */
export const PICTURES = join(ROOT, ".cache", "pictures");

/** The pictures kept in docs/, by name and theme. */
const KEPT: ReadonlySet<string> = new Set([
  "gate-click-light",
  "gate-click-dark",
  "gate-type-light",
  "gate-drag-dark",
  "edit-light",
  "storyboard-light",
  "queue-light",
  "thinking-light",
  "side-by-side-live-light",
  "taken-over-light",
  "rejecting-light",
  "gate-risky-light",
  "strip-click-light",
  "start-light",
  "first-start-light",
  "sessions-light",
  "replay-light",
  "replay-charts-dark",
  "replay-compare-light",
  "policy-editor-light",
  "policy-backtest-light",
  "lease-light",
  "always-allow-control-light",
]);

/** Makes the window's content `w` x `h` px. */
export async function resize(electron: ElectronApplication, page: Page, w: number, h: number): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.w, size.h),
    { w, h },
  );
  await expect.poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([w, h]);
}

/** The window as it is now in both themes, and in both again at the smallest size when `small`. */
export async function shoot(app: App, name: string, { small = false } = {}): Promise<void> {
  for (const theme of THEMES) await shootIn(app, theme, `${name}-${theme}`);
  if (!small) return;
  await resize(app.electron, app.page, 900, 600);
  for (const theme of THEMES) await shootIn(app, theme, `${name}-${theme}-900x600`);
  await resize(app.electron, app.page, 1280, 800);
}

async function shootIn(app: App, theme: Theme, name: string): Promise<void> {
  await app.page.evaluate((wanted) => window.countersign.setPreferences({ theme: wanted }), theme);
  await expect(app.page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
  // Colours change over a short transition.
  await app.page.waitForTimeout(250);
  const png = await app.page.screenshot();
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(join(PICTURES, `${name}.png`), png);
  await keep(name, png);
}

/** Puts a picture into docs/ when it is one of those kept there. */
export async function keep(name: string, png: Buffer): Promise<void> {
  if (KEPT.has(name))
    writeFileSync(join(ROOT, "docs", `${name}.png`), await pngQuantize(png, { minQuality: 90, speed: 1 }));
}
