import { expect, test } from "vitest";
import { debugProblem } from "./debug-ports.ts";

test.each(["remote-debugging-port", "remote-debugging-pipe", "inspect", "inspect-brk", "inspect-port", "js-flags"])(
  "a packaged app with --%s starts no session, and says which switch it was",
  (name) => {
    expect(debugProblem(true, (asked) => asked === name)).toContain(`--${name},`);
    expect(debugProblem(false, (asked) => asked === name)).toBeNull();
  },
);

test("without one it may", () => {
  expect(debugProblem(true, () => false)).toBeNull();
});
