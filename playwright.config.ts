import { defineConfig } from "@playwright/test";

/**
 * Specs whose outcome hangs on no clock: two files at a time, each worker with a display of its own. All others, and every new one
 * that is not named here, run alone: what a person's hands, the focus or a changing screen decide within milliseconds must not
 * wait for a neighbour.
 */
const TOGETHER = [
  "api-errors",
  "attacks",
  "closing",
  "crash",
  "decisions",
  "ending",
  "first-run",
  "hand-on",
  "ipc-fuzz",
  "isolation",
  "key-nowhere",
  "operator",
  "packaged",
  "policy",
  "policy-view",
  "practice",
  "replay",
  "review",
  "security",
  "strip",
  "unattended",
  "versions",
  "views",
  "window",
].map((name) => `**/${name}.spec.ts`);

const each = { testDir: "e2e", testMatch: "**/*.spec.ts" };

/** `npm test` runs one project after the other (scripts/test.mjs): side by side they would measure each other. */
export default defineConfig({
  workers: 2,
  fullyParallel: false,
  projects: [
    { ...each, name: "together", testMatch: TOGETHER, outputDir: "test-results/together" },
    { ...each, name: "alone", testIgnore: TOGETHER, workers: 1, outputDir: "test-results/alone" },
  ],
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: process.env.COUNTERSIGN_E2E_REPORT
    ? [["list"], ["json", { outputFile: process.env.COUNTERSIGN_E2E_REPORT }]]
    : [["list"]],
  use: { trace: "retain-on-failure", screenshot: "only-on-failure" },
});
