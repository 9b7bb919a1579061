/** The part of the untyped `x11` package (4.2) that this folder uses. */
declare module "x11" {
  /** What comes with a failed request; `error` is the X error code. Socket failures carry Node's `code` instead. */
  export type XFailure = Error & {
    readonly error?: number;
    readonly majorOpcode?: number;
    readonly badParam?: number;
    readonly code?: string;
  };
  /** Returning true marks an error as handled: without it the client also emits `error`. */
  export type Reply<T> = (error: XFailure | null | undefined, value: T) => boolean;

  export type XEvent = {
    readonly name?: string;
    readonly wid?: number;
    readonly message_type?: number;
    readonly data?: readonly number[];
    /** A PropertyNotify's. */
    readonly atom?: number;
    /** A SelectionRequest's. */
    readonly selection?: number;
    readonly requestor?: number;
    readonly target?: number;
    readonly time?: number;
    /** The core event's number. */
    readonly type?: number;
    /** XInput 2: the event's number there, its device, key or button, and axes by their number. */
    readonly evtype?: number;
    readonly sourceId?: number;
    readonly detail?: number;
    readonly valuators?: Readonly<Record<number, number>>;
  };
  export type XInputDevice = {
    readonly deviceId: number;
    /** 1, 2 masters; 3, 4 slaves (pointer, keyboard); 5 floating. */
    readonly use: number;
    readonly name: string;
    /** Axes carry `number` and `mode` (0 relative, 1 absolute). */
    readonly classes: readonly { readonly number?: number; readonly mode?: number }[];
  };
  export interface XInput {
    /** What the server speaks; null before XInput 2. */
    readonly xi2: { readonly majorVersion: number; readonly minorVersion: number } | null;
    XIQueryDevice(device: number, reply: Reply<readonly XInputDevice[]>): void;
    XISelectEvents(
      window: number,
      masks: readonly { readonly deviceId: number; readonly mask: readonly string[] }[],
    ): void;
  }
  export type Property = {
    readonly type: number;
    readonly format: number;
    readonly bytesAfter: number;
    readonly data: Buffer;
  };
  export type Geometry = {
    readonly xPos: number;
    readonly yPos: number;
    readonly width: number;
    readonly height: number;
    readonly borderWidth: number;
  };
  export type ClientMessage = {
    readonly name: "ClientMessage";
    readonly format: 32;
    readonly wid: number;
    readonly message_type: number;
    readonly data: readonly number[];
  };

  export type SelectionNotify = {
    readonly name: "SelectionNotify";
    readonly seq: 0;
    readonly time: number;
    readonly requestor: number;
    readonly selection: number;
    readonly target: number;
    readonly property: number;
  };

  export interface XTest {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    readonly ButtonPress: number;
    readonly ButtonRelease: number;
    readonly MotionNotify: number;
    FakeInput(type: number, detail: number, delay: number, root: number, x: number, y: number): void;
  }

  export interface XResource {
    /** `mask` 2: the process that made the connection, where it is on this machine. */
    QueryClientIds(
      specs: readonly { readonly client: number; readonly mask: number }[],
      reply: Reply<readonly { readonly mask: number; readonly value: readonly number[] }[]>,
    ): void;
  }

  export interface Xkb {
    readonly UseCoreKbd: number;
    UseExtension(major: number, minor: number, reply: Reply<{ readonly supported: number }>): void;
    GetState(
      device: number,
      reply: Reply<{ readonly lockedMods: number; readonly latchedMods: number; readonly lockedGroup: number }>,
    ): void;
    LatchLockState(
      device: number,
      affectModLocks: number,
      modLocks: number,
      lockGroup: boolean,
      groupLock: number,
      affectModLatches: number,
      modLatches: number,
      latchGroup: boolean,
      groupLatch: number,
    ): void;
  }

