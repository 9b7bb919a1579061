import { describe, expect, it, test } from "vitest";
import { splitCommandLine } from "./command-line.ts";
import { entryKeys, isHidden, joinWords, readEntry } from "./desktop-entry.ts";

const FILE = "/usr/share/applications/notes.desktop";
const entry = (lines: readonly string[], locale = "") => {
  const keys = entryKeys(["[Desktop Entry]", "Type=Application", "Name=Notes", ...lines].join("\n"));
  return keys === null ? null : readEntry(keys, FILE, locale);
};
const words = (exec: string, ...more: readonly string[]) => entry([`Exec=${exec}`, ...more])?.words ?? null;

describe("a menu entry", () => {
  it("is read from its main group alone", () => {
    const text =
      "# a comment\n[Desktop Entry]\nName = Notes\nName=twice\nnonsense\n\n[Desktop Action New]\nName=New\nExec=new";
    expect([...(entryKeys(text) ?? [])]).toEqual([["Name", "Notes"]]);
    expect(entryKeys("[Other]\nName=x")).toBeNull();
    expect(entryKeys("")).toBeNull();
  });

  it.each([
    ["de_DE.UTF-8", "Notizen"],
    ["de_AT", "Notizerln"],
    ["sr_RS@latin", "Beleške"],
    ["sr@latin", "Beleške"],
    ["sr_RS", "Белешке"],
    ["fr_FR", "Notes"],
    ["C.UTF-8", "Notes"],
    ["", "Notes"],
  ])("in %j is called %s", (locale, name) => {
    const names = ["Name[de]=Notizen", "Name[de_AT]=Notizerln", "Name[sr@latin]=Beleške", "Name[sr]=Белешке"];
    expect(entry([...names, "Exec=notes"], locale)?.name).toBe(name);
  });

  test.each([
    ["notes", ["notes"]],
    ["notes %U", ["notes"]],
    ["notes --new %f --", ["notes", "--new", "--"]],
    ["notes --title=%c %k", ["notes", "--title=Notes", FILE]],
    ["notes 100%%", ["notes", "100%"]],
    ['"/opt/my notes/notes" --x', ["/opt/my notes/notes", "--x"]],
    ['sh -c "echo \\\\$HOME"', ["sh", "-c", "echo $HOME"]],
    ["env\\sA=1 notes", ["env", "A=1", "notes"]],
  ])("Exec=%s", (exec, expected) => {
    expect(words(exec)).toEqual(expected);
  });

  it("gives its icon where it is asked for", () => {
    expect(words("notes %i", "Icon=note-pad")).toEqual(["notes", "--icon", "note-pad"]);
    expect(words("notes %i")).toEqual(["notes"]);
  });

  it.each(["", "notes %z", "notes | more", 'notes "open', "A=1 notes", "%f"])("with Exec=%j is none", (exec) => {
    expect(words(exec)).toBeNull();
  });

  it.each(["NoDisplay=true", "Hidden=true", "OnlyShowIn=GNOME;", "Type=Link"])("with %s is not shown", (line) => {
    const keys = entryKeys(["[Desktop Entry]", line, "Type=Application", "Name=N", "Exec=n"].join("\n"));
    expect(keys && readEntry(keys, FILE, "")).toBeNull();
    expect(keys && isHidden(keys)).toBe(line === "Hidden=true");
  });

  it("for other desktops than one is shown here", () => {
    expect(entry(["Exec=notes", "NotShowIn=GNOME;"])).not.toBeNull();
  });
});

test.each([[["a", "b c", 'd"e', "f\\g", "", "$HOME", "ü;x"]], [["/opt/x y/z", "--a=b,c"]]])(
  "joined words are split into the same: %j",
  (given) => {
    expect(splitCommandLine(joinWords(given))).toEqual({ ok: true, words: given });
  },
);
