/** Programs of different toolkits that keep what is typed into them in a file. */
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { end, fileText, type TestDesktop, until } from "../electron/computer/x11/test-desktop.ts";
import { TestHands } from "../electron/computer/x11/test-hands.ts";

export const PROGRAMS = ["mousepad", "xterm", "Chromium"] as const;
export type Program = (typeof PROGRAMS)[number];

export type Typed = {
  /** What the program holds once it is `expected`; after a few seconds whatever it holds. */
  text(expected: string): Promise<string>;
  close(): Promise<void>;
};

let files = 0;

/** Starts `program` with an empty text, the keyboard focus in it. */
export async function openProgram(desktop: TestDesktop, program: Program): Promise<Typed> {
  files += 1;
  const path = join(desktop.folder, `typed-${files}.txt`);
  const hands = new TestHands(desktop.x11);
  const shown = (expected: string) => fileText(path, (text) => text === expected);
  if (program === "mousepad") {
    await writeFile(path, "");
    const child = await desktop.open("mousepad", ["--disable-server", path]);
    await sleep(500);
    const text = async (expected: string) => {
      await hands.pressKeys({ modifiers: ["ctrl"], key: "s" });
      return await shown(expected);
    };
    return { text, close: () => end(child) };
  }
  if (program === "xterm") {
    const child = await desktop.open("xterm", ["-u8", "-e", "sh", "-c", `stty -echo; cat > '${path}'`]);
    await until("cat", () => exists(path));
    const text = async (expected: string) => {
      // A terminal hands over whole lines.
      if (!expected.endsWith("\n")) await hands.pressKeys({ modifiers: [], key: "Return" });
      return (await shown(expected.endsWith("\n") ? expected : `${expected}\n`)).slice(
        0,
        expected.endsWith("\n") ? undefined : -1,
      );
    };
    return { text, close: () => end(child) };
  }
  const electron = process.env.COUNTERSIGN_ELECTRON ?? process.execPath;
  const profile = join(desktop.folder, `profile-${files}`);
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = ["-u", "ELECTRON_RUN_AS_NODE", electron, join(import.meta.dirname, "textarea.cjs")];
  const child = await desktop.open("env", [...args, ...sandbox, "--disable-gpu", `--user-data-dir=${profile}`, path]);
  await until("the text field", () => exists(path));
  await sleep(300);
  return { text: shown, close: () => end(child) };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
