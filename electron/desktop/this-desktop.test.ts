import { describe, expect, test } from "vitest";
import { claimThisDesktop, displayOf, type Link, type NamedMonitor } from "./this-desktop.ts";
import { thisDesktopProblem } from "./this-desktop-problem.ts";

const MONITORS: readonly NamedMonitor[] = [
  { name: "DP-1", x: 1280, y: 0, w: 1920, h: 1080, scale: 1, primary: true },
  { name: "HDMI-1", x: 0, y: 0, w: 1280, h: 800, scale: 1, primary: false },
];

function desk({ monitors = MONITORS, free = true } = {}) {
  let closed = 0;
  const link: Link = {
    monitors: async () => monitors,
    claim: async () => free,
    onGone: () => undefined,
    close: () => {
      closed += 1;
    },
  };
  const claim = (monitor: string | null) => claimThisDesktop(monitor, { DISPLAY: ":7" }, async () => link);
  return { claim, closed: () => closed };
}

describe("this desktop", () => {
  test("is the primary display where none is named, and the named one else", async () => {
    expect(await desk().claim(null)).toMatchObject({ display: ":7", monitor: "DP-1", pids: [] });
    expect(await desk().claim("HDMI-1")).toMatchObject({ monitor: "HDMI-1" });
  });

  test("is refused in words, with nothing left open", async () => {
    const cases = [
      [desk(), "VGA-1", "where.monitor: there is no display VGA-1 now; there are DP-1, HDMI-1."],
      [desk({ monitors: [] }), null, "where: no display is switched on."],
      [desk({ free: false }), null, "where: another session works on this desktop; end it first."],
    ] as const;
    for (const [given, monitor, words] of cases) {
      await expect(given.claim(monitor)).rejects.toThrow(words);
      expect(given.closed()).toBe(1);
    }
  });

  test("stops nothing but its own connection", async () => {
    const given = desk();
    await (await given.claim(null)).stop();
    expect(given.closed()).toBe(1);
  });

  test("uses the cookie file of the session, or the usual one", () => {
    expect(displayOf({ DISPLAY: ":1", XAUTHORITY: "/x" })).toEqual({ display: ":1", authority: "/x" });
    expect(displayOf({ DISPLAY: ":1" }).authority).toMatch(/\/\.Xauthority$/);
  });
});

test("what keeps a session off this desktop is said", () => {
  expect(thisDesktopProblem({ DISPLAY: ":0" }, "linux")).toBeNull();
  expect(thisDesktopProblem({}, "linux")).toContain("DISPLAY");
  expect(thisDesktopProblem({ DISPLAY: ":0", WAYLAND_DISPLAY: "wayland-0" }, "linux")).toContain("X11");
  expect(thisDesktopProblem({ DISPLAY: ":0" }, "win32")).toContain("Linux");
});
