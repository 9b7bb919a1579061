import { startMonitorDesktop } from "../electron/computer/x11/test-monitors.ts";
import { call, text, turn } from "../electron/practice/script.ts";
import { startShieldApp } from "../soak/shield-app.ts";
import { openTarget } from "../soak/target-window.ts";
import { expect, test } from "./app.ts";

test("a display that is resized, then switched off, while a decision waits: nothing is sent, the proposal comes back", async () => {
  const desktop = await startMonitorDesktop([
    { size: "1280x800", at: [0, 0] },
    { size: "1280x800", at: [1280, 0] },
  ]);
  // The window is on the first display and stays there; Claude works on the second.
  const target = await openTarget(desktop, { x: 1280, y: 0, w: 1280, h: 800 }, () => 0);
  const script = [turn(call("left_click", { coordinate: [600, 300] })), turn(text("Clicked."))];
  const app = await startShieldApp(desktop.env, script, ["--task=Click", "--where=this:DUMMY1"], {
    armingMs: 0,
    anyInput: true,
  });
  try {
    const first = await app.until("deciding");
    expect(first.config?.where).toEqual({ kind: "this", monitor: "DUMMY1" });

    await desktop.xrandr("--addmode", "DUMMY1", "1280x720");
    await desktop.xrandr("--output", "DUMMY1", "--mode", "1280x720");
    await app.approve();
    const resized = await app.returned(1);
    expect(resized).toMatchObject({
      reason: "geometry",
      detail: "The display was 1280x800 at 1280, 0 and is now 1280x720 at 1280, 0.",
    });
    expect((await app.view()).steps[0]?.proposal).toMatchObject({ rev: 2, display: { x: 1280, w: 1280, h: 720 } });

    await desktop.xrandr("--output", "DUMMY1", "--off");
    await app.approve();
    expect(await app.returned(2)).toMatchObject({
      reason: "geometry",
      detail: "The display DUMMY1 is switched off or not connected any more.",
    });
    expect(target.take().filter(({ name }) => name === "ButtonPress")).toEqual([]);

    await desktop.xrandr("--output", "DUMMY1", "--mode", "1280x800", "--pos", "1280x0");
    await app.approve();
    expect(await app.returned(3)).toMatchObject({ reason: "geometry" });
    await app.approve();
    await app.until("answered");
    // The window manager may have moved the program meanwhile; where the click went, the pointer says.
    expect(await desktop.x11.pointer()).toMatchObject({ x: 1280 + 600, y: 300 });
    expect((await app.events("display.changed")).map(({ display }) => `${display.w}x${display.h}`)).toEqual([
      "1280x720",
      "1280x800",
    ]);
  } finally {
    await app.close();
    target.close();
    await desktop.close();
  }
});
