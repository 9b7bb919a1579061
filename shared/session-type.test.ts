import { expect, test } from "vitest";
import { sessionType, sessionTypeProblem } from "./session-type.ts";

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, string, ReturnType<typeof sessionType>])[] =
  [
    ["a plain X session", { DISPLAY: ":0", XDG_SESSION_TYPE: "x11" }, "linux", "x11"],
    ["X without logind", { DISPLAY: ":0" }, "linux", "x11"],
    ["X over ssh", { DISPLAY: "localhost:10.0", XDG_SESSION_TYPE: "tty" }, "linux", "x11"],
    [
      "GNOME on Wayland",
      { DISPLAY: ":0", WAYLAND_DISPLAY: "wayland-0", XDG_SESSION_TYPE: "wayland" },
      "linux",
      "wayland",
    ],
    ["Wayland without XWayland", { WAYLAND_DISPLAY: "wayland-1" }, "linux", "wayland"],
    ["Wayland, the socket handed over", { DISPLAY: ":0", WAYLAND_SOCKET: "5" }, "linux", "wayland"],
    ["Wayland, variables cleaned by sudo", { DISPLAY: ":0", XDG_SESSION_TYPE: " Wayland " }, "linux", "wayland"],
    [
      "a compositor nested in X",
      { DISPLAY: ":1", WAYLAND_DISPLAY: "wayland-1", XDG_SESSION_TYPE: "x11" },
      "linux",
      "wayland",
    ],
    ["an empty variable is none", { DISPLAY: ":0", WAYLAND_DISPLAY: "" }, "linux", "x11"],
    ["a console", { XDG_SESSION_TYPE: "tty" }, "linux", "none"],
    ["nothing at all", {}, "linux", "none"],
    ["Windows", {}, "win32", "native"],
    ["macOS with XQuartz", { DISPLAY: "/private/tmp/x:0" }, "darwin", "native"],
  ];

test.each(CASES)("%s", (_name, env, platform, expected) => {
  expect(sessionType(env, platform)).toBe(expected);
});

test("the words say what to do", () => {
  expect(sessionTypeProblem({ WAYLAND_DISPLAY: "wayland-0" }, "linux")).toMatch(/Wayland.*X11 session.*own/s);
  expect(sessionTypeProblem({}, "linux")).toMatch(/DISPLAY is not set.*own/s);
  expect(sessionTypeProblem({ DISPLAY: ":0" }, "linux")).toBeNull();
  expect(sessionTypeProblem({}, "darwin")).toBeNull();
});
