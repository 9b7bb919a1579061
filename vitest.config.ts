import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes long begins first: the samples of the long proofs, then what has an X server. A fresh clone knows no times yet. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) =>
      moduleId.includes("/soak/") ? 0 : moduleId.endsWith(".x11.test.ts") ? 1 : 2;
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["{shared,electron,renderer,soak}/**/*.test.{ts,tsx}"],
    environment: "node",
    pool: "forks",
    // Several files share one server or display now and then: 2 cores are what CI has.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    restoreMocks: true,
  },
});
