/**
 * One connection to an X server: promises over the `x11` package's callbacks. Requests that one module alone needs are
 * made there, through `ask` and `tell`; the others are methods here.
 */
import {
  createClient,
  type Reply,
  type XClient,
  type XDisplay,
  type XEvent,
  type XFailure,
  type Xkb,
  type XResource,
  type XTest,
} from "x11";
import { type SentEvent, SentLedger } from "../listener/sent-ledger.ts";
import { type Cookie, displayNumber, readCookie } from "./xauthority.ts";

/**
 * A display that can't be reached, a connection that died, a request that the server refused, or a program that
 * stopped reading its keys.
 */
export class X11Error extends Error {
  readonly code: "no_display" | "closed" | "request" | "unresponsive";
  constructor(code: X11Error["code"], message: string) {
    super(message);
    this.name = "X11Error";
    this.code = code;
  }
}

export type X11Options = {
  /** `:99` */
  readonly display: string;
  /** Xauthority file of that display; without it the connection carries no cookie. */
  readonly authority?: string;
  /** How long to wait for the server's greeting, ms. */
  readonly timeoutMs?: number;
};

/** Where a window or point is; px of the root window. */
export type Place = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

type Pointer = {
  readonly x: number;
  readonly y: number;
  readonly child: number;
  readonly buttons: readonly number[];
  /** Bits of the modifiers that are in effect: held by whoever, or locked. */
  readonly modifiers: number;
};

/** Modifiers and layout group that stay without a key held (Caps Lock, Num Lock, the second layout). */
export type Locks = { readonly modifiers: number; readonly group: number };

const EVENT_SUBSTRUCTURE_NOTIFY = 0x80000;
const EVENT_SUBSTRUCTURE = 0x180000;
const INPUT_ONLY = 2;
const ANY_MODIFIER = 0x8000;
const GRAB_ASYNC = 1;
/** GrabKeyboard's answer AlreadyGrabbed. */
const GRABBED = 1;
const ATOM_CARDINAL = 6;
/** The atoms 1 to 68 are the same on every server (X11 protocol, "Predefined atoms"). */
const LAST_STANDARD_ATOM = 68;
const ALL_MODIFIERS = 0xff;
/** X-Resource's mask for a client's process. */
const LOCAL_PID = 2;

/**
 * Connects to `display` with the cookie of `authority` alone (no environment is read). Rejects with an X11Error
 * `no_display`.
 */
export async function openX11(options: X11Options): Promise<X11> {
  const number = displayNumber(options.display);
  if (number === null) throw new X11Error("no_display", `"${options.display}" is not the name of an X display`);
  const auth = await authOf(options.authority, number);
  const display = await connect(options.display, auth, options.timeoutMs ?? 5000);
  try {
    const xtest = await new Promise<XTest>((resolve, reject) => {
      display.client.require("xtest", (error, extension) => (error ? reject(error) : resolve(extension)));
    });
    const xkb = await new Promise<Xkb>((resolve, reject) => {
      display.client.require("xkb", (error, extension) => (error ? reject(error) : resolve(extension)));
    });
    const res = await new Promise<XResource | null>((resolve) => {
      display.client.require("res", (error, extension) => resolve(error ? null : extension));
    });
    const x11 = new X11(options.display, display, xtest, xkb, res);
    await x11.start();
    return x11;
  } catch (error) {
    display.client.terminate();
    throw new X11Error("no_display", `${options.display} lacks what is needed for input: ${String(error)}`);
  }
}

async function authOf(authority: string | undefined, number: string): Promise<Cookie> {
  if (authority === undefined) return { name: "", data: "" };
  try {
    return await readCookie(authority, number);
  } catch (error) {
    throw new X11Error("no_display", error instanceof Error ? error.message : String(error));
  }
}

