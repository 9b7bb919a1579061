/**
 * Asking a program for a sign that it has read everything sent to its window before. Both questions are client messages,
 * which come through the same queue as keys, in order:
 * - `ping`: the window manager's "are you there" (EWMH `_NET_WM_PING`), answered by GTK, Qt, Chromium and others;
 * - `editres`: what Xaw's shells answer (xterm, xedit; libXmu's EditresCom.c). The message names a selection from which
 *   the program is to fetch a command. We own that selection and give it none: that it comes for one is the answer.
 */
import { type X11, X11Error } from "./connection.ts";
import { pause } from "./wait.ts";
import { hasAtom } from "./window-manager.ts";

/** How a window is asked. `editres` may or may not be answered; `ping` is by a window that announces it. */
export type Echo = { readonly kind: "ping" | "editres"; readonly window: number };
type Answer = "answered" | "silent" | "gone" | "aborted";

/** While waiting: how often to look whether the window still exists, ms. */
const LOOK = 100;
const EDITRES_VERSION = 5;

/** Marks our questions; a ping's comes back in the place of a timestamp. Window managers count up from 1. */
let nextNumber = 0x43530000;

/** How `window`, a top-level one, can be asked. Rejects with an X11Error `request` when it has gone. */
export async function echoOf(x11: X11, window: number): Promise<Echo> {
  const [protocols, wanted] = await Promise.all([x11.property(window, "WM_PROTOCOLS"), x11.atom("_NET_WM_PING")]);
  return { kind: protocols !== null && hasAtom(protocols.data, wanted) ? "ping" : "editres", window };
}

/** Asks, and waits for the answer at most `limit` ms. */
export async function askEcho(x11: X11, echo: Echo, limit: number, signal?: AbortSignal): Promise<Answer> {
  nextNumber += 1;
  return echo.kind === "ping"
    ? await askPing(x11, echo.window, nextNumber, limit, signal)
    : await askEditres(x11, echo.window, nextNumber, limit, signal);
}

async function askPing(x11: X11, window: number, number: number, limit: number, signal?: AbortSignal): Promise<Answer> {
  const [protocols, kind] = await Promise.all([x11.atom("WM_PROTOCOLS"), x11.atom("_NET_WM_PING")]);
  const heard = new AbortController();
  const deaf = x11.onMessage((event) => {
    if (event.message_type === protocols && event.data?.[0] === kind && event.data[1] === number) heard.abort();
  });
  const send = () => x11.message(window, protocols, [kind, number, window, 0, 0]);
  return await answerTo(x11, window, send, heard.signal, limit, signal).finally(deaf);
}

async function askEditres(
  x11: X11,
  window: number,
  number: number,
  limit: number,
  signal?: AbortSignal,
): Promise<Answer> {
  // A selection of its own for each question (of a few): a late answer to another is not taken for this one's.
  const [editres, selection] = await Promise.all([x11.atom("Editres"), x11.atom(`_COUNTERSIGN_ECHO_${number % 8}`)]);
  const heard = new AbortController();
  const deaf = x11.refuseSelection(selection, () => heard.abort());
  const send = () => x11.message(window, editres, [0, selection, number, EDITRES_VERSION, 0]);
  return await answerTo(x11, window, send, heard.signal, limit, signal).finally(deaf);
}

async function answerTo(
  x11: X11,
  window: number,
  send: () => Promise<void>,
  heard: AbortSignal,
  limit: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const either = signal === undefined ? heard : AbortSignal.any([heard, signal]);
  if (!(await isThere(send()))) return "gone";
  for (let waited = 0; waited < limit; waited += LOOK) {
    await pause(Math.min(LOOK, limit - waited), either);
    if (heard.aborted) return "answered";
    if (signal?.aborted) return "aborted";
    if (!(await isThere(x11.place(window)))) return "gone";
  }
  return "silent";
}

/** Whether a question about a window was answered; the server refuses it once the window has gone. */
async function isThere(asked: Promise<unknown>): Promise<boolean> {
  return await asked.then(() => true, ifGone);
}

/** False when the server refused because of a window that has gone; anything else is thrown on. */
export function ifGone(error: unknown): false {
  if (error instanceof X11Error && error.code === "request") return false;
  throw error;
}
