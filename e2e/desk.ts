/** The practice desk as a program of an ordinary session: tests read what it received. */
import { join } from "node:path";
import { type DeskState, parseDeskState } from "../electron/practice/desk/state.ts";
import { freshFolder, ROOT, textOf } from "./app.ts";

export type Desk = {
  /** The command line for the start view's Programs field. */
  readonly program: string;
  /** What the desk saw and holds now; null before its first report. */
  read(): DeskState | null;
};

/** A desk with a state file of its own. */
export function deskProgram(): Desk {
  const folder = freshFolder();
  const file = join(folder, "desk.json");
  const switches = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const electron = process.env.COUNTERSIGN_ELECTRON ?? "";
  const words = [
    electron,
    ROOT,
    ...switches,
    "--practice-desk",
    `--state-file=${file}`,
    `--user-data-dir=${join(folder, "data")}`,
  ];
  return {
    program: words.map((word) => `"${word}"`).join(" "),
    read: () => {
      const text = textOf(file);
      return text === "" ? null : parseDeskState(text);
    },
  };
}

/** Where the desk was clicked, in order: px of the display. */
export function clicksOn(desk: Desk): readonly (readonly [number | undefined, number | undefined])[] {
  return (desk.read()?.events ?? []).filter(({ type }) => type === "click").map(({ x, y }) => [x, y] as const);
}
