import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,electron,renderer,soak}/**/*.test.{ts,tsx}"],
    environment: "node",
    pool: "forks",
    // Several files share one server or display now and then: 2 cores are what CI has.
    maxWorkers: 2,
    testTimeout: 20_000,
    restoreMocks: true,
  },
});
