import { IconBroadcast, IconBroadcastOff } from "@tabler/icons-react";
import type { LivePicture } from "./use-live.ts";

type Props = {
  readonly live: LivePicture;
  /** Why it is meant to stand still; null while it is meant to move with the desktop. */
  readonly still: string | null;
};

/** Whether the picture moves with the desktop, in a word. */
export function LiveWord({ live, still }: Props) {
  if (still !== null) return <p className="live-word small dim">{still}</p>;
  if (live.fresh)
    return (
      <p className="live-word live-word-on small">
        <IconBroadcast size={16} aria-hidden="true" /> Live
      </p>
    );
  return (
    <p className="live-word small dim">
      {live.problem === null ? null : <IconBroadcastOff size={16} aria-hidden="true" />}
      {live.problem === null ? "The live picture is coming." : `Not live. ${live.problem}`}
    </p>
  );
}
