/**
 * Every channel of the window, attacked by a renderer that is not ours any more. The messages are handed to main's own
 * listeners as they would arrive from the window's main frame: a renderer that is taken over whole can send anything.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { oneClick } from "../electron/practice/scenarios.ts";
import { call, type Script, text, turn } from "../electron/practice/script.ts";
import { digestInputOf, digestText } from "../shared/digest.ts";
import { type Channel, REQUESTS } from "../shared/ipc.ts";
import { currentStep, foldSession } from "../shared/session-view.ts";
import { randomBelow } from "../soak/proof.ts";
import { type App, expect, type LaunchOptions, test, textOf } from "./app.ts";
import { FLOOD, malformed, namesSession, wellFormed } from "./fuzz.ts";
import { sessions } from "./record.ts";

const CHANNELS = Object.keys(REQUESTS) as Channel[];
const AT_ONCE = 500;

type Message = readonly [channel: Channel, payload: unknown];
type Answer = { readonly channel: Channel; readonly refused: boolean; readonly said: string };

/** Sends messages as the window's main frame would, many at once; in order of the messages. */
async function send(app: App, messages: readonly Message[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < messages.length; at += AT_ONCE) {
    const some = messages.slice(at, at + AT_ONCE);
    const said = await app.electron.evaluate(async ({ BrowserWindow, ipcMain }, each) => {
      type Handler = (event: unknown, payload: unknown) => Promise<unknown>;
      const { _invokeHandlers: handlers } = ipcMain as unknown as { _invokeHandlers: Map<string, Handler> };
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const event = { sender: contents, senderFrame: contents?.mainFrame };
      return await Promise.all(
        each.map(async ([channel, payload]) => {
          try {
            const answer = (await handlers.get(channel)?.(event, payload)) as { ok?: unknown } | null | undefined;
            return [answer?.ok === false ? "refused" : "answered", JSON.stringify(answer ?? null).slice(0, 200)];
          } catch (error) {
            return ["refused", error instanceof Error ? error.message : String(error)];
          }
        }),
      );
    }, some);
    for (const [i, [verdict, words = ""]] of said.entries())
      answers.push({ channel: some[i]?.[0] ?? "app.info", refused: verdict === "refused", said: words });
  }
  return answers;
}

/** Everything that messages of the window could have changed. */
async function stateOf(app: App) {
  const policies = join(app.dir, "policies");
  const info = await app.page.evaluate(() => window.countersign.info());
  const size = await app.page.evaluate(() => [window.innerWidth, window.innerHeight]);
  return {
    events: (await app.events()).map(({ seq, type }) => `${seq} ${type}`),
    sessions: await sessions(app.dir),
    settings: textOf(join(app.dir, "settings.json")),
    policies: existsSync(policies)
      ? readdirSync(policies).map((file) => `${file} ${textOf(join(policies, file))}`)
      : [],
    flagged: await app.page.evaluate(() => window.countersign.journal.flagged()),
    review: await app.page.evaluate((id) => window.countersign.journal.review(id), await app.session()),
    info,
    size,
  };
}

async function waiting(launch: (options: LaunchOptions) => Promise<App>) {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  return app;
}

test("floods over every channel: malformed, about sessions there are not, asking for files; nothing changed, still alive", async ({
  launch,
}) => {
  test.setTimeout(180_000);
  const app = await waiting(launch);
  await malformedFlood(app);
  await foreignFlood(app);
  await fileFlood(app);
  await app.approve("Left click at 640, 400");
  await app.finish();
  expect(await app.all("decision.made")).toHaveLength(1);
});

/** Each is refused. */
async function malformedFlood(app: App): Promise<void> {
  const below = randomBelow(20261124);
  const pool = [await app.session()];
  const before = await stateOf(app);
  const messages = Array.from({ length: FLOOD }, (_, i): Message => {
    const channel = CHANNELS[i % CHANNELS.length] ?? "app.info";
    return [channel, malformed(channel, pool, below)];
  });
  const answers = await send(app, messages);
  expect(answers.filter(({ refused }) => !refused)).toEqual([]);
  expect(await stateOf(app)).toEqual(before);
}

