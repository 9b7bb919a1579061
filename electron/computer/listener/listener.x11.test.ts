/** The listener on a real desktop with a person's hand (Xephyr) and other programs' (xdotool). */
import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ChordName, DEFAULT_CHORDS } from "../../../shared/chords.ts";
import { until } from "../x11/test-desktop.ts";
import { TestHands } from "../x11/test-hands.ts";
import type { Heard, Origin } from "./heard.ts";
import { type Listener, openListener } from "./listener.ts";
import { type PersonDesktop, startPersonDesktop } from "./test-person.ts";

let desktop: PersonDesktop;
let listener: Listener;
let heard: Heard[] = [];
let chords: { name: ChordName; from: Origin }[] = [];

beforeAll(async () => {
  desktop = await startPersonDesktop();
  listener = await openListener({
    display: desktop.display,
    authority: desktop.authority,
    chords: DEFAULT_CHORDS,
    now: () => performance.now(),
    isOurs: (event) => desktop.x11.isEcho(event),
    onHeard: (event) => heard.push(event),
    onChord: (name, from) => chords.push({ name, from }),
    onDeaf: (why) => {
      throw new Error(why);
    },
  });
});
afterAll(async () => {
  listener.close();
  await desktop.close();
});
afterEach(async () => {
  await desktop.person.letGo();
  await settled();
  heard = [];
  chords = [];
});

/** The outer server has handed everything to the inner one, and that to us. */
async function settled(): Promise<void> {
  await desktop.person.key("F1", true);
  await desktop.person.key("F1", false);
  await until("the person's last key", async () =>
    heard.some(({ kind, ...e }) => kind === "key" && "down" in e && !e.down && e.code === 67),
  );
  heard = heard.filter((event) => event.kind === "motion" || event.kind === "button" || event.code !== 67);
}

const kinds = () => heard.map((event) => `${event.from} ${event.kind}`);

test("the person's keys, buttons and moves are theirs, in px", async () => {
  await desktop.person.moveTo(100, 100);
  await settled();
  heard = [];
  await desktop.person.moveTo(107, 103);
  await desktop.person.key("a", true);
  await desktop.person.key("a", false);
  await desktop.person.button(1, true);
  await desktop.person.button(1, false);
  await settled();
  expect(heard).toMatchObject([
    { from: "device", kind: "motion", dx: 7, dy: 3 },
    { from: "device", kind: "key", code: 38, down: true },
    { from: "device", kind: "key", code: 38, down: false },
    { from: "device", kind: "button", code: 1, down: true },
    { from: "device", kind: "button", code: 1, down: false },
  ]);
});

test("ours are nobody's; another program's are another program's", async () => {
  const hands = new TestHands(desktop.x11);
  await hands.movePointer(300, 300);
  await hands.buttonDown(1);
  await hands.buttonUp(1);
  await hands.typeText("abc Grüße");
  await hands.turnWheel("right");
  await hands.turnWheel("right");
  await settled();
  expect(heard).toEqual([]);
  execFileSync("xdotool", ["key", "b"], { env: desktop.env });
  await settled();
  expect(kinds()).toEqual(["xtest key", "xtest key"]);
});

test("the stop chord is heard whatever is held or grabbed", async () => {
  const hands = new TestHands(desktop.x11);
  for (const held of ["alt", "super"] as const) {
    await hands.holdModifiers([held]);
    await desktop.person.chord("Control_L", "Shift_L", "F12");
    await settled();
    await hands.releaseAll();
    expect(chords, `with ${held} held`).toEqual([{ name: "stop", from: "device" }]);
    chords = [];
  }
  const editor = await desktop.open("mousepad", ["--disable-server"]);
  await hands.pressKeys({ modifiers: ["alt"], key: "f" });
  await until("the menu's grab", () => desktop.x11.keyboardGrabbed());
  await desktop.person.chord("Control_L", "Shift_L", "F12");
  await settled();
  expect(chords).toEqual([{ name: "stop", from: "device" }]);
  editor.kill("SIGKILL");
});

test("a chord that another program makes says so; ours is none", async () => {
  execFileSync("xdotool", ["key", "ctrl+shift+F9"], { env: desktop.env });
  await settled();
  expect(chords).toEqual([{ name: "approve", from: "xtest" }]);
  chords = [];
  await new TestHands(desktop.x11).pressKeys({ modifiers: ["ctrl", "shift"], key: "F12" });
  await settled();
  expect(chords).toEqual([]);
});
