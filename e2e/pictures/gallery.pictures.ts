/** Every state of renderer/fixtures/gallery.html in both themes, and contact sheets of them. */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { _electron, expect, type Page, test } from "@playwright/test";
import react from "@vitejs/plugin-react";
import { build, type PreviewServer, preview } from "vite";
import { ROOT } from "../app.ts";
import { keep, PICTURES, resize, THEMES } from "./shoot.ts";

const OUT = join(PICTURES, "gallery");
const A_SHEET = 9;
/** The compact strip has a size of its own; its states are shown in no other. */
const STRIP = [420, 180] as const;

/** Builds the gallery and serves it on loopback. */
async function serveGallery(): Promise<{ readonly server: PreviewServer; readonly url: string }> {
  const config = {
    configFile: false as const,
    root: join(ROOT, "renderer"),
    logLevel: "warn" as const,
    plugins: [react()],
    build: {
      outDir: join(PICTURES, "gallery-build"),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(ROOT, "renderer", "fixtures", "gallery.html") },
    },
  };
  await build(config);
  const server = await preview({ ...config, preview: { host: "127.0.0.1", port: 0 } });
  const [base] = server.resolvedUrls?.local ?? [];
  if (base === undefined) throw new Error("the gallery has no address");
  return { server, url: `${base}fixtures/gallery.html` };
}

/** Serious and critical findings of axe. */
async function findings(page: Page): Promise<readonly string[]> {
  // Electron has no second page for axe's frame bridge.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `error of axe, ${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(" ")}`);
}

/** What is wrong in a state that stands still: errors, a page that scrolls, words cut off without a way to read them. */
async function problems(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollHeight > innerHeight || root.scrollWidth > innerWidth ? ["the page scrolls"] : [];
    for (const element of document.querySelectorAll<HTMLElement>("button, h2, h3, p, label, dt, dd")) {
      if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === "hidden")
        found.push(`cut off: ${element.textContent?.slice(0, 60)}`);
    }
    return found;
  });
}

test("gallery", async () => {
  const filter = new RegExp(process.env.COUNTERSIGN_GALLERY_FILTER ?? "");
  const { server, url } = await serveGallery();
  const electron = await _electron.launch({
    executablePath: process.env.COUNTERSIGN_ELECTRON ?? "",
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), join(ROOT, "bench", "bare-window.cjs"), url],
  });
  try {
    const page = await electron.firstWindow();
    await page.waitForFunction(() => document.body?.dataset.states);
    const names = ((await page.evaluate(() => document.body.dataset.states)) ?? "").split(" ");
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    rmSync(OUT, { recursive: true, force: true });
    mkdirSync(OUT, { recursive: true });
    const found: string[] = [];
    for (const [w, h] of [[1280, 800], [1900, 1060], [900, 600], STRIP] as const) {
      await resize(electron, page, w, h);
      for (const theme of THEMES) {
        const files: string[] = [];
        for (const name of names.filter(
          (each) => filter.test(each) && each.startsWith("strip-") === (w === STRIP[0]),
        )) {
          await page.goto(`${url}?state=${name}&theme=${theme}`);
          await page.waitForFunction(() => document.body?.dataset.ready);
          const file = join(OUT, `${name}-${theme}-${w}.png`);
          const png = await page.screenshot({ path: file });
          if (w === 1280 || w === STRIP[0]) await keep(`${name}-${theme}`, png);
          files.push(file);
          const axe = w === 1280 || w === STRIP[0] ? await findings(page) : [];
          const wrong = [...(await problems(page)), ...axe, ...errors.splice(0)];
          if (wrong.length > 0) found.push(`${name}, ${theme}, ${w}x${h}: ${wrong.join("; ")}`);
        }
        for (let i = 0; i < files.length; i += A_SHEET) {
          const sheet = join(PICTURES, `sheet-${theme}-${w}-${i / A_SHEET + 1}.png`);
          const montage = [
            "-label",
            "%t",
            ...files.slice(i, i + A_SHEET),
            "-tile",
            "3x",
            "-geometry",
            "640x+6+6",
            sheet,
          ];
          await promisify(execFile)("montage", montage);
        }
      }
    }
    for (const line of found) console.log(line);
    expect(found.filter((line) => /error/i.test(line))).toEqual([]);
  } finally {
    await electron.close();
    await server.close();
  }
});
