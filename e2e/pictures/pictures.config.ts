import { defineConfig } from "@playwright/test";

/** Not tests: they make pictures, and fail only where a state can't be reached. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.pictures.ts",
  outputDir: "../../test-results",
  workers: 1,
  // Hundreds of states, each in several sizes and both themes, with axe over each.
  timeout: 3_600_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
});