function connect(
  name: string,
  auth: { readonly name: string; readonly data: string },
  timeoutMs: number,
): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new X11Error("no_display", `can't connect to ${name}: ${why}`));
    let late = false;
    const client = createClient({ display: name, auth, shm: false, bufferRequests: true }, (error, display) => {
      clearTimeout(timer);
      if (error) fail(error.message);
      else if (late) display.client.terminate();
      else resolve(display);
    });
    // After the greeting X11 adds its own listeners; a rejected promise ignores what comes later.
    client.on("error", (error) => {
      clearTimeout(timer);
      fail(error.message);
    });
    const timer = setTimeout(() => {
      late = true;
      fail(`no answer within ${timeoutMs} ms`);
    }, timeoutMs);
  });
}

/** A live connection. All methods reject with an X11Error: `closed` once it died, `request` when the server refuses. */
export class X11 {
  readonly display: string;
  readonly root: number;
  readonly minKeycode: number;
  readonly maxKeycode: number;
  readonly #client: XClient;
  readonly #xtest: XTest;
  readonly #xkb: Xkb;
  readonly #res: XResource | null;
  readonly #waiting = new Set<(error: X11Error) => void>();
  readonly #onClosed: ((error: X11Error) => void)[] = [];
  readonly #onMessage = new Set<(event: XEvent) => void>();
  readonly #selections = new Map<number, () => void>();
  readonly #atoms = new Map<string, Promise<number>>();
  #closed: X11Error | null = null;
  #stray: X11Error | null = null;
  #hidden = 0;
  readonly #gone = new AbortController();
  readonly #sent = new SentLedger();

