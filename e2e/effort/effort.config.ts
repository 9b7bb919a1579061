import { defineConfig } from "@playwright/test";

/** Run by `npm run bench effort`. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../../test-results/effort",
  workers: 1,
  reporter: [["line"]],
});
