/** A password field of a real GTK program: no rule lets anything pass into it, whatever the policy says. */
import { call, text, turn } from "../electron/practice/script.ts";
import type { Policy } from "../shared/policy/format.ts";
import { expect, test } from "./app.ts";
import { deciders, startUnder } from "./under-policy.ts";

/** A form of two fields, the second of which hides what is typed; it fills its window, which stands in the corner. */
const FORM =
  'yad --form --field="Name" --field="Password:H" --button=Done:0 --undecorated --geometry=600x240+0+0 --title=Login';

const ALL: Policy = {
  version: 1,
  name: "All of yad",
  rules: [{ id: "all", effect: "allow", actions: ["left_click", "type", "key", "screenshot"], app: ["yad"] }],
};

test("typing, keys and clicks into a password field ask, under a policy that allows them; the field beside it asks nothing", async ({
  launch,
}) => {
  test.setTimeout(90_000);
  const app = await launch({
    script: [
      turn(call("type", { text: "Ada" }), call("key", { text: "Tab" }), call("type", { text: "hunter2" })),
      turn(call("key", { text: "shift+Home" })),
      turn(text("Done.")),
    ],
  });
  await startUnder(app, ALL, FORM, "Log in");
  await app.waits('Type "hunter2"');
  expect(await deciders(app)).toEqual(["all", "all"]);
  await expect(app.card).toContainText('Asks: it goes to a password field. Rule "all" would allow it');
  const proposed = await app.all("action.proposed");
  expect(proposed.map(({ proposal }) => proposal.password)).toEqual([false, false, true]);
  expect(proposed[2]?.proposal.focusControl).toMatchObject({ role: "password text", password: true });
  await app.approveWaiting();
  await app.waits("Press shift+Home");
  await expect(app.card).toContainText("it goes to a password field");
  await app.reject("that is enough");
  await app.finish();
  expect(await deciders(app)).toEqual(["all", "all", "operator", "operator"]);
});
