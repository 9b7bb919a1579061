/** Text from Claude, the screen or a file, made safe to read: nothing invisible stays invisible. */

const NAMED: Readonly<Record<number, string>> = {
  0x09: "→",
  0x0a: "↵",
  0x0d: "␍",
  0x7f: "␡",
  0xa0: "⍽",
};

/** A piece of shown text: plain as it is, or a symbol that stands for a character one could not see. */
export type TextPiece = {
  readonly kind: "plain" | "symbol";
  readonly text: string;
  /** For a symbol: what it stands for, e.g. `U+202E`, or `Enter` for a newline in typed text. */
  readonly meaning?: string;
};

/** CR and CRLF as LF: what typing them means (one press of Enter each). */
export function unpaste(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/**
 * Splits text into plain runs and symbols. Control characters, line ends, tabs, no-break and zero-width spaces,
 * bidirectional controls, joiners outside emoji, tag characters, unassigned and private-use characters and lone
 * surrogates become symbols, so that what is read is what is there.
 */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") pieces.push({ kind: "plain", text: plain });
    plain = "";
  };
  const characters = [...text];
  characters.forEach((character, i) => {
    if (!isHidden(character, characters[i - 1], characters[i + 1])) {
      plain += character;
      return;
    }
    flush();
    pieces.push(symbolOf(character));
  });
  flush();
  return pieces;
}

/** The same in one string, for sentences, results and logs: symbols without a sign of their own as `<U+202E>`. */
export function showText(text: string): string {
  return textPieces(text)
    .map((piece) => piece.text)
    .join("");
}

function symbolOf(character: string): TextPiece {
  const code = character.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const meaning = code === 0x0a ? "Enter" : code === 0x09 ? "Tab" : name;
  const picture = Object.hasOwn(NAMED, code) ? NAMED[code] : undefined;
  if (picture !== undefined) return { kind: "symbol", text: picture, meaning };
  if (code < 0x20) return { kind: "symbol", text: String.fromCodePoint(0x2400 + code), meaning };
  return { kind: "symbol", text: `<${name}>`, meaning };
}

function isHidden(character: string, before: string | undefined, after: string | undefined): boolean {
  // A joiner or a variation selector between two emoji is part of what is drawn.
  if (character === "\u200d") return !(isPictograph(before) && isPictograph(after));
  if (character === "\ufe0f" || character === "\ufe0e") return before === undefined || !/[\p{Emoji}\u20e3]/u.test(before);
  if (character === " ") return false;
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Zs}\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u2800]/u.test(character) || isVariation(character);
}

function isVariation(character: string): boolean {
  return /[\ufe00-\ufe0d\u{e0100}-\u{e01ef}\u180b-\u180d\u180f]/u.test(character);
}

function isPictograph(character: string | undefined): boolean {
  return character !== undefined && /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u.test(character);
}
