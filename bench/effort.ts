/**
 * What a form of 20 actions in mousepad costs the operator: decisions, and seconds of attention, by hand, with batch
 * approval, and under the policy of docs/POLICY.md. The real app, real programs, a scripted Claude. The operator is a
 * model, the same for all three: so long to read a card, so long more for each further step of a storyboard.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { _electron } from "@playwright/test";
import { App, freshFolder, ROOT } from "../e2e/app.ts";
import { FILLED, FORM_POLICY, formFile, formTask, startUnder } from "../e2e/under-policy.ts";
import { startTestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { PRACTICE_API_KEY, startPracticeServer } from "../electron/practice/server.ts";

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

async function measure(how: How, env: Record<string, string>): Promise<Effort> {
  const server = await startPracticeServer({ script: formTask() });
  const form = formFile();
  const dir = freshFolder();
  const switches = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const electron = await _electron.launch({
    executablePath: process.execPath,
    args: [ROOT, ...switches, `--user-data-dir=${dir}`],
    env: { ...env, ANTHROPIC_API_KEY: PRACTICE_API_KEY, ANTHROPIC_BASE_URL: server.url },
  });
  const app = new App(electron, await electron.firstWindow(), dir, server);
  try {
    await startUnder(app, how === "policy" ? FORM_POLICY : null, form.program);
    const begun = performance.now();
    let clicks = 0;
    let attention = 0;
    const approve = app.page.getByRole("button", { name: "Approve", exact: true });
    const batch = app.page.getByRole("button", { name: "Approve batch", exact: true });
    while ((await app.status.textContent()) !== "Claude answered") {
      if (performance.now() - begun > 240_000) throw new Error(`${how}: it did not end`);
      const waits = (await approve.count()) > 0 && (await approve.getAttribute("aria-disabled")) !== "true";
      if (!waits) {
        await sleep(20);
        continue;
      }
      const since = performance.now();
      const many = how === "batch" && (await batch.count()) > 0;
      await sleep(many ? READ.card + 4 * READ.step : READ.card);
      if (many) await batch.click();
      else await app.page.keyboard.press("Control+Enter");
      clicks += 1;
      attention += performance.now() - since;
      await sleep(100);
    }
    const total = (performance.now() - begun) / 1000;
    if (form.read() !== FILLED) throw new Error(`${how}: the form is not filled in: ${JSON.stringify(form.read())}`);
    const decisions = (await app.all("decision.made")).filter(({ by }) => by.kind === "operator").length;
    return { how, decisions, clicks, seconds: attention / 1000, total };
  } finally {
    await app.close();
  }
}

const desktop = await startTestDesktop();
try {
  const base = Object.entries(process.env).filter((each): each is [string, string] => each[1] !== undefined);
  const env: Record<string, string> = {
    ...Object.fromEntries(base),
    DISPLAY: desktop.display,
    XAUTHORITY: desktop.authority,
  };
  delete env.ELECTRON_RUN_AS_NODE;
  const found: Effort[] = [];
  for (const how of ["by hand", "batch", "policy"] as const) found.push(await measure(how, env));
  console.log(
    `\n| ${STEPS} actions in mousepad | steps decided by the operator | presses | operator seconds | whole task, s |`,
  );
  console.log("| --- | --- | --- | --- | --- |");
  for (const { how, decisions, clicks, seconds, total } of found)
    console.log(`| ${how} | ${decisions} | ${clicks} | ${seconds.toFixed(1)} | ${total.toFixed(1)} |`);
} finally {
  await desktop.close();
}
process.exit(0);
