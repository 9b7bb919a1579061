import fc from "fast-check";
import { expect, it } from "vitest";
import { formatStepLink, parseStepLink } from "./step-link.ts";

const sessions = fc.stringMatching(/^[0-9a-z-]{8,40}$/);
const steps = fc.option(fc.tuple(fc.nat(999_999), fc.nat(9999)).map((pair) => pair.join(".")));

it("a link leads to the step it was made of", () => {
  fc.assert(
    fc.property(sessions, steps, (session, step) => {
      expect(parseStepLink(`  ${formatStepLink({ session, step })}\n`)).toEqual({ session, step });
    }),
  );
});

it.each([
  "",
  "20261121-0001",
  "https://session/20261121-0001/step/1.0",
  "countersign://session/20261121-0001/step/1",
  "countersign://session/20261121-0001/step/1.0/more",
  "countersign://session/../../etc/step/1.0",
  "countersign://session/20261121-0001/step/1.0?x",
])("is no link: %j", (text) => {
  expect(parseStepLink(text)).toBeNull();
});
