import { expect, it } from "vitest";
import { DesktopError } from "./desktop-error.ts";

it.each(["command", "server", "window_manager", "program"] as const)("%s: what happened, then what to do", (code) => {
  expect(new DesktopError(code, '"mousepda" ended at once (1)').message).toMatch(
    /^"mousepda" ended at once \(1\)\. (Check|Try|Start) .+\.$/,
  );
});

it("says nothing twice where the problem says what to do", () => {
  const message = "where: another session works on this desktop; end it first.";
  expect(new DesktopError("busy", message).message).toBe(message);
});
