import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import { ACTIONS } from "../fixtures/actions.ts";
import { EDITOR, image, proposalOf, SESSION } from "../fixtures/events.ts";
import { digestOfCard } from "./digest.ts";

it.each(ACTIONS.map((action) => [action.action, action] as const))("equals main's digest of %s", async (_, action) => {
  const proposal = proposalOf(action, { now: image("form-moved") });
  const text = digestText({
    session: SESSION,
    proposal: proposal.id,
    rev: proposal.rev,
    action,
    screenshot: proposal.screenshot,
    now: image("form-moved").sha256,
    display: proposal.display,
    window: proposal.window,
    cursor: proposal.cursor,
  });
  expect(await digestOfCard(SESSION, proposal)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
});

it("changes with everything that is shown", async () => {
  const shown = proposalOf({ action: "left_click", coordinate: [1, 2] });
  const others = [
    proposalOf({ action: "left_click", coordinate: [1, 3] }),
    { ...shown, rev: 2 },
    { ...shown, id: "1.1" },
    { ...shown, screenshot: image("editor") },
    { ...shown, now: image("editor") },
    { ...shown, window: EDITOR },
    { ...shown, cursor: null },
    { ...shown, display: { ...shown.display, scale: 2 } },
  ];
  const digests = await Promise.all([shown, ...others].map((proposal) => digestOfCard(SESSION, proposal)));
  digests.push(await digestOfCard("another-session", shown));
  expect(new Set(digests).size).toBe(others.length + 2);
  expect(digestInputOf(SESSION, shown).now).toBeNull();
});
