/**
 * For tests: a main process to be killed or stopped. `test-main.ts DISPLAY AUTHORITY ACTION` (JSON) performs the action on
 * that display and says `{executor: pid}` before it, `{result}` after it.
 */
import { type Action, actionSchema } from "../../shared/action.ts";
import { portOfChild } from "./port.ts";
import { startRemoteComputer } from "./remote-computer.ts";
import { forkExecutor, hooksWith, requestOf, still } from "./test-support.ts";

const [display = "", authority = "", written = ""] = process.argv.slice(2);
const action: Action = actionSchema.parse(JSON.parse(written));
const size = { w: 1280, h: 800 };

const computer = await startRemoteComputer({
  display,
  authority,
  here: null,
  fork: (env) => {
    const child = forkExecutor(env);
    process.send?.({ executor: child.pid });
    return portOfChild(child);
  },
});
const look = await still(computer, size);
const result = await computer.perform(requestOf(action, look, [640, 400]), hooksWith({}));
process.send?.({ result: result.kind });
await computer.close();
process.exit(0);
