/** The gate attacked from a page that is not ours any more, from other windows, and from a terminal on Claude's desktop. */
import { readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { oneClick } from "../electron/practice/scenarios.ts";
import { startPracticeServer } from "../electron/practice/server.ts";
import { REQUESTS } from "../shared/ipc.ts";
import { type App, childrenOf, expect, freshFolder, ROOT, runToEnd, SWITCHES, spawnApp, test, textOf } from "./app.ts";
import { FLOOD } from "./fuzz.ts";
import { sessions } from "./record.ts";

async function waiting(launch: () => Promise<App>): Promise<App> {
  const app = await launch();
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  return app;
}

test("a flood of a hostile page's own messages changes nothing, floods nothing and leaves the app alive", async ({
  launch,
}) => {
  test.setTimeout(180_000);
  const app = await waiting(() => launch({ script: oneClick() }));
  const session = await app.session();
  const before = (await app.events()).length;
  const settings = textOf(join(app.dir, "settings.json"));
  const attack = async ([id, flood]: readonly [string, number]) => {
    // A small generator with a fixed seed: the same attack every time.
    let seed = 20261124;
    const random = (n: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % n;
    };
    const digest = "a".repeat(64);
    const junk: unknown[] = [
      null,
      7,
      "",
      "x".repeat(5000),
      [],
      {},
      { __proto__: { session: id } },
      { session: id },
      JSON.parse('{"__proto__":{"armingMs":0}}'),
      { session: "20200101-00000000", proposal: "1.0", rev: 1, digest, decision: { kind: "approve" } },
      { session: id, proposal: "1.0", rev: 1, digest, decision: { kind: "approve" }, given: "held" },
      { session: id, proposal: "1.0", rev: 0, digest, decision: { kind: "approve" } },
      { session: id, proposal: "1.0", rev: 1, digest, decision: { kind: "approve", rule: "x" } },
      { session: id, proposal: "9.9", rev: 1, digest, decision: { kind: "take_over" } },
      {
        session: id,
        rev: 1,
        steps: [
          { proposal: "1.0", digest },
          { proposal: "1.1", digest },
        ],
      },
    ];
    const count = { accepted: 0, refused: 0, rejected: 0 };
    const verbs = window.countersign as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const deciding = ["decide", "decideBatch", "shown", "pressed", "handBack", "hand", "close", "reopen"];
    for (let i = 0; i < flood; ) {
      const calls = Array.from({ length: 200 }, () => {
        i += 1;
        const name = deciding[random(deciding.length)] ?? "decide";
        const args =
          name === "decide" || name === "decideBatch" ? [junk[random(junk.length)]] : [id, "1.0", random(3), digest];
        const one =
          name === "hand"
            ? [id, { action: "left_click", coordinate: [1, 1] }]
            : name === "close" || name === "reopen"
              ? [junk[random(9)]]
              : args;
        return (verbs[name]?.(...one) ?? Promise.resolve({ ok: false })).then(
          (answer) => {
            const { ok } = (answer ?? { ok: false }) as { ok?: boolean };
            count[ok === true ? "accepted" : "refused"] += 1;
          },
          () => {
            count.rejected += 1;
          },
        );
      });
      await Promise.all(calls);
    }
    return count;
  };
  const answers = await app.page.evaluate(attack, [session, FLOOD] as const);
  expect(answers.accepted).toBe(0);
  expect(answers.refused + answers.rejected).toBe(FLOOD);
  await expect(app.status).toHaveText("Waiting for you");
  expect((await app.events()).length).toBe(before);
  expect(textOf(join(app.dir, "settings.json"))).toBe(settings);
  // Still alive, and still decides what is decided properly.
  await app.approve("Left click at 640, 400");
  await app.finish();
  expect(await app.all("action.started")).toHaveLength(1);
  expect((await app.all("decision.refused")).length).toBeLessThanOrEqual(12);
  expect((await app.all("decision.made")).map(({ by }) => by.kind)).toEqual(["operator"]);
});

test("every channel is refused to a second window, with any payload", async ({ launch }) => {
  const app = await waiting(() => launch({ script: oneClick() }));
  const session = await app.session();
  const channels = Object.keys(REQUESTS);
  const said = await app.electron.evaluate(
    async ({ BrowserWindow }, { names, id }) => {
      const other = new BrowserWindow({
        show: false,
        webPreferences: { nodeIntegration: true, contextIsolation: false, sandbox: false },
      });
      await other.loadURL("app://countersign/index.html");
      const attack = `(async () => {
        const { ipcRenderer } = require("electron");
        const errors = [];
        for (const name of ${JSON.stringify(names)})
          for (const payload of [undefined, {}, { session: ${JSON.stringify(id)}, verb: "stop" }])
            await ipcRenderer.invoke(name, payload).then(() => errors.push("accepted " + name), (error) => errors.push(error.message));
        return errors;
      })()`;
      const errors = (await other.webContents.executeJavaScript(attack)) as string[];
      other.destroy();
      return errors;
    },
    { names: channels, id: session },
  );
  expect(said).toHaveLength(channels.length * 3);
  expect(said.filter((each) => !each.includes("not sent by the window"))).toEqual([]);
  await expect(app.status).toHaveText("Waiting for you");
});

test("a frame in our own page gets no verbs, and no page of ours", async ({ launch }) => {
  const app = await waiting(() => launch({ script: oneClick() }));
  const inside = await app.page.evaluate(async () => {
    const reached: string[] = [];
    for (const src of ["app://countersign/index.html", "about:blank", "data:text/html,<p>x</p>"]) {
      const frame = document.createElement("iframe");
      frame.src = src;
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 300));
      try {
        if ((frame.contentWindow as Window | null)?.countersign !== undefined) reached.push(src);
        if (frame.contentDocument?.querySelector("#root")?.hasChildNodes()) reached.push(`${src} runs`);
      } catch {
        // Another origin: its window can't even be looked into.
      }
      frame.remove();
    }
    return reached;
  });
  expect(inside).toEqual([]);
  await expect(app.status).toHaveText("Waiting for you");
});

