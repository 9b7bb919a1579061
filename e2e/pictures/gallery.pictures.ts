/**
 * Every state of renderer/fixtures/gallery.html in both themes, and contact sheets of them. A state is opened once; its
 * sizes and themes are set in the page.
 */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { _electron, expect, type Page, test } from "@playwright/test";
import react from "@vitejs/plugin-react";
import { build, type PreviewServer, preview } from "vite";
import { ROOT } from "../app.ts";
import { keep, PICTURES, resize } from "./shoot.ts";

declare global {
  interface Window {
    /** Of the gallery's page (renderer/fixtures/gallery.tsx). */
    readonly setTheme: (theme: string) => void;
    readonly still: () => Promise<void>;
  }
}

const OUT = join(PICTURES, "gallery");
const A_SHEET = 9;
/** The compact strip has a size of its own; its states are shown in no other. */
const STRIP = [
  { w: 420, h: 180, theme: "light", axe: "all" },
  { w: 420, h: 180, theme: "dark", axe: "colours" },
] as const;
/** In an order that changes little from one to the next. The smallest size is looked at for what does not fit, in one theme. */
const VIEWS = [
  { w: 900, h: 600, theme: "light", axe: null },
  { w: 1920, h: 1080, theme: "light", axe: null },
  { w: 1280, h: 800, theme: "light", axe: "all" },
  { w: 1280, h: 800, theme: "dark", axe: "colours" },
  { w: 1920, h: 1080, theme: "dark", axe: null },
] as const;

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

/** What axe is asked in a view: all its rules once; what the theme changes, in the other theme. */
const AXE = { all: null, colours: ["color-contrast", "link-in-text-block"] } as const;

/** Serious and critical findings of axe. */
async function findings(page: Page, rules: readonly string[] | null): Promise<readonly string[]> {
  // Electron has no second page for axe's frame bridge.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
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
    await resize(electron, page, 1920, 1080);
    const camera = await page.context().newCDPSession(page);
    const found: string[] = [];
    const sets = new Map<string, string[]>();
    const began = performance.now();
    for (const name of names.filter((each) => filter.test(each))) {
      await page.goto(`${url}?state=${name}`);
      await page.waitForFunction(() => document.body?.dataset.ready);
      for (const { w, h, theme, axe } of name.startsWith("strip-") ? STRIP : VIEWS) {
        await camera.send("Emulation.setDeviceMetricsOverride", {
          ...{ width: w, height: h, deviceScaleFactor: 1, mobile: false },
        });
        await page.evaluate((wanted) => window.setTheme(wanted), theme);
        await page.evaluate(() => window.still());
        const { data } = await camera.send("Page.captureScreenshot", { optimizeForSpeed: true });
        const png = Buffer.from(data, "base64");
        const set = `${theme}-${w}`;
        const file = join(OUT, `${name}-${set}.png`);
        writeFileSync(file, png);
        sets.set(set, [...(sets.get(set) ?? []), file]);
        if (axe !== null) await keep(`${name}-${theme}`, png);
        const said = axe === null ? [] : await findings(page, AXE[axe]);
        const wrong = [...(await problems(page)), ...said, ...errors.splice(0)];
        if (wrong.length > 0) found.push(`${name}, ${theme}, ${w}x${h}: ${wrong.join("; ")}`);
      }
    }
    const seconds = Math.round((performance.now() - began) / 1000);
    for (const [set, files] of sets) await makeSheets(set, files);
    for (const line of found) console.log(line);
    const shots = [...sets.values()].flat().length;
    const axes = found.filter((line) => line.includes("error of axe")).length;
    console.log(
      `${names.filter((each) => filter.test(each)).length} states, ${shots} pictures in ${seconds} s; axe: ${axes} with findings`,
    );
    expect(found.filter((line) => /error/i.test(line))).toEqual([]);
  } finally {
    await electron.close();
    await server.close();
  }
});

/** Contact sheets of a set: its pictures in their order, so many on each. */
async function makeSheets(set: string, files: readonly string[]): Promise<void> {
  for (let i = 0; i < files.length; i += A_SHEET) {
    const sheet = join(PICTURES, `sheet-${set}-${i / A_SHEET + 1}.png`);
    const some = files.slice(i, i + A_SHEET);
    await promisify(execFile)("montage", ["-label", "%t", ...some, "-tile", "3x", "-geometry", "640x+6+6", sheet]);
  }
}
