import { expect, test } from "vitest";
import { desktopProblem } from "./desktop-problem.ts";

test("what is missing is named with the command that installs it", () => {
  expect(desktopProblem({ PATH: "/nowhere" }, "linux", false)).toBe(
    "A desktop of Claude's own needs Xvfb and openbox. Install with: sudo apt-get install -y xvfb openbox",
  );
  expect(desktopProblem({ PATH: "/nowhere" }, "linux", true)).toMatch(/: apt-get install -y xvfb openbox$/);
  expect(desktopProblem(process.env, "darwin")).toBe("A desktop of Claude's own needs Linux.");
  expect(desktopProblem(process.env, "linux")).toBeNull();
});
