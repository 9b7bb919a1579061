/**
 * For tests and benchmarks: a desktop with a person at it. The desktop is a Xephyr inside an Xvfb: what XTEST sends to the outer
 * server arrives in the inner one from "Xephyr virtual mouse" and "Xephyr virtual keyboard", as a person's input would.
 */
import { keysymOf } from "../../../shared/keys.ts";
import { openX11, type X11 } from "../x11/connection.ts";
import { readKeymap } from "../x11/keyboard.ts";
import { keycodeOf } from "../x11/keymap.ts";
import { startServer, startTestDesktop, type TestDesktop } from "../x11/test-desktop.ts";

/** The person's hands; every call resolves when the outer server has done it. Keys are by keysym name, buttons 1 to 7. */
export type Person = {
  readonly key: (name: string, down: boolean) => Promise<void>;
  /** Presses keys in the order given and lets them go in the opposite one. */
  readonly chord: (...names: readonly string[]) => Promise<void>;
  readonly button: (button: number, down: boolean) => Promise<void>;
  readonly click: (x: number, y: number) => Promise<void>;
  /** px of the desktop. */
  readonly moveTo: (x: number, y: number) => Promise<void>;
  /** Lets go of everything. */
  readonly letGo: () => Promise<void>;
};

export type PersonDesktop = TestDesktop & { readonly person: Person };

/** Starts both servers and openbox on the inner one. */
export async function startPersonDesktop(size = { w: 1280, h: 800 }): Promise<PersonDesktop> {
  const outer = await startServer("Xvfb", ["-screen", "0", `${size.w}x${size.h}x24`, "-s", "0"], process.env);
  let inner: TestDesktop;
  let hand: X11;
  try {
    hand = await openX11(outer);
    inner = await startTestDesktop(() =>
      // Without -no-host-grab Ctrl+Shift belongs to Xephyr itself.
      startServer("Xephyr", ["-screen", `${size.w}x${size.h}`, "-no-host-grab", "-s", "0"], {
        ...process.env,
        DISPLAY: outer.display,
        XAUTHORITY: outer.authority,
      }),
    );
  } catch (error) {
    await outer.close();
    throw error;
  }
  const person = await personAt(hand);
  return {
    ...inner,
    person,
    close: async () => {
      await inner.close();
      hand.close();
      await outer.close();
    },
  };
}

/** A person's hands through XTEST of `x11`, the outer server. */
async function personAt(x11: X11): Promise<Person> {
  const keymap = await readKeymap(x11);
  const codeOf = (name: string) => {
    const code = keycodeOf(keymap, [SYMS[name] ?? keysymOf(name) ?? 0]);
    if (code === null) throw new Error(`the outer keyboard has no ${name}`);
    return code;
  };
  const key = async (name: string, down: boolean) => {
    x11.fakeKey(codeOf(name), down);
    await x11.sync();
  };
  const button = async (which: number, down: boolean) => {
    x11.fakeButton(which, down);
    await x11.sync();
  };
  const moveTo = async (x: number, y: number) => {
    x11.fakeMotion(x, y);
    await x11.sync();
  };
  return {
    key,
    button,
    moveTo,
    chord: async (...names) => {
      for (const name of names) await key(name, true);
      for (const name of [...names].reverse()) await key(name, false);
    },
    click: async (x, y) => {
      await moveTo(x, y);
      await button(1, true);
      await button(1, false);
    },
    letGo: async () => {
      const [keys, { buttons }] = await Promise.all([x11.pressedKeys(), x11.pointer()]);
      for (const code of keys) x11.fakeKey(code, false);
      for (const each of buttons) x11.fakeButton(each, false);
      await x11.sync();
    },
  };
}

const SYMS: Readonly<Record<string, number>> = {
  Control_L: 0xffe3,
  Shift_L: 0xffe1,
  Alt_L: 0xffe9,
  Super_L: 0xffeb,
};
