import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installedPrograms } from "./installed-programs.ts";

let root = "";

function put(path: string, text: string, mode = 0o644): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}
const entry = (...lines: readonly string[]) => ["[Desktop Entry]", "Type=Application", ...lines].join("\n");

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "countersign-entries-"));
  for (const name of ["notes", "top", "xterm"]) put(`bin/${name}`, "#!/bin/sh\n", 0o755);
  put("home/applications/hidden.desktop", entry("Name=Hidden", "Hidden=true"));
  put("home/applications/notes.desktop", entry("Name=My notes", "Comment=Mine", "Exec=notes --mine %F"));
  put("sys/applications/notes.desktop", entry("Name=Notes", "Exec=notes"));
  put("sys/applications/hidden.desktop", entry("Name=Seen again", "Exec=notes"));
  put("sys/applications/kde/top.desktop", entry("Name=Monitor", "Exec=top -d 1", "Terminal=true"));
  put("sys/applications/gone.desktop", entry("Name=Gone", "Exec=gone"));
  put("sys/applications/tried.desktop", entry("Name=Tried", "Exec=notes", "TryExec=gone"));
  put("sys/applications/long.desktop", entry("Name=Long", `Exec=notes ${"x".repeat(1000)}`));
  put("sys/applications/notes.txt", entry("Name=No entry", "Exec=notes"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const dirs = () => ({
  XDG_DATA_HOME: join(root, "home"),
  XDG_DATA_DIRS: `relative:${join(root, "nowhere")}:${join(root, "sys")}`,
});

it("lists what a menu would, the operator's own entries before the system's", async () => {
  expect(await installedPrograms({ ...dirs(), PATH: join(root, "bin") })).toEqual([
    { id: "kde-top.desktop", name: "Monitor", comment: "", command: "xterm -e top -d 1" },
    { id: "notes.desktop", name: "My notes", comment: "Mine", command: "notes --mine" },
  ]);
});

it("is empty where nothing is installed", async () => {
  expect(await installedPrograms({ ...dirs(), PATH: "" })).toEqual([]);
});