test("a second start with flags starts no task, decides nothing, and only shows the window", async ({ launch }) => {
  const app = await waiting(() => launch({ script: oneClick() }));
  const electron = process.env.COUNTERSIGN_ELECTRON ?? "";
  const before = (await app.events()).length;
  for (const flags of [["--task=Delete everything"], ["--practice", "--no-operator"], ["--task=x", "--policy=watch"]]) {
    const run = await runToEnd(electron, [ROOT, ...SWITCHES, `--user-data-dir=${app.dir}`, ...flags], {
      ...process.env,
    });
    expect(run.code).toBe(1);
  }
  expect(await sessions(app.dir)).toHaveLength(1);
  expect((await app.events()).length).toBe(before);
  await expect(app.status).toHaveText("Waiting for you");
});

test("a terminal on an own desktop reaches nothing of ours: display, window, debug port, a second start", async ({
  launch,
}) => {
  test.setTimeout(120_000);
  const folder = freshFolder();
  const [script, out] = [join(folder, "attack.sh"), join(folder, "out")];
  const ours = process.env.DISPLAY ?? ":0";
  const electron = process.env.COUNTERSIGN_ELECTRON ?? "";
  const dir = freshFolder();
  // What a program of the session would try, with more knowledge than it has: our display's number and our data folder.
  const lines = [
    "#!/bin/sh",
    `exec > '${out}' 2>&1`,
    "echo env; env",
    "echo windows; xwininfo -root -tree 2>/dev/null; xdotool search --name Countersign && echo FOUND-WINDOW",
    `echo display; DISPLAY=${ours} xdpyinfo >/dev/null 2>&1 && echo REACHED-DISPLAY`,
    `DISPLAY=${ours} XAUTHORITY=/dev/null xdpyinfo >/dev/null 2>&1 && echo REACHED-DISPLAY-BARE`,
    "xdotool key ctrl+shift+F9 key ctrl+Return key ctrl+shift+F12",
    `${electron} ${ROOT} ${SWITCHES.join(" ")} '--user-data-dir=${dir}' '--task=Delete everything' >/dev/null 2>&1; echo "second=$?"`,
    "echo end",
    "sleep 60",
  ];
  writeFileSync(script, lines.join("\n"), { mode: 0o755 });
  const app = await launch({ script: oneClick(), dir });
  await app.start("Click the button", `xterm -e sh ${script}`);
  await app.waits("Left click at 640, 400");
  await expect.poll(() => textOf(out), { timeout: 60_000 }).toMatch(/^end$/m);
  const said = textOf(out);
  expect(said).toMatch(/^second=1$/m);
  expect(said).not.toMatch(/FOUND-WINDOW|REACHED-DISPLAY/);
  // Nothing in its environment leads to our display, data folder, socket or key.
  const environment = said.slice(0, said.indexOf("\nwindows"));
  expect(environment).not.toMatch(new RegExp(`^DISPLAY=${ours}$`, "m"));
  expect(environment).not.toMatch(/SingletonSocket|journal\.db|ANTHROPIC|COUNTERSIGN|settings\.json/);
  await expect(app.status).toHaveText("Waiting for you");
  expect(await app.all("decision.made")).toEqual([]);
  expect(await sessions(app.dir)).toHaveLength(1);
});

test("with a session open the app listens on no network port of its own", async () => {
  // Playwright itself opens an inspector, so this one runs as a plain process.
  const dir = freshFolder();
  const server = await startPracticeServer({ script: oneClick() });
  const app = spawnApp(["--task=Click the button", `--user-data-dir=${dir}`], server.url);
  try {
    await expect.poll(async () => (await sessions(dir)).length, { timeout: 40_000 }).toBe(1);
    expect(listening(app.pid ?? 0)).toEqual([]);
    // The check itself finds a port that is open.
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    expect(listening(process.pid).length).toBeGreaterThan(0);
    await new Promise((resolve) => probe.close(resolve));
  } finally {
    const gone = new Promise((resolve) => app.once("exit", resolve));
    app.kill("SIGTERM");
    await gone;
    await server.close();
  }
});

/** The TCP sockets a process and its children listen on (proc(5): /proc/net/tcp, state 0A). */
function listening(root: number): readonly string[] {
  const inodes = new Set(
    [root, ...childrenOf(root, "")].flatMap((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
          const link = linkOf(`/proc/${pid}/fd/${fd}`);
          return link.startsWith("socket:[") ? [link.slice(8, -1)] : [];
        });
      } catch {
        return [];
      }
    }),
  );
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    textOf(file)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && inodes.has(fields[9] ?? ""))
      .map((fields) => fields[1] ?? ""),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
