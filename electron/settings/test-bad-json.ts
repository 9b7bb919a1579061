/** Files that are no JSON anybody should read, made of a good one: what a policy and the settings have to refuse alike. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What stands under a name, and how the refusal has to say what is wrong. */
export type BadFile = {
  readonly name: string;
  readonly put: (path: string) => void;
  readonly says: RegExp;
};

const PLACE = /line \d+, column \d+: expected .+/;
const UTF8 = /is not UTF-8; save it as UTF-8/;

/** @param good a JSON object with a member `name`, as one line @param random whole numbers below a limit, seeded */
export function badJsonFiles(good: string, random: (limit: number) => number): readonly BadFile[] {
  const bytes = (name: string, content: string | Uint8Array, says: RegExp): BadFile => ({
    name,
    says,
    put: (path) => writeFileSync(path, content),
  });
  const raw = (...parts: readonly (string | readonly number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
  const more = (member: string) => good.replace("{", `{${member},`);
  const nest = (open: string, close: string, n: number) => more(`"x":${open.repeat(n)}1${close.repeat(n)}`);
  const truncated = Array.from({ length: 14 }, (_, i) => {
    const length = 1 + random(good.length - 2);
    return bytes(`cut after ${length} bytes (${i})`, good.slice(0, length), PLACE);
  });
  const noise = Array.from({ length: 10 }, (_, i) => {
    const content = Buffer.from(Array.from({ length: 200 }, () => 128 + random(128)));
    return bytes(`noise ${i}`, content, UTF8);
  });
  return [
    bytes("empty", "", /is empty; expected JSON/),
    bytes("blank", " \r\n\t", /is empty; expected JSON/),
    ...truncated,
    ...noise,
    bytes("a comma too many", good.replace(/\}$/, ",}"), PLACE),
    bytes("a comment", `// mine\n${good}`, PLACE),
    bytes("a comment inside", good.replace("{", "{/* mine */"), PLACE),
    bytes("single quotes", good.replaceAll('"', "'"), PLACE),
    bytes("names without quotes", good.replaceAll(/"(\w+)":/g, "$1:"), PLACE),
    bytes("no colon", good.replace(":", " "), PLACE),
    bytes("equals signs", good.replace(":", "="), PLACE),
    bytes("two documents", `${good}${good}`, PLACE),
    bytes("words after it", `${good} and more`, PLACE),
    bytes("a bracket of the other kind", good.replace(/\}$/, "]"), PLACE),
    ...["NaN", "Infinity", "-Infinity", "+1", "01", ".5", "0x10", "1_000", "undefined", "True", "-"].map((value) =>
      bytes(`the value ${value}`, more(`"x":${value}`), PLACE),
    ),
    bytes("a number that stops", more('"x":1.'), PLACE),
    bytes("an exponent that stops", more('"x":1e'), PLACE),
    bytes("a line end in a text", more('"x":"a\nb"'), PLACE),
    bytes("a tab in a text", more('"x":"a\tb"'), PLACE),
    bytes("a NUL in a text", more('"x":"a\u0000b"'), PLACE),
    bytes("a NUL first", `\u0000${good}`, PLACE),
    bytes("a NUL last", `${good}\u0000`, PLACE),
    bytes("nothing but NULs", "\u0000".repeat(4096), PLACE),
    bytes("an unknown escape", more('"x":"\\q"'), PLACE),
    bytes("a short escape", more('"x":"\\u12"'), PLACE),
    bytes("a text that does not end", more('"x":"a'), PLACE),
    bytes("no-break spaces", good.replace("{", "{\u00a0"), PLACE),
    bytes(
      "a byte order mark",
      `\ufeff${good}`,
      /begins with a byte order mark \(U\+FEFF\); save it as UTF-8 without one/,
    ),
    bytes("UTF-16", Buffer.from(`\ufeff${good}`, "utf16le"), /is UTF-16; save it as UTF-8/),
    bytes("UTF-16, big end first", Buffer.from(`\ufeff${good}`, "utf16le").swap16(), UTF8),
    bytes("UTF-32", raw([0xff, 0xfe, 0, 0], good), /is UTF-16; save it as UTF-8/),
    bytes("Latin-1", raw('{"x":"', [0xe9], '"}'), UTF8),
    bytes("half a character", raw('{"x":"', [0xf0, 0x9f], '"}'), UTF8),
    bytes("a character's rest alone", raw('{"x":"', [0x80], '"}'), UTF8),
    bytes("an overlong slash", raw('{"x":"', [0xc0, 0xaf], '"}'), UTF8),
    bytes("surrogates as bytes", raw('{"x":"', [0xed, 0xa0, 0xbd], '"}'), UTF8),
    bytes("beyond Unicode", raw('{"x":"', [0xf4, 0x90, 0x80, 0x80], '"}'), UTF8),
    ...[70, 1000, 100_000].flatMap((n) => [
      bytes(`lists ${n} deep`, nest("[", "]", n), /nested more than 64 deep/),
      bytes(`objects ${n} deep`, nest('{"a":', "}", n), /nested more than 64 deep/),
    ]),
    bytes("5 MB of spaces", `${" ".repeat(5_000_000)}${good}`, /larger than 4000000 bytes/),
    { name: "a folder", says: /is a folder; give a file/, put: (path) => void mkdirSync(path) },
    { name: "a pipe", says: /is no plain file/, put: (path) => void execFileSync("mkfifo", [path]) },
    ...["/dev/zero", "/etc/hostname", "nowhere", "."].map(
      (to): BadFile => ({
        name: `a link to ${to}`,
        says: /is a symbolic link; give the file that it points to/,
        put: (path) => symlinkSync(to, path),
      }),
    ),
    { name: "a link to itself", says: /is a symbolic link/, put: (path) => symlinkSync(path, path) },
  ];
}

