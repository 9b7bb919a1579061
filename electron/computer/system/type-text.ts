/** Sends the parts of a text one after the other: the order of looks, keys and clipboard. What does each comes in. */
import { type Cut, type Ending, FocusMovedError } from "../hands.ts";
import type { TypedPart } from "./typed-parts.ts";

/** The system's clipboard, kept by whoever owns it (in the app: main). Each rejects with an Error in words. */
export type Clipboard = {
  /** Keeps all that is there; rejects, with nothing touched, when some of it could not be put back. */
  readonly keep: () => Promise<void>;
  readonly put: (text: string) => Promise<void>;
  /** Puts back what was kept, unless somebody else has put something there since. */
  readonly putBack: () => Promise<void>;
};

export type Keyboard = {
  readonly focusedWindow: () => Promise<number | null>;
  readonly type: (text: string) => Promise<void>;
  readonly tap: (key: "Return" | "Tab") => Promise<void>;
  /** The system's key for pasting, pressed and let go. */
  readonly pressPaste: () => Promise<void>;
  /** Lets go of whatever of this is down. */
  readonly letGo: () => Promise<void>;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** A program reads the clipboard some time after it got the key; how long ours stays there, ms. */
const READ = 300;
const NEVER = new AbortController().signal;

/**
 * Types `parts`, looking at the signal and the focus before each. A part that is pasted finds the clipboard kept, and
 * leaves it as it was: after an error and after a stop, too. Nothing is down at the end. Rejects before the first key when the
 * clipboard can't be kept, and with a FocusMovedError.
 */
export async function typeParts(
  parts: readonly TypedPart[],
  keyboard: Keyboard,
  clipboard: Clipboard,
  cut: Cut,
): Promise<Ending> {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  if (parts.some(({ kind }) => kind === "paste")) await clipboard.keep();
  try {
    for (const part of parts) {
      if (cut.signal.aborted) break;
      const { keysFor } = cut;
      if (keysFor !== null && (await keyboard.focusedWindow()) !== keysFor.window) throw new FocusMovedError(done);
      if (cut.signal.aborted) break;
      if (part.kind === "text") await keyboard.type(part.text);
      else if (part.kind === "key") await keyboard.tap(part.key);
      else await paste(part.text, keyboard, clipboard);
      done += part.count;
      cut.onProgress(done, total);
    }
  } finally {
    await keyboard.letGo();
  }
  return { stopped: done < total };
}

async function paste(text: string, keyboard: Keyboard, clipboard: Clipboard): Promise<void> {
  await clipboard.keep();
  try {
    await clipboard.put(text);
    await keyboard.pressPaste();
    // The key is out: what was there before may not come back until the program has read ours, stop or not.
    await keyboard.sleep(READ, NEVER);
  } finally {
    try {
      await keyboard.letGo();
    } finally {
      await clipboard.putBack();
    }
  }
}
