/**
 * The executor's process: Electron's utilityProcess, or a forked Node process (benchmarks, tests). Its environment names
 * the one desktop it serves (executor-env.ts).
 */
import { extname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chordText } from "../../shared/chords.ts";
import { openAreas } from "./black-areas.ts";
import { blackedOut } from "./blackout.ts";
import { NO_CONTROLS, openControls } from "./bus/controls.ts";
import { ClearView } from "./clear-view.ts";
import type { HeardByExecutor } from "./computer.ts";
import type { Clock } from "./doing.ts";
import { Executor } from "./executor.ts";
import { type Served, servedFrom } from "./executor-env.ts";
import { type ExecutorServer, serveExecutor, wordsOf } from "./executor-server.ts";
import { openGrabber } from "./grabber.ts";
import { Guard } from "./listener/guard.ts";
import { openListener } from "./listener/listener.ts";
import { openLive, UNWATCHED, type WatchPort } from "./live/live.ts";
import type { NutHands } from "./nut-hands.ts";
import { openHands } from "./open-hands.ts";
import { watchPortOf } from "./port.ts";
import type { FromExecutor } from "./protocol.ts";
import { sharedHands } from "./shared-hands.ts";
import { ClipboardLink } from "./system/clipboard-link.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";
import { openOwnWindows } from "./x11/own-windows.ts";

const clock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    // An abort ends the wait; who waited looks at the signal.
    await wait(ms, undefined, { signal }).catch(() => undefined);
  },
};

const parent = process.parentPort;

function post(message: FromExecutor): void {
  if (parent !== undefined) parent.postMessage(message);
  else if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

const clipboard = new ClipboardLink(post);

let watchdog: Watchdog | null = null;

let server: ExecutorServer | null = null;

/** Hears stop and the person at the operator's own desktop. Rejects, in words, when they can't be heard: nothing may run then. */
async function openGuard(served: Served, hands: NutHands): Promise<Guard | null> {
  if (served.here === null) return null;
  const tell = (heard: HeardByExecutor) => server?.heard(heard);
  const { isEcho, down, held } = hands;
  const heard = () => listener.sync();
  const guard = new Guard({ clock, down, held, heard, onPerson: (touch) => tell({ kind: "person", touch }) });
  const listener = await openListener({
    display: served.display,
    authority: served.authority,
    chords: served.here.chords,
    now: clock.now,
    isOurs: isEcho,
    onHeard: (event) => guard.hear(event),
    onChord: (name) => name === "stop" && tell({ kind: "stop" }),
    onDeaf: (why) => tell({ kind: "deaf", why }),
  });
  if (listener.missing().includes("stop"))
    throw new Error(`No key of this keyboard makes ${chordText(served.here.chords.stop)}.`);
  return guard;
}

async function open(): Promise<Executor> {
  const served = servedFrom(process.env);
  const { display, authority, here, blackout, accessibility } = served;
  const monitor = here?.monitor ?? null;
  const shared = here === null ? null : { owner: here.owner };
  const entry = join(import.meta.dirname, `watchdog-process${extname(import.meta.filename)}`);
  const starting = startWatchdog(entry, process.env);
  const [hands, bare, areas, own] = await Promise.all([
    openHands(served, clipboard, clock.sleep),
    openGrabber(display, authority, monitor),
    blackout === undefined ? null : openAreas(display, authority, blackout),
    shared === null ? null : openOwnWindows(display, authority, shared.owner),
    starting,
  ]);
  watchdog = await starting;
  const grabber = areas === null ? bare : blackedOut(bare, areas);
  const view = new ClearView(own, grabber, clock, Math.random);
  const guard = await openGuard(served, hands);
  const controls = accessibility === undefined ? NO_CONTROLS : openControls(accessibility);
  const live = here === null ? openLive(served) : UNWATCHED;
  return new Executor(own === null ? hands : sharedHands(hands, own), grabber, clock, { view, guard, controls, live });
}

function listen(server: ExecutorServer): void {
  const receive = (message: unknown, watcher: WatchPort | null = null) => {
    try {
      server.receive(message, watcher);
    } catch (error) {
      console.error("executor:", error);
      leave(server, 1);
    }
  };
  if (parent !== undefined)
    parent.on("message", ({ data, ports: [port] }) => receive(data, port === undefined ? null : watchPortOf(port)));
  else {
    process.on("message", (message) => receive(message));
    process.once("disconnect", () => leave(server, 0));
    // A parent that was killed while the display was being opened.
    if (!process.connected) leave(server, 0);
  }
  process.once("SIGTERM", () => leave(server, 0));
}

/** How long letting go may take before the process ends without it, ms: the display may no longer answer. */
const LEAVE = 1000;

function leave(server: ExecutorServer, code: number): void {
  setTimeout(() => process.exit(1), LEAVE);
  server.close().then(
    () => end(code),
    () => process.exit(1),
  );
}

/** Everything is let go: the watchdog has nothing to do. */
function end(code: number): void {
  watchdog?.dismiss();
  // The goodbye has to be out of this process before it ends.
  setImmediate(() => process.exit(code));
}

open().then(
  (executor) => {
    server = serveExecutor(executor, post, clock.now, () => end(0), clipboard);
    listen(server);
    post({ type: "ready" });
  },
  (error: unknown) => {
    const { code, message } = wordsOf(error);
    post({ type: "unready", code: code === "wayland" ? code : "no_display", message });
    process.exitCode = 1;
  },
);
