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
 * bidirectional controls, joiners and selectors outside emoji, tag characters, unassigned and private-use characters
 * and lone surrogates become symbols, so that what is read is what is there. The emoji sequences that Unicode
 * recommends for interchange (families, flags, keycaps) stay whole.
 */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") pieces.push({ kind: "plain", text: plain });
    plain = "";
  };
  for (let i = 0; i < text.length; ) {
    const seen = emojiAt(text, i) ?? String.fromCodePoint(text.codePointAt(i) ?? 0);
    i += seen.length;
    if (isHidden(seen)) {
      flush();
      pieces.push(symbolOf(seen));
    } else {
      plain += seen;
    }
  }
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

/** Drawn as nothing although Unicode calls them letters and symbols: fillers, blanks, an empty notehead. */
const BLANK = /^[\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]$/u;
const HIDDEN = /^[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]$/u;

function isHidden(character: string): boolean {
  return character !== " " && (HIDDEN.test(character) || BLANK.test(character));
}

/** The emoji of several characters that starts at `index`, the longest one; null when there is none. */
function emojiAt(text: string, index: number): string | null {
  // Every such emoji begins with one of these; asking first keeps long plain texts quick.
  const first = text.codePointAt(index) ?? 0;
  if (first < 0x23 || (first > 0x39 && first < 0xa9)) return null;
  const emoji = /\p{RGI_Emoji}/vy;
  emoji.lastIndex = index;
  return emoji.exec(text)?.[0] ?? null;
}
