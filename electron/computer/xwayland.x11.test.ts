/** On a real XWayland inside a real compositor: nothing is captured or clicked there, whatever the environment says. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WAYLAND_WORDS } from "../../shared/session-type.ts";
import { openGrabber } from "./grabber.ts";
import { end, until } from "./x11/test-desktop.ts";

let folder = "";
let display = "";
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-wayland-"));
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, WAYLAND_DISPLAY: "test" };
  const compositor = ["--backend=headless-backend.so", "--socket=test", "--no-config"];
  children.push(spawn("weston", compositor, { env, stdio: "ignore" }));
  await until("the compositor", () =>
    access(join(folder, "test")).then(
      () => true,
      () => false,
    ),
  );
  const server = spawn("Xwayland", ["-displayfd", "3", "-nolisten", "tcp"], {
    env,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  children.push(server);
  const [number] = await once(server.stdio[3] as Readable, "data");
  display = `:${String(number).trim()}`;
});
afterAll(async () => {
  for (const child of children.reverse()) await end(child);
  await rm(folder, { recursive: true, force: true });
});

test("XWayland is told by the server and refused with what to do", async () => {
  await expect(openGrabber(display, join(folder, "none"), null)).rejects.toMatchObject({
    code: "wayland",
    message: WAYLAND_WORDS,
  });
});