  constructor(name: string, display: XDisplay, xtest: XTest, xkb: Xkb, res: XResource | null) {
    this.display = name;
    this.root = display.screen[0]?.root ?? 0;
    this.minKeycode = display.min_keycode;
    this.maxKeycode = display.max_keycode;
    this.#client = display.client;
    this.#xtest = xtest;
    this.#xkb = xkb;
    this.#res = res;
    // The package keeps the atoms of all connections in one table, but their numbers are each server's own.
    this.#client.atoms = Object.fromEntries(
      Object.entries(this.#client.atoms).filter(([, atom]) => atom <= LAST_STANDARD_ATOM),
    );
    this.#client.on("error", (error) => {
      // Requests without a reply fail here; the next `sync` tells.
      if (error.error === undefined)
        this.#end(new X11Error("closed", `the connection to ${name} broke: ${error.message}`));
      else this.#stray ??= refused(error);
    });
    const gone = () => this.#end(new X11Error("closed", `the display ${name} is gone`));
    this.#client.on("end", gone);
    this.#client.stream.once("close", gone);
    this.#client.on("event", (event) => {
      if (event.name === "ClientMessage") for (const listener of this.#onMessage) listener(event);
      if (event.name === "SelectionRequest") this.#refuse(event);
    });
  }

  /** Greets XKB and listens for messages to the root window (answers to pings). */
  async start(): Promise<void> {
    await this.#ask<{ readonly supported: number }>((reply) => this.#xkb.UseExtension(1, 0, reply));
    this.#client.ChangeWindowAttributes(this.root, { eventMask: EVENT_SUBSTRUCTURE_NOTIFY });
    await this.sync();
  }

  /** A request with a reply, made by `request`. */
  ask<T>(request: (client: XClient, reply: Reply<T>) => void): Promise<T> {
    return this.#ask((reply) => request(this.#client, reply));
  }

  /** Requests without a reply; what goes wrong is told by the next `sync`. */
  tell(requests: (client: XClient) => void): void {
    this.#send(() => requests(this.#client));
  }

  /** Hears every event of the connection but messages; returns what stops that. */
  onEvent(listener: (event: XEvent) => void): () => void {
    this.#client.on("event", listener);
    return () => this.#client.off("event", listener);
  }

  /** Aborted when the connection has ended: nothing waits on for a display that is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Called once when the connection ends for any reason but `close()`; at once when it already has. */
  onClosed(listener: (error: X11Error) => void): void {
    if (this.#closed === null) this.#onClosed.push(listener);
    else listener(this.#closed);
  }

  /** Ends the connection; what is held stays held (see Input.releaseAll). */
  close(): void {
    this.#onClosed.length = 0;
    this.#end(new X11Error("closed", `the connection to ${this.display} was closed`));
    this.#client.terminate();
  }

  /** Waits until the server has processed everything sent; rejects with the first error of requests without a reply. */
  async sync(): Promise<void> {
    await this.inputFocus();
    const stray = this.#stray;
    this.#stray = null;
    if (stray !== null) throw stray;
  }

  /** The window with the keyboard focus: 0 none, 1 whatever is under the pointer. */
  async inputFocus(): Promise<number> {
    return (await this.#ask<{ readonly focus: number }>((reply) => this.#client.GetInputFocus(reply))).focus;
  }

  /** Keysyms of `count` keycodes from `first`, a row each. */
  keyboardMapping(first: number, count: number): Promise<number[][]> {
    return this.#ask((reply) => this.#client.GetKeyboardMapping(first, count, reply));
  }

  /** Sets the keysyms of `rows.length` keycodes from `first`; rows of equal length. */
  changeKeyboardMapping(first: number, rows: readonly (readonly number[])[]): void {
    this.#send(() => this.#client.ChangeKeyboardMapping(first, rows[0]?.length ?? 0, rows.flat()));
  }

  /** Keycodes of each of the eight modifiers: shift, lock, control, mod1 to mod5. */
  modifierMapping(): Promise<number[][]> {
    return this.#ask((reply) => this.#client.GetModifierMapping(reply));
  }

  /** Keycodes that are down. */
  async pressedKeys(): Promise<number[]> {
    const bits = await this.#ask<Buffer>((reply) => this.#client.QueryKeymap(reply));
    return Array.from({ length: 256 }, (_, code) => code).filter((code) => ((bits[code >> 3] ?? 0) >> (code & 7)) & 1);
  }

  /** The pointer's place on the root window, px, the root's child it is in (0: none), and the buttons (1 to 5) that are down. */
  async pointer(): Promise<Pointer> {
    type At = { readonly child: number; readonly rootX: number; readonly rootY: number; readonly keyMask: number };
    const { rootX, rootY, child, keyMask } = await this.#ask<At>((reply) =>
      this.#client.QueryPointer(this.root, reply),
    );
    const buttons = [1, 2, 3, 4, 5].filter((n) => keyMask & (0x80 << n));
    return { x: rootX, y: rootY, child, buttons, modifiers: keyMask & 0xff };
  }

  /** Whether a raw event of an XTEST device is the echo of what went out here or was announced; each has one echo. */
  isEcho(event: SentEvent): boolean {
    return this.#sent.isEcho(event, performance.now());
  }

  /** Notes an event that is sent by other means than this connection. */
  announce(event: SentEvent): void {
    this.#sent.sent(event, performance.now());
  }

  fakeKey(keycode: number, down: boolean): void {
    this.announce({ kind: "key", code: keycode, down });
    this.#send(() => this.#fake(down ? this.#xtest.KeyPress : this.#xtest.KeyRelease, keycode));
  }

  fakeButton(button: number, down: boolean): void {
    this.announce({ kind: "button", code: button, down });
    this.#send(() => this.#fake(down ? this.#xtest.ButtonPress : this.#xtest.ButtonRelease, button));
  }

  /** Moves the pointer; px of the root window. */
  fakeMotion(x: number, y: number): void {
    this.announce({ kind: "motion", code: 0, down: false });
    this.#send(() => this.#xtest.FakeInput(this.#xtest.MotionNotify, 0, 0, this.root, x, y));
  }

  /** What is locked now. */
  async locks(): Promise<Locks> {
    type State = { readonly lockedMods: number; readonly latchedMods: number; readonly lockedGroup: number };
    const state = await this.#ask<State>((reply) => this.#xkb.GetState(this.#xkb.UseCoreKbd, reply));
    return { modifiers: state.lockedMods, group: state.lockedGroup };
  }

  /** Locks exactly `locks.modifiers` among the modifiers of `mask`, and the layout group; unlatches all. No key is pressed. */
  setLocks(mask: number, locks: Locks): void {
    this.#send(() =>
      this.#xkb.LatchLockState(
        this.#xkb.UseCoreKbd,
        mask,
        locks.modifiers & mask,
        true,
        locks.group,
        ALL_MODIFIERS,
        0,
        false,
        0,
      ),
    );
  }

  atom(name: string): Promise<number> {
    const known = this.#atoms.get(name);
    if (known !== undefined) return known;
    const asked = this.#ask<number>((reply) => this.#client.InternAtom(false, name, reply));
    this.#atoms.set(name, asked);
    return asked;
  }

  async atomName(atom: number): Promise<string> {
    return await this.#ask((reply) => this.#client.GetAtomName(atom, reply));
  }

  /** A property's bytes and the atom of its type; null when the window has none. */
  async property(window: number, name: string): Promise<{ readonly type: number; readonly data: Buffer } | null> {
    const atom = await this.atom(name);
    type Got = { readonly type: number; readonly data: Buffer };
    const got = await this.#ask<Got>((reply) => this.#client.GetProperty(0, window, atom, 0, 0, 4096, reply));
    return got.type === 0 ? null : got;
  }

  /**
   * The process of a window's program. The server's own word (X-Resource: it asks the kernel who connected) counts before the
   * window's (`_NET_WM_PID`), which a program can set to anything, and in a sandbox counts otherwise. Null when neither tells.
   */
  async programPid(window: number): Promise<number | null> {
    const res = this.#res;
    const ids =
      res === null
        ? []
        : await this.#ask<readonly { readonly mask: number; readonly value: readonly number[] }[]>((reply) =>
            res.QueryClientIds([{ client: window, mask: LOCAL_PID }], reply),
          );
    const told = ids.find(({ mask }) => mask === LOCAL_PID)?.value[0];
    if (told !== undefined && told > 0) return told;
    const said = await this.property(window, "_NET_WM_PID");
    return said !== null && said.data.length >= 4 ? said.data.readUInt32LE(0) : null;
  }

  async setCardinals(window: number, name: string, values: readonly number[]): Promise<void> {
    const atom = await this.atom(name);
    this.#send(() => this.#client.ChangeProperty(0, window, atom, ATOM_CARDINAL, 32, values));
  }

  async deleteProperty(window: number, name: string): Promise<void> {
    const atom = await this.atom(name);
    this.#send(() => this.#client.DeleteProperty(window, atom));
  }

  tree(window: number): Promise<{ readonly parent: number; readonly children: readonly number[] }> {
    return this.#ask((reply) => this.#client.QueryTree(window, reply));
  }

  /** The child of `window` at a point of the root window, 0 when there is none. */
  async childAt(window: number, x: number, y: number): Promise<number> {
    type At = { readonly child: number };
    return (await this.#ask<At>((reply) => this.#client.TranslateCoordinates(this.root, window, x, y, reply))).child;
  }

  /** Place and size without the border, px of the root window. */
  async place(window: number): Promise<Place> {
    type Size = { readonly width: number; readonly height: number };
    type At = { readonly destX: number; readonly destY: number };
    const [size, at] = await Promise.all([
      this.#ask<Size>((reply) => this.#client.GetGeometry(window, reply)),
      this.#ask<At>((reply) => this.#client.TranslateCoordinates(window, this.root, 0, 0, reply)),
    ]);
    return { x: at.destX, y: at.destY, w: size.width, h: size.height };
  }

  /** Sends a client message about `window` to it; rejects when it has gone. */
  async message(window: number, type: number, data: readonly number[]): Promise<void> {
    const event = { name: "ClientMessage", format: 32, wid: window, message_type: type, data } as const;
    await this.#ask<undefined>((reply) => this.#client.SendEvent(window, 0, 0, event, reply));
  }

  /** Sends a client message about `window` to the root window: a request to the window manager. */
  messageToRoot(window: number, type: number, data: readonly number[]): Promise<undefined> {
    const event = { name: "ClientMessage", format: 32, wid: window, message_type: type, data } as const;
    return this.#ask((reply) => this.#client.SendEvent(this.root, 0, EVENT_SUBSTRUCTURE, event, reply));
  }

  /** A window of ours that is never shown, to ask the window manager about. */
  hiddenWindow(): number {
    if (this.#hidden === 0) {
      this.#hidden = this.#client.AllocID();
      this.#send(() => this.#client.CreateWindow(this.#hidden, this.root, 0, 0, 1, 1, 0, 0, INPUT_ONLY, 0, {}));
    }
    return this.#hidden;
  }

  /** Hears client messages to the root window; returns what stops that. */
  onMessage(listener: (event: XEvent) => void): () => void {
    this.#onMessage.add(listener);
    return () => this.#onMessage.delete(listener);
  }

  /** The window that owns a selection; 0 when none does. */
  async selectionOwner(name: string): Promise<number> {
    const atom = await this.atom(name);
    return await this.#ask((reply) => this.#client.GetSelectionOwner(atom, reply));
  }

  /**
   * Owns `selection` from now on, gives nothing to whoever asks for it, and calls `asked` each time; returns what stops
   * that (the selection stays ours, and unanswered requests are refused all the same).
   */
  refuseSelection(selection: number, asked: () => void): () => void {
    if (!this.#selections.has(selection)) {
      const owner = this.hiddenWindow();
      this.#send(() => this.#client.SetSelectionOwner(owner, selection, 0));
    }
    this.#selections.set(selection, asked);
    return () => this.#selections.set(selection, () => undefined);
  }

  /**
   * Whether a program has grabbed the keyboard (it has a menu or a list open), found by grabbing it for a moment
   * ourselves: no key reaches our window then, and the first click in it only closes the menu.
   */
  async keyboardGrabbed(): Promise<boolean> {
    const status = await this.#ask<number>((reply) =>
      this.#client.GrabKeyboard(this.root, true, 0, GRAB_ASYNC, GRAB_ASYNC, reply),
    );
    if (status === GRABBED) return true;
    if (status === 0) this.#send(() => this.#client.UngrabKeyboard(0));
    return false;
  }

  /** Which of `keycodes` nobody has grabbed as a shortcut (found by grabbing each for a moment). */
  async ungrabbed(keycodes: readonly number[]): Promise<number[]> {
    const tries = keycodes.map(async (keycode) => {
      try {
        await this.#ask<undefined>((reply) =>
          this.#client.GrabKey(this.root, 0, ANY_MODIFIER, keycode, GRAB_ASYNC, GRAB_ASYNC, reply),
        );
        return [keycode];
      } catch (error) {
        if (error instanceof X11Error && error.code === "request") return [];
        throw error;
      }
    });
    const free = (await Promise.all(tries)).flat();
    for (const keycode of free) this.#send(() => this.#client.UngrabKey(this.root, keycode, ANY_MODIFIER));
    return free;
  }

  #refuse({ selection = 0, requestor = 0, target = 0, time = 0 }: XEvent): void {
    const refusal = { name: "SelectionNotify", seq: 0, time, requestor, selection, target, property: 0 } as const;
    // Whoever asked may have gone meanwhile.
    this.#client.SendEvent(requestor, 0, 0, refusal, () => true);
    this.#selections.get(selection)?.();
  }

  #fake(type: number, detail: number): void {
    this.#xtest.FakeInput(type, detail, 0, 0, 0, 0);
  }

  #send(request: () => void): void {
    if (this.#closed !== null) throw this.#closed;
    request();
  }

  #ask<T>(request: (reply: Reply<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== null) {
        reject(this.#closed);
        return;
      }
      this.#waiting.add(reject);
      request((error, value) => {
        this.#waiting.delete(reject);
        if (error) reject(refused(error));
        else resolve(value);
        return true;
      });
    });
  }

  #end(error: X11Error): void {
    if (this.#closed !== null) return;
    this.#closed = error;
    this.#gone.abort();
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
    for (const listener of this.#onClosed.splice(0)) listener(error);
  }
}

function refused(error: XFailure): X11Error {
  const about = error.majorOpcode === undefined ? "" : ` (request ${error.majorOpcode}, value ${error.badParam ?? 0})`;
  return new X11Error("request", `${error.message || `X error ${error.error ?? "?"}`}${about}`);
}
