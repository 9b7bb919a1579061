import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { takeApiKey } from "./taken-key.ts";

const MODULE = join(import.meta.dirname, "taken-key.ts");
const PRINT = `
  import { takeApiKey } from ${JSON.stringify(MODULE)};
  const say = () => { try { return takeApiKey(process.env); } catch (error) { return error.message; } };
  console.log(JSON.stringify([say() ?? null, say() ?? null, Object.keys(process.env).filter((name) => /KEY/.test(name))]));
`;

/** What a process that is handed `key` by a pipe takes: at first, once more, and what is left in its environment. */
async function takenFromPipe(key: string): Promise<unknown> {
  const child = spawn(process.execPath, ["--input-type=module", "--no-warnings", "-e", PRINT], {
    env: { PATH: process.env.PATH, ELECTRON_RUN_AS_NODE: "1", COUNTERSIGN_KEY_FD: "3", ANTHROPIC_API_KEY: "sk-other" },
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const pipe = child.stdio[3];
  if (pipe === null || pipe === undefined || !("end" in pipe)) throw new Error("there is no pipe");
  pipe.end(key);
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(printed);
}

test("a key that comes by a pipe is taken once, and nothing of it is left in the environment", async () => {
  expect(await takenFromPipe("sk-piped")).toEqual(["sk-piped", null, []]);
});

test("without a pipe it is the variable's, and it is taken out", () => {
  for (const pipe of [{}, { COUNTERSIGN_KEY_FD: "" }]) {
    const env = { ANTHROPIC_API_KEY: "sk-1", OTHER: "x", ...pipe };
    expect(takeApiKey(env)).toBe("sk-1");
    expect(env).toEqual({ OTHER: "x" });
    expect(takeApiKey(env)).toBeUndefined();
  }
});

test("what is no open pipe is refused, by the variable's name and with what to do", () => {
  const file = openSync(MODULE, "r");
  for (const [given, words] of [
    ["2", /expected the number of an open pipe, got "2"/],
    ["x", /expected the number of an open pipe, got "x"/],
    ["9876", /9876 can't be read \(EBADF/],
    [String(file), /can't be read \(it is no pipe\)/],
  ] as const) {
    const env = { COUNTERSIGN_KEY_FD: given, ANTHROPIC_API_KEY: "sk-1" };
    expect(() => takeApiKey(env)).toThrow(words);
    expect(() => takeApiKey({ COUNTERSIGN_KEY_FD: given })).toThrow(/^COUNTERSIGN_KEY_FD: .*ANTHROPIC_API_KEY$/);
    expect(env).toEqual({});
  }
});
