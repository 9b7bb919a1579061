import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mousepadParagraph, typeLong } from "../electron/practice/scenarios.ts";
import { expect, freshFolder, test, textOf } from "./app.ts";

const PARAGRAPH = '~!@#$%^&*()_+{}|:"<>? äöüßéñ€ Привет 你好世界 😀';

test("a paragraph in five scripts, typed into mousepad and saved, is in the file exactly", async ({ launch }) => {
  const file = join(freshFolder(), "note.txt");
  writeFileSync(file, "");
  const app = await launch({ script: mousepadParagraph({ text: PARAGRAPH }) });
  await app.start("Write the paragraph", `mousepad "${file}"`);
  await app.approve("Left click at 640, 400");
  await app.approve(/^Type /);
  await app.approve("Press ctrl+s");
  await app.finish();
  expect(textOf(file).replace(/\n$/, "")).toBe(PARAGRAPH);
});

test("stop in the middle of typing 2,000 characters: nothing more arrives after 200 ms, and no key is held", async ({
  launch,
}) => {
  const file = join(freshFolder(), "typed");
  const app = await launch({ script: typeLong() });
  await app.start("Type the long text", `xterm -geometry 200x60+0+0 -e sh -c "stty -icanon -echo; cat > '${file}'"`);
  await app.approve("Left click at 640, 400");
  await app.approve(/^Type /);
  await expect.poll(() => textOf(file).length, { intervals: [20] }).toBeGreaterThan(100);
  await app.page.getByRole("button", { name: "Stop session" }).click();
  await sleep(200);
  const length = textOf(file).length;
  await sleep(800);
  expect(textOf(file).length).toBe(length);
  expect(length).toBeLessThan(2000);
  await expect(app.status).toHaveText("Stopped");
  const [last] = (await app.all("action.finished")).slice(-1);
  expect(last?.text).toMatch(/^Interrupted by the operator after \d+ of 2000 characters; keys released\.$/);
});

test("pause in the middle of typing cuts it, tells Claude how far it got, and never continues it", async ({
  launch,
}) => {
  const file = join(freshFolder(), "typed");
  const app = await launch({ script: typeLong() });
  await app.start("Type the long text", `xterm -geometry 200x60+0+0 -e sh -c "stty -icanon -echo; cat > '${file}'"`);
  await app.approve("Left click at 640, 400");
  await app.approve(/^Type /);
  await expect.poll(() => textOf(file).length, { intervals: [20] }).toBeGreaterThan(100);
  await app.page.keyboard.press("Control+.");
  await expect(app.status).toHaveText("Paused");
  await sleep(200);
  const length = textOf(file).length;
  await app.page.getByRole("button", { name: "Resume" }).first().click();
  const [result] = await app.results(3);
  expect(result?.text).toMatch(/^Interrupted by the operator after \d+ of 2000 characters; keys released\.$/);
  await app.finish();
  expect(textOf(file).length).toBe(length);
});
