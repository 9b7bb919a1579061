import { spawn } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AskMethod, activeInputMethod } from "./input-method.ts";
import { end, startTestDesktop, type TestDesktop, until } from "./test-desktop.ts";

let desktop: TestDesktop;

beforeAll(async () => {
  desktop = await startTestDesktop();
});

afterAll(async () => {
  await desktop.close();
});

/** A command that answers `answer` to whatever it is asked. */
function says(answer: string): { ask: AskMethod; asked: string[] } {
  const asked: string[] = [];
  const ask: AskMethod = async (command, args) => {
    asked.push([command, ...args].join(" "));
    return answer;
  };
  return { ask, asked };
}

const failing: AskMethod = async () => {
  throw new Error("no such command");
};

/** A process with an input method's name, and DISPLAY set as given. */
async function startMethod(name: string, display: string) {
  const file = join(desktop.folder, name);
  await writeFile(file, "#!/bin/sh\nread _\n");
  await chmod(file, 0o755);
  const child = spawn(file, { env: { ...desktop.env, DISPLAY: display }, stdio: ["pipe", "ignore", "ignore"] });
  await until(name, async () => (await readFile(`/proc/${child.pid}/comm`, "latin1").catch(() => "")).trim() === name);
  return child;
}

it("finds none where there is none", async () => {
  const { ask, asked } = says("");
  expect(await activeInputMethod(desktop.x11, ask)).toBeNull();
  expect(asked).toEqual([]);
});

it("finds an XIM server by its selection, and asks what it does with keys", async () => {
  const { x11 } = desktop;
  const atom = await x11.atom("@server=ibus");
  await x11.setCardinals(x11.root, "XIM_SERVERS", [await x11.atom("@server=gone"), atom]);
  // Nobody owns the selection: the server has ended.
  expect(await activeInputMethod(x11, null)).toBeNull();
  x11.refuseSelection(atom, () => undefined);
  expect(await activeInputMethod(x11, null)).toBe("ibus");

  const plain = says("xkb:de::ger");
  expect(await activeInputMethod(x11, plain.ask)).toBeNull();
  expect(plain.asked).toEqual(["ibus engine"]);
  expect(await activeInputMethod(x11, says("Unikey").ask)).toBe("ibus, Unikey");
  expect(await activeInputMethod(x11, failing)).toBe("ibus");
  await x11.deleteProperty(x11.root, "XIM_SERVERS");
});

it.each(["fcitx", "fcitx5"])(
  "finds the process of %s on this display alone; off it lets keys through",
  async (name) => {
    const other = await startMethod(name, ":4711");
    expect(await activeInputMethod(desktop.x11, null)).toBeNull();
    const here = await startMethod(name, `${desktop.display}.0`);
    expect(await activeInputMethod(desktop.x11, null)).toBe(name);
    const { x11 } = desktop;
    await x11.setCardinals(x11.root, "XIM_SERVERS", [await x11.atom("@server=fcitx")]);
    x11.refuseSelection(await x11.atom("@server=fcitx"), () => undefined);
    const off = says("1");
    expect(await activeInputMethod(desktop.x11, off.ask)).toBeNull();
    expect(off.asked).toEqual([`${name}-remote`]);
    expect(await activeInputMethod(desktop.x11, says("2").ask)).toBe(name);
    await x11.deleteProperty(x11.root, "XIM_SERVERS");
    await end(here);
    await end(other);
  },
);

it("takes one that can't be asked for one that changes keys", async () => {
  const scim = await startMethod("scim-launcher", desktop.display);
  expect(await activeInputMethod(desktop.x11, says("").ask)).toBe("scim");
  await end(scim);
});
