/**
 * Two marked keys, one from the environment and one entered, through a session with every kind of trouble that could carry
 * one along: afterwards they are in nothing that was written, printed, handed on or told to the window.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { call, httpFault, RESET, type Script, text, thinking, troubled, turn } from "../electron/practice/script.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import { type App, childrenOf, ELECTRON, expect, freshFolder, ROOT, SWITCHES, test, textOf } from "./app.ts";
import { sessions } from "./record.ts";

/** One in the usual form, and one of a gateway's that looks like nothing. */
const FIRST = "sk-ant-api03-MARKEDKEYOFTHEENVIRONMENT-0001";
const SECOND = "zebra.MarkedKeyThatWasEntered.0002";
const KEYS = [FIRST, SECOND] as const;

/** A key as it may stand somewhere: as text, in two bytes a character, in hex, or in base64 at any of three places. */
function formsOf(key: string): readonly Buffer[] {
  const base64 = [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), Buffer.from(key)]).toString("base64");
    // Letters at both ends hold bits of what stands beside it.
    return shifted.slice(offset === 0 ? 0 : offset + 1, -4);
  });
  return [
    Buffer.from(key),
    Buffer.from(key, "utf16le"),
    Buffer.from(key, "utf16le").swap16(),
    Buffer.from(Buffer.from(key).toString("hex")),
    ...base64.map((each) => Buffer.from(each)),
  ];
}

const FORMS = KEYS.map(formsOf);

/** Which of the keys are in these bytes. */
function keysIn(bytes: Uint8Array): readonly string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return KEYS.filter((_, i) => FORMS[i]?.some((form) => buffer.includes(form)));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** Every file that holds a key. */
function foundBelow(folder: string): readonly string[] {
  return filesBelow(folder).flatMap((path) => keysIn(readFileSync(path)).map((key) => `${path}: ${key}`));
}

/** Keeps every message to the window from now on: what is pushed, what handlers answer, what they throw. */
async function keepTold(app: App): Promise<void> {
  await app.electron.evaluate(({ ipcMain, BrowserWindow }) => {
    const kept: string[] = [];
    (globalThis as { toldWindow?: string[] }).toldWindow = kept;
    const keep = (value: unknown) => void kept.push(JSON.stringify(value) ?? "");
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error("there is no window");
    const send = contents.send.bind(contents);
    contents.send = (...message: Parameters<typeof send>) => {
      keep(message);
      send(...message);
    };
    type Handler = (...args: unknown[]) => Promise<unknown>;
    const { _invokeHandlers: handlers } = ipcMain as unknown as { readonly _invokeHandlers: Map<string, Handler> };
    if (handlers.size === 0) throw new Error("there are no handlers to listen to");
    for (const [channel, handler] of handlers) {
      handlers.set(channel, async (...args) => {
        try {
          const answer = await handler(...args);
          keep([channel, answer]);
          return answer;
        } catch (error) {
          keep([channel, String(error), (error as Error).stack]);
          throw error;
        }
      });
    }
  });
}

/** All that the page's own memory holds, as a debugger sees it. */
async function heapOf(app: App): Promise<Buffer> {
  const session = await app.page.context().newCDPSession(app.page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => void chunks.push(chunk));
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return Buffer.from(chunks.join(""));
}

const CLICK = turn(thinking("The button."), call("left_click", { coordinate: [640, 400] }));

function script(): Script {
  return [
    httpFault(401, "authentication_error", `invalid x-api-key: ${FIRST}`),
    // From here on the entered key is in use.
    RESET,
    troubled(CLICK, { kind: "malformed", after: 4 }),
    troubled(CLICK, { kind: "error", after: 4, type: "api_error", message: `Authorization: Bearer ${SECOND}` }),
    httpFault(400, "invalid_request_error", `{"headers":{"x-api-key":"${SECOND}","old":"${FIRST}"}}`),
    CLICK,
    turn(text("Done.")),
  ];
}

/** What the app's own command prints, run as a program without a display. */
async function printed(dir: string, words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const { DISPLAY: _display, ...env } = process.env;
  const args = [ROOT, ...SWITCHES, "journal", ...words, `--user-data-dir=${dir}`];
  return await promisify(execFile)(ELECTRON, args, { env, maxBuffer: 64 * 1024 * 1024 });
}

