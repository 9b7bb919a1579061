/**
 * What a form of 20 actions in mousepad costs the operator: decisions, and seconds of attention, by hand, with batch
 * approval, and under the policy of docs/POLICY.md. The real app, real programs, a scripted Claude. The operator is a
 * model, the same for all three: so long to read a card, so long more for each further step of a storyboard.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type App, expect, type LaunchOptions, test } from "../app.ts";
import { FILLED, FORM_POLICY, formFile, formTask, startUnder } from "../under-policy.ts";

/** ms to read one card, and each further step of a storyboard. */
const READ = { card: 1200, step: 400 } as const;
const STEPS = 20;

type How = "by hand" | "batch" | "policy";
type Effort = {
  readonly how: How;
  readonly decisions: number;
  readonly clicks: number;
  readonly seconds: number;
  readonly total: number;
};

/** A batch with something risky in it takes a second press, like a card. */
async function approveBatch(app: App): Promise<void> {
  await app.page.getByRole("button", { name: "Approve batch", exact: true }).click();
  const confirm = app.page.getByRole("button", { name: /^Confirm/ });
  await sleep(400);
  if ((await confirm.count()) > 0) await confirm.click();
}

async function measure(how: How, launch: (options: LaunchOptions) => Promise<App>): Promise<Effort> {
  const form = formFile();
  const app = await launch({ script: formTask() });
  await startUnder(app, how === "policy" ? FORM_POLICY : null, form.program);
  const begun = performance.now();
  let clicks = 0;
  let attention = 0;
  // One question of the page: between two of them an approved card is gone.
  const armed = app.page
    .getByRole("button", { name: "Approve", exact: true })
    .and(app.page.locator('[aria-disabled="false"]'));
  const batch = app.page.getByRole("button", { name: "Approve batch", exact: true });
  while ((await app.status.textContent()) !== "Claude answered") {
    if (performance.now() - begun > 240_000) throw new Error(`${how}: it did not end`);
    if ((await armed.count()) === 0) {
      await sleep(20);
      continue;
    }
    const since = performance.now();
    const many = how === "batch" && (await batch.count()) > 0;
    await sleep(many ? READ.card + 4 * READ.step : READ.card);
    if (many) await approveBatch(app);
    else await app.approveWaiting();
    clicks += 1;
    attention += performance.now() - since;
    await sleep(100);
  }
  const total = (performance.now() - begun) / 1000;
  expect(form.read()).toBe(FILLED);
  const decisions = (await app.all("decision.made")).filter(({ by }) => by.kind === "operator").length;
  return { how, decisions, clicks, seconds: attention / 1000, total };
}

test("effort", async ({ launch }) => {
  test.setTimeout(600_000);
  const found: Effort[] = [];
  for (const how of ["by hand", "batch", "policy"] as const) found.push(await measure(how, launch));
  console.log(
    `\n| ${STEPS} actions in mousepad | steps decided by the operator | presses | operator seconds | whole task, s |`,
  );
  console.log("| --- | --- | --- | --- | --- |");
  for (const { how, decisions, clicks, seconds, total } of found)
    console.log(`| ${how} | ${decisions} | ${clicks} | ${seconds.toFixed(1)} | ${total.toFixed(1)} |`);
});