/** Members that a reader could take for something else; each is added to an object. `says` is about the member. */
export const DOUBTFUL: readonly { readonly name: string; readonly member: string; readonly says: RegExp }[] = [
  { name: "a name twice", member: '"x":1,"x":2', says: /^x: is given twice; keep one of them/ },
  { name: "a name twice, once escaped", member: '"x":1,"\\u0078":2', says: /^x: is given twice; keep one of them/ },
  { name: "a name twice, deeper", member: '"x":{"y":[{"z":1,"z":1}]}', says: /^x\.y\[0\]\.z: is given twice/ },
  { name: "a prototype", member: '"__proto__":{"armingMs":0}', says: /^__proto__: is a name that is never read/ },
  { name: "a prototype, escaped", member: '"\\u005f_proto__":{}', says: /^__proto__: is a name that is never read/ },
  { name: "a prototype, deeper", member: '"x":{"__proto__":null}', says: /^x\.__proto__: is a name that is never/ },
  { name: "a number too large", member: '"x":1e999', says: /^x: is a number too large to be read/ },
  { name: "a number too small", member: '"x":-1e999', says: /^x: is a number too large to be read/ },
  { name: "400 digits", member: `"x":${"9".repeat(400)}`, says: /^x: is a number too large to be read/ },
  { name: "a number that would be rounded", member: '"x":9007199254740993', says: /^x: is a whole number beyond/ },
  { name: "a negative one", member: '"x":[-18446744073709551616]', says: /^x\[0\]: is a whole number beyond/ },
  { name: "half a character", member: '"x":"\\ud800"', says: /^x: holds half of a character/ },
  { name: "half a character as a name", member: '"\\udc00":1', says: /: ?holds half of a character|^holds half/ },
];

/** The name of a place for a file whose content nobody reads: what is refused before it is opened. */
export function placeFor(folder: string, n: number): string {
  return join(folder, `bad-${n}.json`);
}
