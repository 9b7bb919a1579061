import { ActionIcon, Checkbox, NativeSelect, Popover } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
} from "@tabler/icons-react";
import { useState } from "react";
import { formatClock } from "../ui/format.ts";
import { END_NAMES, type End } from "./ends.ts";
import { type KeyWish, type ReplayState, SPEEDS, type Speed } from "./replay-state.ts";
import { barPath } from "./timeline-layout.ts";

type Props = {
  readonly state: ReplayState;
  readonly start: number;
  readonly end: number;
  readonly onWish: (wish: KeyWish) => void;
  readonly onSpeed: (speed: Speed) => void;
  readonly onFolded: (folded: boolean) => void;
};

const SPEED_DATA = [
  ...SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` })),
  { value: "decisions", label: "By decision" },
];

/** Playing, stepping, and how time is shown. */
export function PlayBar({ state, start, end, onWish, onSpeed, onFolded }: Props) {
  const at = state.at ?? start;
  return (
    <div className="play-bar">
      <Icon
        name="First step"
        keys="Home"
        Of={IconPlayerSkipBackFilled}
        onClick={() => onWish({ kind: "end", which: "first" })}
      />
      <Icon name="Step back" keys="ArrowLeft" Of={IconChevronLeft} onClick={() => onWish({ kind: "step", by: -1 })} />
      <Icon
        name={state.playing ? "Pause replay" : "Play"}
        keys="Space"
        Of={state.playing ? IconPlayerPauseFilled : IconPlayerPlayFilled}
        onClick={() => onWish({ kind: "play" })}
      />
      <Icon name="Step on" keys="ArrowRight" Of={IconChevronRight} onClick={() => onWish({ kind: "step", by: 1 })} />
      <Icon
        name="Last step"
        keys="End"
        Of={IconPlayerSkipForwardFilled}
        onClick={() => onWish({ kind: "end", which: "last" })}
      />
      <NativeSelect
        size="xs"
        className="play-speed"
        aria-label="Speed"
        value={String(state.speed)}
        data={SPEED_DATA}
        onChange={({ currentTarget: { value } }) =>
          onSpeed(SPEEDS.find((speed) => String(speed) === value) ?? "decisions")
        }
      />
      <span className="play-clock small">
        {formatClock(at - start)} <span className="dim">of {formatClock(end - start)}</span>
      </span>
      <Checkbox
        size="xs"
        label="Fold waiting"
        checked={state.folded}
        onChange={(event) => onFolded(event.currentTarget.checked)}
      />
      <Help />
    </div>
  );
}

type IconProps = {
  readonly name: string;
  readonly keys: string;
  readonly Of: typeof IconKeyboard;
  readonly onClick: () => void;
};

function Icon({ name, keys, Of, onClick }: IconProps) {
  return (
    <ActionIcon
      variant="default"
      size={28}
      aria-label={name}
      title={`${name} (${KEY_WORDS[keys] ?? keys})`}
      aria-keyshortcuts={keys}
      onClick={onClick}
    >
      <Of size={15} aria-hidden="true" />
    </ActionIcon>
  );
}

const KEY_WORDS: Readonly<Record<string, string>> = { ArrowLeft: "left", ArrowRight: "right", Space: "space" };

const SHOWN_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["← →", "step back, on"],
  ["Home End", "first, last step"],
  ["Space", "play, pause"],
  ["b a d", "before, after, difference"],
  ["e r x", "next edit, rejection, error"],
];

/** The keys, and what the bars mean: each end has a shape of its own. */
function Help() {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal={false} trapFocus={false}>
      <Popover.Target>
        <button type="button" className="link-button play-help small" onClick={() => setOpen(!open)}>
          <IconKeyboard size={15} aria-hidden="true" /> Keys
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="play-legend small">
          <dl>
            {SHOWN_KEYS.map(([keys, does]) => (
              <div key={keys}>
                <dt className="mono">{keys}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <ul>
            {(Object.keys(END_NAMES) as End[]).map((end) => (
              <li key={end}>
                <svg width="26" height="13" aria-hidden="true" focusable="false">
                  <path className={`bar bar-${end}`} d={barPath([{ x: 2, w: 22, lane: 0, end }], end)} />
                </svg>
                {END_NAMES[end]}
              </li>
            ))}
          </ul>
          <p className="dim">Drag over the pictures to list only that time.</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
