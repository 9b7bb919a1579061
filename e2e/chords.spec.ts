/** The chords that are heard everywhere, changed in Settings: checked, kept, and what the next session goes by. */
import { call, type Script, text, thinking, turn } from "../electron/practice/script.ts";
import { type App, expect } from "./app.ts";
import { test } from "./person.ts";

const press = async (app: App, what: string, keys: string) => {
  await app.page.getByRole("button", { name: `Change the keys of ${what}`, exact: true }).click();
  await app.page.keyboard.press(keys);
};
const view = (app: App, name: string) => app.page.getByRole("navigation").getByRole("link", { name }).click();
const said = (app: App, words: string) => expect(app.page.getByRole("alert").filter({ hasText: words })).toBeVisible();

test("chords are changed in Settings, checked there, and are the only ones the next session hears", async ({
  desktop,
  startHere,
}) => {
  const move = (x: number) => turn(thinking("Point."), call("mouse_move", { coordinate: [x, 300] }));
  const script: Script = [move(200), move(300), turn(text("Done."))];
  await desktop.open("xterm", ["-geometry", "80x50+20+40"]);
  const app = await startHere({ script }, "This desktop", async (app) => {
    await view(app, "Settings");
    await press(app, "Approve anywhere", "Control+Alt+q");
    await press(app, "Stop session", "Control+Shift+Insert");
    await expect(app.page.getByText("Ctrl+Alt+Q")).toBeVisible();
    await press(app, "Reject anywhere", "Control+Alt+q");
    await said(app, "Not changed: reject: Ctrl+Alt+Q is taken by approve");
    await press(app, "Reject anywhere", "F9");
    await said(app, 'Not changed: reject: "F9" needs two of Ctrl, Alt, Shift and Super at least');
    await press(app, "Edit", "Control+Alt+q");
    await said(app, "Not changed: approve: Ctrl+Alt+Q is edit in the window already");
    await view(app, "Gate");
  });
  await app.waits("Move the mouse to 200, 300");
  await desktop.person.chord("Control_L", "Shift_L", "F9");
  await desktop.person.chord("Control_L", "Shift_L", "F12");
  await app.waits("Move the mouse to 200, 300");
  await desktop.person.chord("Control_L", "Alt_L", "q");
  await app.waits("Move the mouse to 300, 300");
  expect((await app.all("decision.made")).map(({ decision }) => decision.kind)).toEqual(["approve"]);

  await view(app, "Settings");
  await press(app, "Stop session", "Control+Alt+x");
  await said(app, "Not changed: chords: a session is running; change them when it has ended");
  await view(app, "Gate");
  await desktop.person.chord("Control_L", "Shift_L", "Insert");
  await expect(app.status).toHaveText("Stopped");
});