test("a marked key is in nothing written, printed, handed on or told to the window", async ({ launch }) => {
  test.setTimeout(180_000);
  const server = await startPracticeServer({ script: script(), apiKey: null });
  const app = await launch({ env: { ANTHROPIC_API_KEY: FIRST, ANTHROPIC_BASE_URL: server.url } });
  let output = "";
  for (const stream of [app.electron.process().stdout, app.electron.process().stderr])
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  try {
    await keepTold(app);
    await app.start("Click the button");
    await expect(app.status).toHaveText("Paused", { timeout: 30_000 });

    // The operator enters another key, as they are advised to, and tries again.
    await app.page.getByRole("link", { name: "Settings" }).click();
    await app.page.getByRole("textbox", { name: "API key" }).fill(SECOND);
    await app.page.getByRole("button", { name: "Use this key" }).click();
    await expect(app.page.getByText(/kept in memory only|stored in this system's keychain/).first()).toBeVisible();
    await app.page.getByRole("link", { name: "Gate" }).click();
    await app.page.getByRole("button", { name: "Resume" }).click();
    // Three attempts that fail, then a 400 that pauses.
    await expect.poll(async () => (await app.all("turn.failed")).length, { timeout: 60_000 }).toBe(2);
    await app.page.getByRole("button", { name: "Resume" }).click();
    await app.approve("Left click at 640, 400");
    await app.finish();
    expect((await app.all("api.retrying")).length).toBeGreaterThanOrEqual(3);
    expect(server.requests.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);

    // What the window was told, shows, and has in memory.
    const told = await app.electron.evaluate(() => (globalThis as { toldWindow?: string[] }).toldWindow ?? []);
    expect(told.length).toBeGreaterThan(30);
    expect(told.some((message) => message.includes("turn.failed"))).toBe(true);
    expect(told.filter((message) => keysIn(Buffer.from(message)).length > 0)).toEqual([]);
    const shown = await app.page.evaluate(() => {
      const fields = [...document.querySelectorAll("input, textarea")].map(
        (field) => (field as HTMLInputElement).value,
      );
      return [document.documentElement.outerHTML, ...fields].join("\n");
    });
    expect(keysIn(Buffer.from(shown))).toEqual([]);
    const stores = await app.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(keysIn(Buffer.from(stores))).toEqual([]);
    // What was typed into the page may lie there until it is reloaded; what was not must not be there at all.
    expect(keysIn(await heapOf(app))).not.toContain(FIRST);
    await app.page.reload();
    await expect(app.status).toHaveText(/Finished|Ready/);
    expect(keysIn(await heapOf(app))).toEqual([]);

    // What the processes it started were given: executor, watchdog, desktop, Chromium's own.
    const pid = app.electron.process().pid ?? 0;
    const given = childrenOf(pid, "").filter(
      (each) => keysIn(Buffer.from(textOf(`/proc/${each}/environ`) + textOf(`/proc/${each}/cmdline`))).length > 0,
    );
    expect(given.map((each) => textOf(`/proc/${each}/cmdline`).slice(0, 200))).toEqual([]);

    // What is handed on, and what the commands print.
    const [row] = await sessions(app.dir);
    const id = row?.id ?? "";
    const out = freshFolder();
    const said: string[] = [];
    for (const words of [
      ["list", "--json"],
      ["show", id],
      ["show", id, "--json"],
      ["verify", id],
      ["export", id, join(out, "session.zip")],
      ["report", id, join(out, "session.html")],
    ]) {
      const { stdout, stderr } = await printed(app.dir, words);
      said.push(stdout, stderr);
    }
    expect(keysIn(Buffer.from(said.join("\n")))).toEqual([]);
    expect(filesBelow(out)).toHaveLength(2);
    expect(foundBelow(out)).toEqual([]);

    // The data folder: journal, its log of changes, pictures, settings, logs, Chromium's own files; before and after the end.
    expect(filesBelow(app.dir).some((path) => path.endsWith("journal.db"))).toBe(true);
    expect(foundBelow(app.dir)).toEqual([]);
    await app.close();
    expect(foundBelow(app.dir)).toEqual([]);
    expect(keysIn(Buffer.from(output))).toEqual([]);
  } finally {
    await server.close();
  }
});

test("what looks for the keys finds them", () => {
  for (const [i, key] of KEYS.entries()) {
    for (const form of FORMS[i] ?? [])
      expect(keysIn(Buffer.concat([Buffer.from("x?"), form, Buffer.from("y")]))).toEqual([key]);
    for (const before of ["", "a", "ab"]) {
      const base64 = Buffer.from(`${before}${key}rest`).toString("base64");
      expect(keysIn(Buffer.from(base64))).toEqual([key]);
    }
  }
});
