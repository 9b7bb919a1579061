import { IconFlagFilled, IconMessage, IconMessageReply, IconNote } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef } from "react";
import { showText } from "../../shared/visible-text.ts";
import { formatClock } from "../ui/format.ts";
import { StepOutcome } from "../ui/StepOutcome.tsx";
import { decidedLine, editedFrom, endOfTurn, sentenceOf, shownStatus } from "../ui/words.ts";
import type { Item, StepItem, TurnItem } from "./items.ts";

const ROW_H = 50;

function place(top: number) {
  return { height: ROW_H, transform: `translateY(${top}px)` };
}

type Props = {
  readonly items: readonly Item[];
  readonly chosen: string | null;
  /** How many steps the session has. */
  readonly of: number;
  /** Whether the session is over, so that nothing waits any more. */
  readonly over: boolean;
  /** When the session began, ms since 1970. */
  readonly start: number;
  readonly flags: ReadonlySet<string>;
  readonly noted: ReadonlySet<string>;
  /** The ids of the steps picked one by one. */
  readonly picked: ReadonlySet<string>;
  readonly onChoose: (item: Item) => void;
  /** @param through all from the one that is looked at to this one */
  readonly onPick: (key: string, through: boolean) => void;
};

/** The listed items; only the rows in view are there, so that thousands cost what a screenful costs. */
export const ItemList = memo(function ItemList({
  items,
  chosen,
  of,
  over,
  start,
  flags,
  noted,
  picked,
  onChoose,
  onPick,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_H,
    overscan: 6,
    initialRect: { width: 280, height: 600 },
  });
  const index = items.findIndex(({ key }) => key === chosen);
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index, { align: "auto" });
  }, [index, rows]);
  const shown = rows.getVirtualItems().flatMap(({ index: at, start: top }) => {
    const item = items[at];
    return item === undefined ? [] : [{ item, top }];
  });
  const row = (item: Item) => (
    <button
      type="button"
      className="replay-row"
      aria-current={item.key === chosen ? "true" : undefined}
      onClick={(event) => {
        const picks = item.kind === "step" && (event.ctrlKey || event.metaKey || event.shiftKey);
        if (picks) onPick(item.key, event.shiftKey);
        else onChoose(item);
      }}
    >
      {item.kind === "step" ? <StepRow item={item} over={over} /> : <TurnRow item={item} />}
      <span className="replay-row-end small dim">
        {flags.has(item.key) ? <IconFlagFilled size={14} aria-label="Flagged" className="flag-icon" /> : null}
        {noted.has(item.key) ? <IconNote size={14} aria-label="Has a note" /> : null}
        {formatClock(item.at - start)}
      </span>
    </button>
  );
  return (
    <div ref={box} className="replay-list scroll-box">
      {items.length === 0 ? <p className="dim replay-none">Nothing matches.</p> : null}
      <div className="replay-rows" style={{ height: rows.getTotalSize() }}>
        <ol aria-label="Steps">
          {shown.map(({ item, top }) =>
            item.kind === "step" ? (
              <li key={item.key} aria-setsize={of} aria-posinset={item.number} style={place(top)}>
                {row(item)}
                <input
                  type="checkbox"
                  className="replay-pick"
                  aria-label={`Pick step ${item.number}`}
                  title="Pick this step for an export; with Shift all from the one you look at"
                  checked={picked.has(item.key)}
                  onChange={(event) => onPick(item.key, (event.nativeEvent as MouseEvent).shiftKey)}
                />
              </li>
            ) : null,
          )}
        </ol>
        {shown.map(({ item, top }) =>
          item.kind === "turn" ? (
            <div key={item.key} className="replay-turn" style={place(top)}>
              {row(item)}
            </div>
          ) : null,
        )}
      </div>
    </div>
  );
});

function StepRow({ item: { step, number }, over }: { readonly item: StepItem; readonly over: boolean }) {
  return (
    <>
      <span className="replay-row-number dim mono">{number}</span>
      <span className="replay-row-title" title={sentenceOf(step)}>
        {editedFrom(step) === null ? null : <span className="dim">Edited: </span>}
        {sentenceOf(step)}
      </span>
      <span className="replay-row-facts small dim">
        <StepOutcome status={shownStatus(step, over)} />
        <span className="replay-row-who" title={decidedLine(step)}>
          {decidedLine(step)}
        </span>
      </span>
    </>
  );
}

function TurnRow({ item }: { readonly item: TurnItem }) {
  const { title, words, said } = turnWords(item);
  const Icon = said === "you" ? IconMessageReply : IconMessage;
  return (
    <>
      <span className="replay-row-number dim">
        <Icon size={15} aria-hidden="true" />
      </span>
      <span className="replay-row-title">{title}</span>
      <span className="replay-row-facts small dim">
        <span className="replay-row-words" title={showText(words)}>
          {showText(words)}
        </span>
      </span>
    </>
  );
}

/** What a turn that stands in the list by itself is about. */
export function turnWords({ turn, told }: Pick<TurnItem, "turn" | "told">): {
  readonly title: string;
  readonly words: string;
  readonly said: "you" | "claude";
} {
  const [first] = told;
  if (turn.calls > 0 && first !== undefined) {
    const title =
      first.kind === "note" ? "Your note to Claude" : first.kind === "reply" ? "You replied" : "The app told Claude";
    return { title, words: first.text, said: "you" };
  }
  if (turn.error !== null) return { title: "The turn failed", words: turn.error.message, said: "claude" };
  if (turn.endedAt === null) return { title: "The turn was cut off", words: "No reply came.", said: "claude" };
  return { title: endOfTurn(turn.stopReason)?.title ?? "Claude answered", words: turn.text, said: "claude" };
}
