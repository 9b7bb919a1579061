// npm run bench [name [arguments]]: the benchmarks of bench/, each in Electron's Node, which is what we ship.
import { existsSync, readdirSync } from "node:fs";
import { sandboxOptions } from "./lib/electron.mjs";
import { at, runMain, SetupError, say } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await runMain(async () => {
  const [name, ...rest] = process.argv.slice(2);
  const all = existsSync(at("bench"))
    ? readdirSync(at("bench"))
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => file.slice(0, -3))
        .sort()
    : [];
  if (name !== undefined && !all.includes(name)) {
    throw new SetupError(`There is no benchmark "${name}". There are: ${all.join(", ") || "none yet"}.`);
  }
  const electron = await setup({ tests: true });
  const { env } = sandboxOptions();
  const nodeEnv = { ...process.env, ...env, ELECTRON_RUN_AS_NODE: "1", COUNTERSIGN_ELECTRON: electron };
  let worst = 0;
  for (const each of name === undefined ? all : [name]) {
    say(`bench ${each}`);
    worst = Math.max(worst, await run(electron, [at("bench", `${each}.ts`), ...rest], { env: nodeEnv }));
  }
  return worst;
});
