/**
 * How a text is typed where only nut-js can type (Windows, macOS): which of it goes out as characters, which as keys, which
 * can only be pasted, and what is refused before the first key. Pure.
 */
import { showText, unpaste } from "../../../shared/visible-text.ts";
import { UntypeableError } from "../hands.ts";
import { isTypeable } from "../x11/keymap.ts";

/** One thing to send after one look at the stop signal and the focus; `count` is its characters (code points). */
export type TypedPart = { readonly count: number } & (
  | { readonly kind: "text" | "paste"; readonly text: string }
  | { readonly kind: "key"; readonly key: "Return" | "Tab" }
);

/** The systems that nut-js types on for us. */
export type TypingSystem = "darwin" | "win32";

const NAMES: Readonly<Record<TypingSystem, string>> = { darwin: "macOS", win32: "Windows" };

/**
 * What `keyboard.type` of nut-js (libnut 4.2.6) gets right. On macOS it hands each code point to the system as text. On
 * Windows it has no such path: it cuts each code point to a byte and presses the key that has it (`VkKeyScanA`; the shipped
 * library never sets KEYEVENTF_UNICODE), so that a Cyrillic letter would come out as another character, silently.
 */
const TYPED: Readonly<Record<TypingSystem, RegExp>> = { darwin: /^.*$/su, win32: /^[ -~]*$/ };

/** At most so many characters go out between two looks at the stop signal and the focus; a longer grapheme goes whole. */
const TOGETHER = 8;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Cuts `text` into parts, in order. CR, LF and CRLF are one press of Return, a tab is the Tab key; nothing is cut inside of a
 * grapheme. A line with a grapheme that can't be typed here is pasted as a whole, if that may be.
 * Throws an UntypeableError that names the character and its place when it can't be typed, nor pasted.
 * @param mayPaste the operator's setting: whatever can't be typed may go over the clipboard
 */
export function typedParts(text: string, system: TypingSystem, mayPaste: boolean): readonly TypedPart[] {
  const parts: TypedPart[] = [];
  let at = 0;
  for (const piece of unpaste(text).split(/(\n|\t)/u)) {
    if (piece === "\n") parts.push({ kind: "key", key: "Return", count: 1 });
    else if (piece === "\t") parts.push({ kind: "key", key: "Tab", count: 1 });
    else if (piece !== "") parts.push(...stretch(piece, at, system, mayPaste));
    at += lengthOf(piece);
  }
  return parts;
}

/** A stretch without line ends and tabs, `at` characters into the text. */
function stretch(text: string, at: number, system: TypingSystem, mayPaste: boolean): readonly TypedPart[] {
  const all = [...graphemes.segment(text)].map(({ segment }) => segment);
  let pasted = false;
  let before = at;
  for (const grapheme of all) {
    const bad = [...grapheme].findIndex((character) => !isTypeable(character));
    if (bad >= 0) throw new UntypeableError(`${place([...grapheme][bad] ?? "", before + bad)} can't be typed`);
    if (!TYPED[system].test(grapheme)) {
      if (!mayPaste) throw new UntypeableError(`${place(grapheme, before)} ${notTyped(system)}`);
      pasted = true;
    }
    before += lengthOf(grapheme);
  }
  if (pasted) return [{ kind: "paste", text, count: lengthOf(text) }];
  const chunks: TypedPart[] = [];
  let chunk = "";
  const flush = () => {
    if (chunk !== "") chunks.push({ kind: "text", text: chunk, count: lengthOf(chunk) });
    chunk = "";
  };
  for (const grapheme of all) {
    if (lengthOf(chunk) + lengthOf(grapheme) > TOGETHER) flush();
    chunk += grapheme;
  }
  flush();
  return chunks;
}

function place(character: string, at: number): string {
  return `text: the character ${showText(character)} at ${at}`;
}

function notTyped(system: TypingSystem): string {
  return `can't be typed on ${NAMES[system]}. It could be pasted: Settings, Deciding, "Paste what can't be typed"`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
