import { expect, test } from "vitest";
import { desktopEnvironment } from "./environment.ts";

test("programs get the operator's environment without what leads back to the operator", () => {
  const env = desktopEnvironment(
    {
      PATH: "/usr/bin",
      LANG: "de_DE.UTF-8",
      KEYBOARD: "kept: not a secret's name",
      DISPLAY: ":0",
      WAYLAND_DISPLAY: "wayland-0",
      XDG_RUNTIME_DIR: "/run/user/1000",
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1000/bus",
      SSH_AUTH_SOCK: "/tmp/agent",
      GPG_AGENT_INFO: "x",
      ANTHROPIC_API_KEY: "sk-1",
      ANTHROPIC_BASE_URL: "x",
      COUNTERSIGN_NO_SANDBOX: "1",
      ELECTRON_RUN_AS_NODE: "1",
      OPENAI_API_KEY: "sk-2",
      GITHUB_TOKEN: "t",
      AWS_SECRET_ACCESS_KEY: "s",
      DB_PASSWORD: "p",
      EMPTY: undefined,
    },
    ":7",
    "/d/Xauthority",
    "/d/runtime",
  );
  expect(env).toEqual({
    PATH: "/usr/bin",
    LANG: "de_DE.UTF-8",
    KEYBOARD: "kept: not a secret's name",
    DISPLAY: ":7",
    XAUTHORITY: "/d/Xauthority",
    XDG_RUNTIME_DIR: "/d/runtime",
    XDG_SESSION_TYPE: "x11",
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
    GDK_BACKEND: "x11",
    QT_QPA_PLATFORM: "xcb",
    MOZ_ENABLE_WAYLAND: "0",
    GTK_USE_PORTAL: "0",
    NO_AT_BRIDGE: "1",
    GTK_IM_MODULE: "gtk-im-context-simple",
    GSETTINGS_BACKEND: "memory",
  });
});
