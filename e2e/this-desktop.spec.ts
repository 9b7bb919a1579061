import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mousepadParagraph } from "../electron/practice/scenarios.ts";
import { expect, freshFolder, test, textOf } from "./app.ts";

const PARAGRAPH = "Grüße from this desktop: 1 + 1 = 2?";

test("a small session on the operator's own desktop: approved in the window, done in mousepad", async ({ launch }) => {
  const file = join(freshFolder(), "note.txt");
  writeFileSync(file, "");
  const editor = spawn("mousepad", ["--disable-server", file], { stdio: "ignore" });
  try {
    // Playwright's keys come from no device: without this setting they decide nothing (person.spec.ts).
    const dir = freshFolder();
    writeFileSync(join(dir, "settings.json"), JSON.stringify({ version: 1, anyInput: true }));
    const app = await launch({ script: mousepadParagraph({ text: PARAGRAPH, at: [960, 600] }), dir });
    await app.page.getByRole("radio", { name: "This desktop" }).check();
    await app.page.getByRole("textbox", { name: "Task" }).fill("Write the paragraph");
    await app.page.getByRole("button", { name: "Start session" }).click();
    await app.approve(/^Left click at/);
    await app.approve(/^Type /);
    await app.approve("Press ctrl+s");
    await app.finish();
    expect(textOf(file).replace(/\n$/, "")).toBe(PARAGRAPH);
  } finally {
    editor.kill();
  }
});
