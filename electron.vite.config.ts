import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

/** Processes and threads started from main, by the name of their file in out/main/. */
const MAIN_ENTRIES = {
  main: "electron/main.ts",
  "executor-process": "electron/computer/executor-process.ts",
  "watchdog-process": "electron/computer/watchdog-process.ts",
  "controls-worker": "electron/computer/bus/controls-worker.ts",
  "live-worker": "electron/computer/live/live-worker.ts",
};

/** Left as imports: native binaries, and packages that choose what to load while running. */
const EXTERNAL = [
  /^electron($|\/)/,
  /^@nut-tree\//,
  /^@nut-tree-fork\//,
  /^@napi-rs\//,
  /^@miniben90\//,
  /^x11($|\/)/,
  /^node:/,
];

const at = (path: string) => join(import.meta.dirname, path);
const entries = (list: Record<string, string>) =>
  Object.fromEntries(Object.entries(list).map(([name, path]) => [name, at(path)]));

export default defineConfig({
  main: {
    build: {
      outDir: at("out/main"),
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: entries(MAIN_ENTRIES),
        external: EXTERNAL,
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      outDir: at("out/preload"),
      externalizeDeps: false,
      sourcemap: true,
      // A sandboxed preload cannot be an ES module and cannot load a second file.
      rolldownOptions: {
        input: { preload: at("electron/preload.ts") },
        external: ["electron"],
        output: { format: "cjs", entryFileNames: "[name].cjs", codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at("renderer"),
    plugins: [react()],
    build: {
      outDir: at("out/renderer"),
      sourcemap: true,
      // The page's policy allows neither inline scripts nor data: scripts.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: at("renderer/index.html") },
    },
  },
});
