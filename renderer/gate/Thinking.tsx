import { useEffect, useRef } from "react";
import type { TurnView } from "../../shared/session-view.ts";
import type { Live } from "../store/merge.ts";
import { ShownText } from "../ui/ShownText.tsx";

type Props = {
  readonly turn: TurnView | null;
  readonly live: Live | null;
};

/** Claude's thinking, as it streams or whole; it scrolls in its own place and moves nothing. */
export function Thinking({ turn, live }: Props) {
  const streaming = live !== null && (turn === null || (turn.turn === live.turn && turn.endedAt === null));
  const thinking = streaming ? live.thinking : (turn?.thinking ?? "");
  const said = streaming ? live.text : "";
  const box = useRef<HTMLElement>(null);
  const length = thinking.length + said.length;

  useEffect(() => {
    const element = box.current;
    // Follows the stream only for someone who is at its end: who scrolled up is reading.
    if (element === null || !streaming || length === 0) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (fromEnd < 120) element.scrollTop = element.scrollHeight;
  }, [streaming, length]);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="thinking scroll-box" aria-label="Thinking" ref={box} tabIndex={0}>
      <h3>Thinking</h3>
      {streaming && !live.whole && length > 0 ? (
        <p className="small">The beginning was streamed before this window opened; it comes with the whole turn.</p>
      ) : null}
      {thinking === "" && said === "" ? (
        <p>{streaming ? "Nothing yet." : "No thinking came with this turn."}</p>
      ) : (
        <ShownText text={thinking} as="prose" />
      )}
      {said === "" ? null : (
        <p className="thinking-said">
          <ShownText text={said} as="prose" />
        </p>
      )}
    </section>
  );
}
