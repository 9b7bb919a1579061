/**
 * For tests and benchmarks: actions that are stopped at some moment, and what the X server saw of it. Times are the server's,
 * which on one machine is the clock of `process.hrtime` (CLOCK_MONOTONIC), ms.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Action } from "../../../shared/action.ts";
import { hooksWith, requestOf, still } from "../test-support.ts";
import { until } from "../x11/test-desktop.ts";
import { type Here, startHere } from "./test-here.ts";
import type { Person, PersonDesktop } from "./test-person.ts";

/** With the chord's Ctrl down, what is still on its way makes no shortcut of the editor's: Ctrl+Q would end it. */
const TEXT = "5678 ÖßЖλ€ 95 ".repeat(260);

/** What can be stopped, long enough to be in the middle of. */
export const STOPPABLE = {
  type: { action: "type", text: TEXT },
  drag: { action: "left_click_drag", start_coordinate: [400, 300], coordinate: [850, 520] },
  hold_key: { action: "hold_key", text: "ctrl+shift", duration: 20 },
  scroll: { action: "scroll", coordinate: [600, 400], scroll_direction: "down", scroll_amount: 100 },
  wait: { action: "wait", duration: 20 },
  "alt held": { action: "hold_key", text: "alt", duration: 20 },
  "super held": { action: "hold_key", text: "super", duration: 20 },
  "scroll with super held": {
    action: "scroll",
    coordinate: [600, 400],
    scroll_direction: "up",
    scroll_amount: 100,
    text: "super",
  },
  "hold_key in an open menu": { action: "hold_key", text: "Down", duration: 20 },
  "wait with an open menu": { action: "wait", duration: 20 },
} as const satisfies Readonly<Record<string, Action>>;
export type Stoppable = keyof typeof STOPPABLE;

/** What a person who reaches in does first. */
const TOUCHES = {
  key: (person: Person) => person.key("a", true),
  button: (person: Person) => person.button(1, true),
  pointer: (person: Person) => person.moveTo(640, 430),
} as const;
export type TouchHow = keyof typeof TOUCHES;

/** The person presses the stop chord, or reaches in; or main is told to stop and tells the executor. */
export type StopHow = "chord" | "message" | TouchHow;

/** A hand counts only once it has been still for a moment (person-detector.ts); an action that only waits does not wait for it, ms. */
const ARMED = 200;

export type Stopped = {
  /** From the stop (the person's first raw event, the message) to the last press, move or turn of ours, ms; 0: none came after it. */
  readonly lastInputMs: number;
  /** To the last release of ours. */
  readonly allUpMs: number;
};

export function serverNow(): number {
  return Number((process.hrtime.bigint() / 1_000_000n) % 4_294_967_296n);
}

/**
 * Starts an executor on the desktop, begins the action, stops it `delay` ms after its first input and waits until it has
 * answered. Throws when something stays down, when it was not interrupted, or when the chord was not heard as a stop.
 */
export async function stopOnce(desktop: PersonDesktop, what: Stoppable, how: StopHow, delay: number): Promise<Stopped> {
  await emptyTarget(desktop);
  const here = await startHere(desktop);
  try {
    if (what.endsWith("open menu")) {
      await here.act({ action: "key", text: "alt+f" });
      await until("the menu", () => desktop.x11.keyboardGrabbed());
    }
    const stopped = await cutShort(desktop, here, what, how, delay);
    await desktop.person.letGo();
    await until("all keys and buttons up", async () => {
      const [keys, { buttons }] = await Promise.all([desktop.x11.pressedKeys(), desktop.x11.pointer()]);
      return keys.length === 0 && buttons.length === 0;
    });
    return stopped;
  } finally {
    await desktop.person.letGo();
    await here.close();
    if (what.endsWith("open menu")) await desktop.person.chord("Escape");
  }
}

async function cutShort(
  desktop: PersonDesktop,
  here: Here,
  what: Stoppable,
  how: StopHow,
  delay: number,
): Promise<Stopped> {
  const action: Action = STOPPABLE[what];
  // Xephyr's mouse reports places: the first one has nothing to be compared with.
  await desktop.person.moveTo(590, 390);
  await desktop.person.moveTo(600, 400);
  const look = await still(here.computer, { w: 1280, h: 800 });
  await here.sync();
  const before = here.events.length;
  const stop = new AbortController();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const hooks = hooksWith({ signal: stop.signal, onProgress: () => begin() });
  const running = here.computer.perform(requestOf(action, look, null), hooks);
  await Promise.race([begun, running]);
  if (action.action !== "wait") await until("its input", async () => here.events.slice(before).some(isOurs));
  await sleep(isTouch(how) && action.action === "wait" ? delay + ARMED : delay);
  let at = serverNow();
  if (how === "message") stop.abort();
  else if (how === "chord") await desktop.person.chord("Control_L", "Shift_L", "F12");
  else await TOUCHES[how](desktop.person);
  const result = await running;
  if (how === "chord") await until("the stop", async () => here.heard.some(({ what: { kind } }) => kind === "stop"));
  await here.sync();
  const since = here.events.slice(before);
  const kind = { chord: "key", key: "key", button: "button", pointer: "motion", message: null }[how];
  if (kind !== null) at = since.find((event) => event.from === "device" && event.kind === kind)?.time ?? at;
  if (
    isTouch(how) &&
    result.kind === "interrupted" &&
    !here.heard.some(({ what }) => what.kind === "person" && what.touch === how)
  )
    throw new Error(`${what}, ${how} after ${delay} ms: interrupted by something else: ${JSON.stringify(here.heard)}`);
  // A drag may be over before the stop; whatever was there to be cut has to have been cut.
  if (result.kind !== "interrupted" && action.action !== "left_click_drag" && action.action !== "scroll")
    throw new Error(`${what}, ${how} after ${delay} ms: ${result.kind}`);
  const after = since.filter((event) => isOurs(event) && event.time > at);
  const last = (events: readonly { readonly time: number }[]) => Math.max(0, (events.at(-1)?.time ?? at) - at);
  return { lastInputMs: last(after.filter((event) => event.kind === "motion" || event.down)), allUpMs: last(after) };
}

function isTouch(how: StopHow): how is TouchHow {
  return Object.hasOwn(TOUCHES, how);
}

function isOurs({ from }: { readonly from: string }): boolean {
  return from === "xtest";
}

/** What earlier actions typed is one line, which GTK lays out anew at each change: thousands of characters keep it busy for seconds. */
async function emptyTarget({ person }: PersonDesktop): Promise<void> {
  await person.chord("Control_L", "a");
  await person.chord("BackSpace");
}

/** Opens what the actions work on: an editor in front. */
export async function openTarget(desktop: PersonDesktop): Promise<void> {
  await desktop.open("mousepad", ["--disable-server"]);
  await desktop.person.moveTo(590, 390);
  await desktop.person.moveTo(600, 400);
}
