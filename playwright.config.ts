import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // One display, one app at a time: two real desktops side by side would measure each other.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: process.env.COUNTERSIGN_E2E_REPORT
    ? [["list"], ["json", { outputFile: process.env.COUNTERSIGN_E2E_REPORT }]]
    : [["list"]],
  use: { trace: "retain-on-failure", screenshot: "only-on-failure" },
});
