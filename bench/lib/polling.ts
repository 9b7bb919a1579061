/** The simplest way to watch a desktop: a process that takes a whole picture of it five times a second (see liveview.ts). */
import { setTimeout as sleep } from "node:timers/promises";
import { pixelsOf } from "../../electron/computer/frame.ts";
import { openGrabber } from "../../electron/computer/grabber.ts";

const EVERY = 200;
const [display = "", authority = ""] = process.argv.slice(2);
const grabber = await openGrabber(display, authority, null);
const { w, h } = await grabber.display();
for (let at = performance.now(); ; at += EVERY) {
  const [pixel = 0] = pixelsOf(await grabber.grab([0, 0, w, h]));
  process.send?.([pixel & 0xffffff, performance.timeOrigin + performance.now()]);
  await sleep(Math.max(0, at + EVERY - performance.now()));
}
