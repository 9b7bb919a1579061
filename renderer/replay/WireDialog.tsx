import { SegmentedControl } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { TurnOutcome } from "../../shared/ipc.ts";
import { showText } from "../../shared/visible-text.ts";
import { useVerbs } from "../store/use-app.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { counted } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";

type Props = { readonly session: string; readonly turn: number; readonly onClose: () => void };

/** A turn as it went over the wire. The key was in a header and is not on record. */
export function WireDialog({ session, turn, onClose }: Props) {
  const { recordedTurn } = useVerbs();
  const [outcome, setOutcome] = useState<TurnOutcome | null>(null);
  const [side, setSide] = useState("request");
  useEffect(() => {
    let on = true;
    void recordedTurn(session, turn).then((found) => on && setOutcome(found));
    return () => {
      on = false;
    };
  }, [recordedTurn, session, turn]);
  const text = outcome?.ok ? (side === "request" ? outcome.turn.request : outcome.turn.response) : null;
  return (
    <Dialog title={`Turn ${turn}, as it was sent and received`} onClose={onClose}>
      <div className="wire">
        <div className="row">
          <SegmentedControl
            aria-label="Direction"
            size="xs"
            value={side}
            data={[
              { value: "request", label: "Request" },
              { value: "response", label: "Response" },
            ]}
            onChange={setSide}
          />
          <span className="small dim">
            {side === "request"
              ? "The body as it was sent; each picture's base64 is replaced by its name. The API key was in a header and is not on record."
              : "The reply as it came."}
          </span>
        </div>
        {outcome === null ? <p className="dim">Putting the request together.</p> : null}
        {outcome?.ok === false ? <Notice tone="bad">{outcome.error}</Notice> : null}
        {outcome?.ok && text === null ? <p className="dim">No reply came.</p> : null}
        {text === null ? null : <Lines key={side} text={text} fromEnd={side === "request"} />}
      </div>
    </Dialog>
  );
}

const LINE_H = 20;
/** A line longer than this is cut into several, so that none is wider than can be read. */
const LINE_MAX = 400;

/** Long text, of which only the lines in view are there. A request's news is at its end. */
function Lines({ text, fromEnd }: { readonly text: string; readonly fromEnd: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(text), [text]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_H,
    overscan: 20,
  });
  useEffect(() => {
    if (fromEnd) rows.scrollToIndex(lines.length - 1, { align: "end" });
  }, [fromEnd, rows, lines]);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <div ref={box} className="wire-lines mono scroll-box" tabIndex={0} role="group" aria-label="JSON">
        <div className="wire-all" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <div key={index} className="wire-line" style={{ transform: `translateY(${start}px)` }}>
              <span className="dim">{lines[index]?.number ?? ""}</span>
              {showText(lines[index]?.text ?? "")}
            </div>
          ))}
        </div>
      </div>
      <p className="small dim">{counted(lines.length, "line")}</p>
    </>
  );
}

type Line = { readonly number: number | null; readonly text: string };

function linesOf(text: string): readonly Line[] {
  return text.split("\n").flatMap((line, i): readonly Line[] => {
    if (line.length <= LINE_MAX) return [{ number: i + 1, text: line }];
    const parts = line.match(new RegExp(`[^]{1,${LINE_MAX}}`, "g")) ?? [];
    return parts.map((part, k) => ({ number: k === 0 ? i + 1 : null, text: part }));
  });
}
