import { join } from "node:path";
import { answerOnly, oneClick } from "../electron/practice/scenarios.ts";
import { expect, freshFolder, test, textOf } from "./app.ts";

test("programs on the session's desktop see neither the operator's display, buses and agents nor the key", async ({
  launch,
}) => {
  const file = join(freshFolder(), "environment");
  process.env.SSH_AUTH_SOCK = "/tmp/agent-of-the-operator";
  process.env.DBUS_SESSION_BUS_ADDRESS = "unix:path=/tmp/bus-of-the-operator";
  const app = await launch({ script: answerOnly() });
  delete process.env.SSH_AUTH_SOCK;
  delete process.env.DBUS_SESSION_BUS_ADDRESS;
  // xterm closes what it was given before it starts its shell, so it is the one to look at.
  await app.start(
    "Look",
    `xterm -e sh -c "ls -l /proc/$PPID/fd > '${file}.files'; env > '${file}'; xdpyinfo > '${file}.x' 2>&1; sleep 60"`,
  );
  await app.finish();
  const environment = textOf(file);
  expect(environment).toContain("DISPLAY=:");
  expect(environment).not.toContain(`DISPLAY=${process.env.DISPLAY}\n`);
  expect(environment).not.toContain(process.env.XAUTHORITY ?? "no authority");
  expect(environment).not.toMatch(/of-the-operator|ANTHROPIC|practice-key|COUNTERSIGN/);
  // Nor anything that is open in the app: Chromium's sockets and shared memory, folders of the data folder.
  const files = textOf(`${file}.files`);
  expect(files).toContain("program-1.log");
  expect(files.split("\n").filter((line) => / -> /.test(line)).length).toBeLessThan(10);
  expect(files).not.toMatch(/Chromium|Local Storage|\.pak|v8_context|resources|eventpoll|inotify/);
});

test("with the session's cookie the operator's display can't be opened", async ({ launch }) => {
  const file = join(freshFolder(), "attempt");
  const display = process.env.DISPLAY ?? ":0";
  const app = await launch({ script: oneClick() });
  await app.start(
    "Look",
    `xterm -e sh -c "DISPLAY=${display} xdpyinfo > '${file}' 2>&1; echo exit=$? >> '${file}'; sleep 60"`,
  );
  await expect.poll(() => textOf(file), { timeout: 20_000 }).toContain("exit=1");
  await app.waits("Left click at 640, 400");
});
