/** Hears what the people at a display do, and the chords they press. X11 only. */
import type { ChordName, Chords } from "../../../shared/chords.ts";
import { openRawInput, type RawEvent, type RawInput } from "../x11/raw-input.ts";
import { ChordMatcher } from "./chord-matcher.ts";
import type { Heard, Origin } from "./heard.ts";
import type { SentEvent } from "./sent-ledger.ts";

export type ListenerOptions = {
  readonly display: string;
  /** Its Xauthority file. */
  readonly authority: string;
  readonly chords: Chords;
  /** ms of a clock that never goes back. */
  readonly now: () => number;
  /** Whether an event of the XTEST devices is one of ours; without it none is. */
  readonly isOurs?: (event: SentEvent) => boolean;
  readonly onHeard: (event: Heard) => void;
  /** A chord that was completed just now; `from` says whether every key of it was a device's. */
  readonly onChord: (name: ChordName, from: Origin) => void;
  /** Called once when nothing can be heard any more. */
  readonly onDeaf: (why: string) => void;
};

export type Listener = {
  /** Resolves when everything that happened before has been heard. */
  readonly sync: () => Promise<void>;
  /** The chords that no key of the keyboard can make. */
  readonly missing: () => readonly ChordName[];
  readonly close: () => void;
};

/** A change of the keyboard map is read this long after it, ms: typing changes it many times in a row. */
const MAP_REST = 100;

/** Starts listening; rejects with an X11Error `no_display` in words. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const matcher = new ChordMatcher(options.chords);
  const places = new Map<number, { x: number; y: number }>();
  let input: RawInput | null = null;
  const hear = (event: RawEvent) => {
    if (input === null) return;
    const heard = read(event, input, places, options);
    if (heard === null) return;
    options.onHeard(heard);
    const chord = matcher.hear(heard);
    if (chord !== null) options.onChord(chord.name, chord.from);
  };
  input = await openRawInput(options.display, options.authority, hear);
  const opened = input;
  const readMap = async () => matcher.readKeymap(await opened.keymap());
  await readMap();
  let timer: NodeJS.Timeout | null = null;
  opened.onKeymap(() => {
    timer ??= setTimeout(() => {
      timer = null;
      // A connection that ended meanwhile says so by `onEnded`.
      readMap().catch(() => undefined);
    }, MAP_REST);
  });
  opened.onEnded((error) => options.onDeaf(error.message));
  return {
    sync: () => opened.sync(),
    missing: () => matcher.missing,
    close: () => {
      if (timer !== null) clearTimeout(timer);
      opened.close();
    },
  };
}

function read(
  event: RawEvent,
  input: RawInput,
  places: Map<number, { x: number; y: number }>,
  { now, isOurs }: ListenerOptions,
): Heard | null {
  const device = input.devices().get(event.source);
  // A device that is not on the list yet was plugged in a moment ago.
  const isXTest = device?.isXTest ?? false;
  const from: Origin = isXTest ? "xtest" : "device";
  const at = now();
  const ours = (sent: SentEvent) => isXTest && (isOurs?.(sent) ?? false);
  if (event.kind !== "motion") {
    const { kind, code, down } = event;
    return ours(event) ? null : { from, at, kind, code, down };
  }
  // XTEST reports the place it was told, though its axes are called relative.
  const way = device?.isAbsolute || isXTest ? wayTo(event, places) : { dx: event.x ?? 0, dy: event.y ?? 0 };
  if (ours({ kind: "motion", code: 0, down: false })) return null;
  // A wheel reports its turns as motions of other axes.
  return event.x === null && event.y === null ? null : { from, at, kind: "motion", ...way };
}

/** From where the device was last to where it is; remembers that. */
function wayTo(
  { source, x, y }: Extract<RawEvent, { kind: "motion" }>,
  places: Map<number, { x: number; y: number }>,
): { readonly dx: number; readonly dy: number } {
  const before = places.get(source);
  const after = { x: x ?? before?.x ?? 0, y: y ?? before?.y ?? 0 };
  places.set(source, after);
  return before === undefined ? { dx: 0, dy: 0 } : { dx: after.x - before.x, dy: after.y - before.y };
}
