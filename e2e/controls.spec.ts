/**
 * What programs call their controls, on the card: by the own desktop's accessibility bus. The way by the operator's
 * session bus is in electron/computer/bus/controls.x11.test.ts.
 */
import { call, type Script, text, turn } from "../electron/practice/script.ts";
import { expect, test } from "./app.ts";

test("the card names the control under the point, and where the keys go", async ({ launch }) => {
  const script: Script = [
    turn(call("wait", { duration: 1 })),
    turn(call("key", { text: "ctrl+f" })),
    turn(call("wait", { duration: 1 })),
    turn(call("type", { text: "words" })),
    turn(text("Done.")),
  ];
  const app = await launch({ script });
  await app.start("Search", "mousepad --disable-server");
  await app.waits("Press ctrl+f");
  await expect(app.card.getByText(/^Into\s*text$/)).toBeVisible();
  await app.page.keyboard.press("Control+Enter");
  await app.waits(/^Type/);
  const [, second] = (await app.all("action.proposed")).filter(({ proposal }) => "focusControl" in proposal);
  expect(second?.proposal.focusControl?.role).toMatch(/text|entry/);
});
