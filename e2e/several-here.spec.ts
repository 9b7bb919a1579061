/** A session on the operator's own desktop beside one on a desktop of its own. */
import { REFUSAL_WORDS } from "../electron/gate/gate.ts";
import { call, type Script, text, turn } from "../electron/practice/script.ts";
import { expect } from "./app.ts";
import { test } from "./person.ts";
import { sessions } from "./record.ts";

const CHORD = ["Control_L", "Shift_L"] as const;
const move = (x: number) => turn(call("mouse_move", { coordinate: [x, 300] }));
/** Whoever asks first gets the first turn. */
const SCRIPT: Script = [move(200), move(300), turn(text("Done."))];

test("chords decide for the session here, and only what is in view; all decisions need a hand; stop stops both", async ({
  desktop,
  startHere,
}) => {
  await desktop.open("xterm", ["-geometry", "80x50+20+40"]);
  const app = await startHere({ script: SCRIPT });
  await app.waits("Move the mouse to 200, 300");
  const here = await app.session();
  await app.page.getByRole("button", { name: "Start another session" }).click();
  await app.start("Elsewhere");
  await app.waits("Move the mouse to 300, 300");
  const own = await app.session();
  const decisions = async (session: string) => (await app.all("decision.made", session)).length;

  await app.page.keyboard.press("Control+Enter");
  await expect(app.card.getByText(/No mouse or keyboard was touched just before this decision/)).toBeVisible();
  await desktop.person.chord(...CHORD, "F9");
  await expect
    .poll(() => app.page.evaluate(() => window.countersign.info().then((info) => info.chordRefused)))
    .toBe(REFUSAL_WORDS.not_shown);
  expect([await decisions(here), await decisions(own)]).toEqual([0, 0]);

  await app.page.getByRole("button", { name: /^Do it ?, ?Waiting for you/ }).click();
  await app.waits("Move the mouse to 200, 300");
  await desktop.person.chord(...CHORD, "F9");
  await expect.poll(() => decisions(here)).toBe(1);
  expect(await decisions(own)).toBe(0);

  await desktop.person.chord(...CHORD, "F12");
  await expect.poll(() => app.page.evaluate(() => window.countersign.info().then((info) => info.open))).toEqual([]);
  expect((await sessions(app.dir)).map(({ outcome }) => outcome)).toEqual(["stopped", "stopped"]);
});