  export interface XClient {
    readonly stream: import("node:net").Socket;
    readonly display: XDisplay;
    atoms: Record<string, number>;
    on(event: "error", listener: (error: XFailure) => void): this;
    on(event: "event", listener: (event: XEvent) => void): this;
    on(event: "end", listener: () => void): this;
    off(event: "event", listener: (event: XEvent) => void): this;
    terminate(): void;
    AllocID(): number;
    require(name: "xtest", reply: (error: Error | null | undefined, extension: XTest) => void): void;
    require(name: "xinput", reply: (error: Error | null | undefined, extension: XInput) => void): void;
    require(name: "res", reply: (error: Error | null | undefined, extension: XResource) => void): void;
    require(name: "xkb", reply: (error: Error | null | undefined, extension: Xkb) => void): void;

    ChangeKeyboardMapping(first: number, width: number, keysyms: readonly number[]): void;
    ChangeProperty(
      mode: 0,
      window: number,
      name: number,
      type: number,
      format: 8 | 32,
      data: readonly number[] | Buffer,
    ): void;
    ChangeWindowAttributes(window: number, values: { readonly eventMask: number }): void;
    CreateWindow(
      window: number,
      parent: number,
      x: number,
      y: number,
      w: number,
      h: number,
      border: number,
      depth: number,
      kind: number,
      visual: number,
      values: Readonly<Record<string, number>>,
    ): void;
    DeleteProperty(window: number, name: number): void;
    GetAtomName(atom: number, reply: Reply<string>): void;
    GetGeometry(window: number, reply: Reply<Geometry>): void;
    GetInputFocus(reply: Reply<{ readonly focus: number }>): void;
    GetKeyboardMapping(first: number, count: number, reply: Reply<number[][]>): void;
    GetModifierMapping(reply: Reply<number[][]>): void;
    GetProperty(
      remove: 0,
      window: number,
      name: number,
      type: number,
      offset: number,
      length: number,
      reply: Reply<Property>,
    ): void;
    GetSelectionOwner(selection: number, reply: Reply<number>): void;
    GrabKey(
      window: number,
      ownerEvents: 0,
      modifiers: number,
      keycode: number,
      pointerMode: number,
      keyboardMode: number,
      reply: Reply<undefined>,
    ): void;
    GrabButton(
      window: number,
      ownerEvents: number,
      mask: number,
      pointerMode: number,
      keyboardMode: number,
      confineTo: number,
      cursor: number,
      button: number,
      modifiers: number,
    ): void;
    AllowEvents(mode: number, time: number): void;
    KillClient(resource: number): void;
    GrabKeyboard(
      window: number,
      ownerEvents: boolean,
      time: number,
      pointerMode: number,
      keyboardMode: number,
      reply: Reply<number>,
    ): void;
    InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
    QueryKeymap(reply: Reply<Buffer>): void;
    QueryPointer(
      window: number,
      reply: Reply<{
        readonly child: number;
        readonly rootX: number;
        readonly rootY: number;
        readonly keyMask: number;
      }>,
    ): void;
    QueryTree(window: number, reply: Reply<{ readonly parent: number; readonly children: readonly number[] }>): void;
    SendEvent(
      window: number,
      propagate: 0,
      eventMask: number,
      event: ClientMessage | SelectionNotify,
      reply: Reply<undefined>,
    ): void;
    SetSelectionOwner(owner: number, selection: number, time: 0): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      reply: Reply<{ readonly child: number; readonly destX: number; readonly destY: number }>,
    ): void;
    UngrabKeyboard(time: number): void;
    UngrabKey(window: number, keycode: number, modifiers: number): void;
  }

  export type XDisplay = {
    readonly client: XClient;
    readonly screen: readonly { readonly root: number; readonly root_visual: number; readonly root_depth: number }[];
    readonly min_keycode: number;
    readonly max_keycode: number;
  };

  export function createClient(
    options: {
      readonly display: string;
      /** Whether memory may be shared with the server (MIT-SHM). */
      readonly shm: boolean;
      readonly bufferRequests: true;
      readonly auth: { readonly name: string; readonly data: string };
    },
    ready: (error: Error | null | undefined, display: XDisplay) => void,
  ): XClient;
}
