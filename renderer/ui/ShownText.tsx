import type { ReactNode } from "react";
import { type TextPiece, textPieces } from "../../shared/visible-text.ts";

type Props = {
  readonly text: string;
  /** `exact`: every Enter, Tab and doubtful space is a symbol. `prose`: line ends just break the line. */
  readonly as: "exact" | "prose";
};

/** Text from Claude, the screen or a record: never markup, and nothing invisible stays invisible. */
export function ShownText({ text, as }: Props) {
  return <span className="shown-text">{numbered(textPieces(text)).map(([piece, key]) => show(piece, key, as))}</span>;
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