/** Well-formed, and about sessions there are not. */
async function foreignFlood(app: App): Promise<void> {
  const below = randomBelow(20261125);
  const foreign = ["20200101-00000000", "0198c3f2-7c1a-7000-8000-000000000001"];
  const about = CHANNELS.filter((channel) => namesSession(channel) && !WRITES_FILES.has(channel));
  expect(about.length).toBeGreaterThan(20);
  const before = await stateOf(app);
  const messages = Array.from({ length: FLOOD }, (_, i): Message => {
    const channel = about[i % about.length] ?? "session.close";
    const made = wellFormed(channel, foreign, below);
    if (made === null) throw new Error(`${channel}: the fuzzer's pool has nothing that it accepts`);
    return [channel, made.payload];
  });
  const answers = await send(app, messages);
  const did = answers.filter(({ refused, channel, said }) => !refused && !(READS.has(channel) && isEmpty(said)));
  expect(did).toEqual([]);
  expect(await stateOf(app)).toEqual(before);
}

/** They ask the operator for a file first. */
const WRITES_FILES: ReadonlySet<Channel> = new Set(["journal.export", "journal.report"]);
/** They change nothing, and of a session that is not there they know nothing. */
const READS: ReadonlySet<Channel> = new Set(["session.events", "session.page", "journal.search", "journal.review"]);

function isEmpty(said: string): boolean {
  return ["null", "[]", '{"events":[],"last":0}', '{"notes":[],"flags":[],"kept":false}'].includes(said);
}

/** However many ask the operator for a file, one question is open at a time. */
async function fileFlood(app: App): Promise<void> {
  await app.electron.evaluate(({ dialog }) => {
    const opened = { now: 0, most: 0, all: 0 };
    Object.assign(globalThis, { opened });
    const ask = (async () => {
      opened.all += 1;
      opened.now += 1;
      opened.most = Math.max(opened.most, opened.now);
      await new Promise((resolve) => setTimeout(resolve, 200));
      opened.now -= 1;
      return { canceled: true, filePaths: [], filePath: "" };
    }) as never;
    Object.assign(dialog, { showOpenDialog: ask, showSaveDialog: ask });
  });
  const session = await app.session();
  const policy = { version: 1, name: "x", rules: [] };
  const asks: readonly Message[] = [
    ["journal.import", undefined],
    ["policy.import", undefined],
    ["policy.export", { policy }],
    ["journal.report", { session, steps: null }],
    ["journal.export", { session, steps: null, pictures: true }],
  ];
  await send(
    app,
    Array.from({ length: FLOOD }, (_, i) => asks[i % asks.length] ?? ["app.info", undefined]),
  );
  const opened = await app.electron.evaluate(() => (globalThis as unknown as { opened: { most: number } }).opened);
  expect(opened.most).toBe(1);
  await expect(app.status).toHaveText("Waiting for you");
}

const threeClicks: Script = [
  ...[100, 200, 300].map((x) => turn(call("left_click", { coordinate: [x, 400] }))),
  turn(text("Done.")),
];

test("a flood of replays of decisions that were right once: none counts again", async ({ launch }) => {
  test.setTimeout(180_000);
  const app = await launch({ script: threeClicks });
  await app.start("Do it");
  const replays: Message[] = [];
  for (let step = 0; step < 2; step += 1) {
    await expect.poll(async () => (await app.all("decision.made")).length).toBe(step);
    await app.waits(`Left click at ${100 * (step + 1)}, 400`);
    const view = foldSession(await app.session(), await app.events());
    const proposal = currentStep(view)?.proposal;
    if (!proposal) throw new Error("nothing waits");
    const digest = createHash("sha256")
      .update(digestText(digestInputOf(view.id, proposal)))
      .digest("hex");
    const names = { session: view.id, proposal: proposal.id, rev: proposal.rev, digest };
    replays.push(
      ["session.decide", { ...names, decision: { kind: "approve" } }],
      ["session.decide", { ...names, decision: { kind: "take_over" } }],
      ["session.shown", names],
      ["session.pressed", names],
    );
    await app.approveWaiting();
  }
  await expect.poll(async () => (await app.all("decision.made")).length).toBe(2);
  await app.waits("Left click at 300, 400");
  const before = await app.events();
  const answers = await send(
    app,
    Array.from({ length: FLOOD }, (_, i) => replays[i % replays.length] ?? ["app.info", undefined]),
  );
  expect(answers.filter(({ refused }) => !refused)).toEqual([]);
  const since = (await app.events()).slice(before.length);
  // Refusals are counted, not written one by one.
  expect(since.filter(({ type }) => type !== "decision.refused")).toEqual([]);
  expect(since.length).toBeLessThanOrEqual(replays.length);
  expect(await app.all("decision.made")).toHaveLength(2);
});
