import type { ReactNode } from "react";
import { type TextPiece, textPieces } from "../../shared/visible-text.ts";
import { useVerbs } from "../store/use-app.ts";

type Props = {
  readonly text: string;
  /** `exact`: every Enter, Tab and doubtful space is a symbol. `prose`: line ends just break the line. */
  readonly as: "exact" | "prose";
};

/** Longest prose that is shown, in UTF-16 units. What would be typed (`exact`) is always shown whole. */
const MOST_PROSE = 20_000;

/** Text from Claude, the screen or a record: never markup, and nothing invisible stays invisible. */
export function ShownText({ text, as }: Props) {
  const cut = as === "prose" && text.length > MOST_PROSE;
  // Half a character at the cut would be shown as a symbol that is not there.
  const shown = cut ? text.slice(0, MOST_PROSE).replace(/[\uD800-\uDBFF]$/, "") : text;
  return (
    <span className="shown-text">
      {numbered(textPieces(shown)).map(([piece, key]) => show(piece, key, as))}
      {cut ? <CutOff text={text} shown={shown.length} /> : null}
    </span>
  );
}

/** Most text that the clipboard takes at once, in UTF-16 units (`clipboard.copy`). */
const MOST_COPIED = 1_000_000;

function CutOff({ text, shown }: { readonly text: string; readonly shown: number }) {
  const { copyText } = useVerbs();
  const left = text.length - shown;
  return (
    <span className="cut-off">
      <span className="symbol">… {left.toLocaleString("en")} more characters are not shown</span>{" "}
      <button type="button" className="link-button" onClick={() => void copyText(text.slice(0, MOST_COPIED))}>
        {text.length > MOST_COPIED ? "Copy the first million" : "Copy all of it"}
      </button>
    </span>
  );
}

function show(piece: TextPiece, key: number, as: Props["as"]): ReactNode {
  if (piece.kind === "plain") return as === "exact" ? <Spaces key={key} text={piece.text} /> : piece.text;
  const lineEnd = piece.meaning === "Enter";
  if (lineEnd && as === "prose") return "\n";
  return (
    <span key={key}>
      <span className={lineEnd ? "symbol symbol-enter" : "symbol"} title={piece.meaning}>
        {lineEnd ? "↵ Enter" : piece.text}
      </span>
      {lineEnd ? "\n" : null}
    </span>
  );
}

/** Spaces one would not notice (at an end of a piece, or several together) as dots in the symbols' style. */
function Spaces({ text }: { readonly text: string }) {
  const parts = text.split(/(^ +| {2,}| +$)/);
  return numbered(parts).map(([part, key]) =>
    key % 2 === 0 ? (
      part
    ) : (
      <span key={key} className="symbol" title={`${part.length} × space`}>
        {"·".repeat(part.length)}
      </span>
    ),
  );
}

/** Pieces of a text never move, so their place is their key. */
function numbered<T>(items: readonly T[]): (readonly [item: T, key: number])[] {
  return items.map((item, i) => [item, i] as const);
}
