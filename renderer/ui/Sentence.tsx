/** A sentence whose points (`412, 96`) are never torn apart at the end of a line. */
export function Sentence({ text }: { readonly text: string }) {
  let at = 0;
  return text.split(/(\d+, \d+)/).map((part) => {
    const start = at;
    at += part.length;
    return /^\d+, \d+$/.test(part) ? (
      <span key={start} className="no-wrap">
        {part}
      </span>
    ) : (
      part
    );
  });
}
