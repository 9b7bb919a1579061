/** Menu entries of programs, after the Desktop Entry Specification 1.5 (freedesktop.org). */
import { splitCommandLine } from "./command-line.ts";

/** The keys of the group `[Desktop Entry]`, values as written. */
export type EntryKeys = ReadonlyMap<string, string>;

/** What a menu shows of an entry, and how it is started. */
export type Entry = {
  readonly name: string;
  readonly comment: string;
  /** Words of the command, the program first. */
  readonly words: readonly [string, ...string[]];
  readonly inTerminal: boolean;
  /** A program without which the entry means nothing; null for none. */
  readonly tryExec: string | null;
};

/** Reads a file's main group; null when it has none. Lines that are no `key=value` are passed over. */
export function entryKeys(text: string): EntryKeys | null {
  const keys = new Map<string, string>();
  let group: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]\s*$/.exec(line);
    if (header !== null) {
      if (group === MAIN) return keys;
      group = header[1] ?? "";
      continue;
    }
    const pair = /^([A-Za-z0-9-]+(?:\[[^\]]+\])?)\s*=\s*(.*)$/.exec(line);
    if (group === MAIN && pair !== null && !keys.has(pair[1] ?? "")) keys.set(pair[1] ?? "", pair[2] ?? "");
  }
  return group === MAIN ? keys : null;
}

const MAIN = "Desktop Entry";

/** `Hidden=true` takes away an entry of the same id in a folder that counts less. */
export function isHidden(keys: EntryKeys): boolean {
  return keys.get("Hidden") === "true";
}

/**
 * What a menu on a desktop without a name would show; null for what it would not: other kinds, entries for another use, for
 * certain desktops only, or with a command that is not well formed.
 * @param file where the entry was read
 * @param locale `lang_COUNTRY@MODIFIER`, as in LANG
 */
export function readEntry(keys: EntryKeys, file: string, locale: string): Entry | null {
  const shown = keys.get("Type") === "Application" && keys.get("NoDisplay") !== "true" && !keys.has("OnlyShowIn");
  const name = localized(keys, "Name", locale);
  const exec = keys.get("Exec");
  if (!shown || isHidden(keys) || name === "" || exec === undefined) return null;
  const words = execWords(unescaped(exec), { name, file, icon: unescaped(keys.get("Icon") ?? "") });
  if (words === null) return null;
  return {
    name,
    comment: localized(keys, "Comment", locale),
    words,
    inTerminal: keys.get("Terminal") === "true",
    tryExec: keys.has("TryExec") ? unescaped(keys.get("TryExec") ?? "") : null,
  };
}

/** The best of `key[lang_COUNTRY@MODIFIER]`, `key[lang_COUNTRY]`, `key[lang@MODIFIER]`, `key[lang]` and `key`. */
function localized(keys: EntryKeys, key: string, locale: string): string {
  const match = /^([A-Za-z]+)(?:_([A-Za-z]+))?(?:\.[^@]*)?(?:@(.+))?$/.exec(locale);
  const [, language = "", country, modifier] = match ?? [];
  const [here, way] = [country === undefined ? null : `_${country}`, modifier === undefined ? null : `@${modifier}`];
  const wanted = [
    ...(here !== null && way !== null ? [`${language}${here}${way}`] : []),
    ...(here !== null ? [`${language}${here}`] : []),
    ...(way !== null ? [`${language}${way}`] : []),
    language,
  ];
  const found = wanted.map((each) => keys.get(`${key}[${each}]`)).find((value) => value !== undefined);
  return unescaped(found ?? keys.get(key) ?? "").trim();
}

const ESCAPES: Readonly<Record<string, string>> = { s: " ", n: "\n", t: "\t", r: "\r", "\\": "\\" };

/** The escapes of every text value. */
function unescaped(value: string): string {
  return value.replace(/\\([sntr\\])/g, (_, letter: string) => ESCAPES[letter] ?? "");
}

type Fields = { readonly name: string; readonly file: string; readonly icon: string };

/** Splits Exec into words and puts in its field codes; null when it is not well formed. Files and URLs: none are given. */
function execWords(exec: string, fields: Fields): readonly [string, ...string[]] | null {
  // What the specification reserves has to be quoted in Exec too, `$` and backquote inside quotes escaped.
  const split = splitCommandLine(exec.replace(/\\([`$])/g, "$1"));
  if (!split.ok) return null;
  const words: string[] = [];
  for (const word of split.words) {
    if (word === "%i") {
      if (fields.icon !== "") words.push("--icon", fields.icon);
      continue;
    }
    if (/^%[fFuUdDnNvm]$/.test(word)) continue;
    const put = withFields(word, fields);
    if (put === null) return null;
    words.push(put);
  }
  const [program, ...rest] = words;
  return program === undefined || program === "" || program.includes("=") ? null : [program, ...rest];
}

function withFields(word: string, { name, file }: Fields): string | null {
  let known = true;
  const put = word.replace(/%(.?)/g, (_, code: string) => {
    if (code === "%") return "%";
    if (code === "c") return name;
    if (code === "k") return file;
    if (code !== "" && "fFuUdDnNvm".includes(code)) return "";
    known = false;
    return "";
  });
  return known ? put : null;
}

/** Words as one line that `splitCommandLine` reads back. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, "\\$&")}"`)).join(" ");
}
