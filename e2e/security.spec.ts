/** Electron's own security checklist, item by item, asked of the running app. docs/SECURITY.md lists item and test. */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { answerOnly, oneClick } from "../electron/practice/scenarios.ts";
import { childrenOf, ELECTRON, expect, freshFolder, ROOT, runToEnd, SWITCHES, test, textOf } from "./app.ts";

const PAGE = "app://countersign/index.html";

test("the window is sandboxed and isolated, has no Node, and nothing of Chromium's safety is switched off", async ({
  launch,
}) => {
  const app = await launch({ script: answerOnly() });
  const preferences = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      // Not in Electron's types; what Chromium was given.
      const { webContents } = window as unknown as {
        webContents: { getLastWebPreferences(): Record<string, unknown>; getURL(): string };
      };
      return { ...webContents.getLastWebPreferences(), url: webContents.getURL() } as Record<string, unknown>;
    }),
  );
  const [given = {}] = preferences;
  expect(preferences).toHaveLength(1);
  expect(given).toMatchObject({
    url: PAGE,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  expect(given.webSecurity ?? true).toBe(true);
  const off = [
    "allowRunningInsecureContent",
    "experimentalFeatures",
    "nodeIntegrationInWorker",
    "nodeIntegrationInSubFrames",
    "enableBlinkFeatures",
  ];
  for (const name of off) expect([name, Boolean(given[name])]).toEqual([name, false]);
  const inside = await app.page.evaluate(() => {
    const names = ["process", "require", "module", "Buffer", "global", "ipcRenderer", "electron"];
    return names.filter((name) => name in globalThis);
  });
  expect(inside).toEqual([]);
});

test("everything the page is made of comes from app://, under a policy without unsafe-*", async ({ launch }) => {
  const app = await launch({ script: answerOnly() });
  const policy = await app.electron.evaluate(async ({ session }, page) => {
    const response = await session.defaultSession.fetch(page);
    return response.headers.get("content-security-policy") ?? "";
  }, PAGE);
  const directives = new Map(
    policy.split(";").map((part) => {
      const [name = "", ...sources] = part.trim().split(/\s+/);
      return [name, sources] as const;
    }),
  );
  expect(directives.get("default-src")).toEqual(["'none'"]);
  expect(directives.get("script-src")).toEqual(["'self'"]);
  for (const [name, sources] of directives)
    for (const source of sources)
      expect([name, source]).toEqual([name, expect.stringMatching(/^('self'|'none'|data:|'nonce-[\w+/=]+')$/)]);
  expect(directives.get("script-src")).not.toContain("data:");
  const loaded = await app.page.evaluate(() =>
    [location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)].filter(
      (name) => !name.startsWith("app://countersign/") && !name.startsWith("data:"),
    ),
  );
  expect(loaded).toEqual([]);
  const ran = await app.page.evaluate(async () => {
    const did: string[] = [];
    // From a timer: what a debugger evaluates itself is let through.
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        try {
          if (new Function("return 1")() === 1) did.push("new Function");
        } catch {
          // Refused, as it should be.
        }
        resolve();
      });
    });
    const inline = document.createElement("script");
    inline.textContent = "document.body.dataset.ran = 'inline'";
    document.body.append(inline);
    const remote = document.createElement("script");
    remote.src = "data:text/javascript,document.body.dataset.ran='data'";
    const over = new Promise((resolve) => {
      remote.onload = resolve;
      remote.onerror = resolve;
    });
    document.body.append(remote);
    await over;
    return [...did, ...(document.body.dataset.ran === undefined ? [] : [document.body.dataset.ran])];
  });
  expect(ran).toEqual([]);
});

test("files of the machine and paths out of the app's folder can't be had", async ({ launch }) => {
  const app = await launch({ script: answerOnly() });
  const answers = await app.electron.evaluate(async ({ session }) => {
    const addresses = [
      "app://countersign/../main/main.js",
      "app://countersign/%2e%2e/main/main.js",
      "app://countersign/..%2fmain%2fmain.js",
      "app://countersign/..%5cmain%5cmain.js",
      "app://countersign//etc/passwd",
      "app://countersign/%2fetc%2fpasswd",
      "app://countersign/index.html%00.js",
      "app://countersign/%zz",
      "app://other/index.html",
      `app://countersign/blob/${"0".repeat(64)}`,
      "app://countersign/blob/../journal.db",
    ];
    const got: [string, number][] = [];
    for (const address of addresses) {
      const status = await session.defaultSession.fetch(address).then(
        (response) => response.status,
        () => 0,
      );
      got.push([address, status]);
    }
    return got;
  });
  expect(answers.filter(([, status]) => status === 200)).toEqual([]);
  const reached = await app.page.evaluate(async () => {
    const frame = document.createElement("iframe");
    frame.src = "file:///etc/passwd";
    document.body.append(frame);
    const file = await fetch("file:///etc/passwd").then(
      () => true,
      () => false,
    );
    return [file, frame.contentDocument?.body?.textContent ?? ""];
  });
  expect(reached).toEqual([false, ""]);
});

test("the page can't be led elsewhere, opens no window and attaches no webview", async ({ launch }) => {
  const app = await launch({ script: answerOnly() });
  const addresses = [
    "https://example.com/",
    "file:///etc/passwd",
    "data:text/html,<p>x",
    "app://other/",
    "javascript:document.title='led'",
    "about:blank",
  ];
  await expect(app.page.getByRole("navigation", { name: "Views" })).toBeVisible();
  for (const address of addresses) {
    await app.page.evaluate((to) => {
      const link = document.createElement("a");
      link.href = to;
      document.body.append(link);
      link.click();
      link.target = "_blank";
      link.click();
      link.remove();
      const form = document.createElement("form");
      form.action = to;
      document.body.append(form);
      form.submit();
      form.remove();
    }, address);
    // Chromium asks nobody before about:blank: the page is back at once, and what it showed is no longer waited on.
    const shown = () => app.page.evaluate(() => [location.href, document.querySelector("nav") !== null]);
    await expect.poll(() => shown().catch(() => [address])).toEqual([PAGE, true]);
  }
  const inside = await app.page.evaluate(() => {
    const view = document.createElement("webview");
    view.setAttribute("src", "https://example.com/");
    document.body.append(view);
    return { opened: window.open("about:blank") !== null, isView: "getWebContentsId" in view };
  });
  expect(inside).toEqual({ opened: false, isView: false });
  expect([app.page.url(), await app.page.title()]).toEqual([PAGE, "Countersign"]);
  expect(await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test("every permission is refused", async ({ launch }) => {
  const app = await launch({ script: answerOnly() });
  const got = await app.page.evaluate(async () => {
    const given: string[] = [];
    const asked = async (name: string, ask: () => Promise<unknown>) => {
      try {
        const answer = await ask();
        if (answer !== undefined && answer !== "denied") given.push(`${name}: ${String(answer)}`);
      } catch {
        // Refused.
      }
    };
    const names = ["geolocation", "notifications", "camera", "microphone", "midi", "clipboard-read", "storage-access"];
    for (const name of names)
      await asked(name, async () => (await navigator.permissions.query({ name: name as PermissionName })).state);
    await asked("getUserMedia", () => navigator.mediaDevices.getUserMedia({ audio: true, video: true }));
    await asked("getDisplayMedia", () => navigator.mediaDevices.getDisplayMedia());
    await asked("Notification", () => Notification.requestPermission());
    await asked("clipboard", () => navigator.clipboard.readText());
    await asked(
      "position",
      () => new Promise((done, fail) => navigator.geolocation.getCurrentPosition(() => done("here"), fail)),
    );
    return given;
  });
  expect(got).toEqual([]);
});

test("no address of Claude's or of the page ever reaches the system: one caller, with fixed addresses", async ({
  launch,
}) => {
  const files = readdirSync(join(ROOT, "electron"), { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$/.test(name));
  const callers = files.filter((name) =>
    /openExternal|openPath/.test(readFileSync(join(ROOT, "electron", name), "utf8")),
  );
  expect(callers).toEqual([join("main", "app.ts")]);
  const app = await launch({ script: answerOnly() });
  const said = await app.page.evaluate(async () => {
    const answers: string[] = [];
    for (const page of [
      "https://example.com",
      "file:///etc/passwd",
      "x-apple.systempreferences:",
      "",
      null,
      "constructor",
    ])
      await window.countersign.health.open(page as never).then(
        () => answers.push("accepted"),
        (error: Error) => answers.push(error.message),
      );
    return answers;
  });
  expect(said.filter((each) => !each.includes("page: "))).toEqual([]);
});

test("deep links are refused: no scheme is ours, and an address as an argument starts nothing", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  const schemes = ["countersign", "app", "http", "https"];
  expect(
    await app.electron.evaluate(
      ({ app: it }, names) => names.filter((name) => it.isDefaultProtocolClient(name)),
      schemes,
    ),
  ).toEqual([]);
  expect(textOf(join(ROOT, "electron-builder.yml"))).not.toMatch(/^\s*(protocols|fileAssociations)\s*:/m);
  for (const link of ["countersign://start?task=x", "app://countersign/index.html", "https://example.com"]) {
    const run = await runToEnd(ELECTRON, [ROOT, ...SWITCHES, `--user-data-dir=${app.dir}`, link], { ...process.env });
    expect([link, run.code]).toEqual([link, 6]);
  }
  await expect(app.status).toHaveText("Waiting for you");
  expect(await app.all("decision.made")).toEqual([]);
});

test("without the sandbox nobody but root starts it, whatever the environment says", () => {
  test.skip(process.getuid?.() !== 0, "only root can become somebody else");
  const nobody = { uid: 65534, gid: 65534 };
  const readable = spawnSync("test", ["-x", ELECTRON, "-a", "-r", join(ROOT, "out", "main", "main.js")], nobody);
  test.skip(readable.status !== 0, "this clone can't be read by anybody else");
  const home = execFileSync("mktemp", ["-d", "/tmp/countersign-nobody-XXXXXX"], { encoding: "utf8", ...nobody }).trim();
  const { DISPLAY: _display, ...env } = process.env;
  const run = spawnSync(ELECTRON, [ROOT, "--no-sandbox", "--health", `--user-data-dir=${home}`], {
    env: { ...env, HOME: home, COUNTERSIGN_NO_SANDBOX: "1" },
    encoding: "utf8",
    ...nobody,
  });
  expect([run.status, run.stderr]).toEqual([6, expect.stringContaining("--no-sandbox: works only as uid 0")]);
});

test("nothing goes out but to the API: no telemetry, no crash upload, in a whole session", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  const file = join(freshFolder(), "net.json");
  await app.electron.evaluate(async ({ netLog }, path) => await netLog.startLogging(path), file);
  const api = new URL(app.server?.url ?? "");
  const peers = new Set<string>();
  const pid = app.electron.process().pid ?? 0;
  const look = () => {
    for (const peer of peersOf(pid)) peers.add(peer);
  };
  const watching = setInterval(look, 50);
  await app.start("Click the button", "mousepad");
  await app.approve("Left click at 640, 400");
  await app.finish();
  clearInterval(watching);
  look();
  await app.electron.evaluate(async ({ netLog }) => await netLog.stopLogging());
  // Chromium's own requests, whoever made them.
  const urls = [...readFileSync(file, "utf8").matchAll(/"url":"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(urls.filter((url) => !/^(app|data|blob|chrome|devtools|chrome-extension):/.test(url))).toEqual([]);
  // What main and its processes were connected to: the API's server, and Playwright's own inspector.
  const foreign = [...peers].filter((peer) => !peer.startsWith("127.0.0.1:") && !peer.startsWith("::1:"));
  expect(foreign).toEqual([]);
  expect([...peers]).toContain(`127.0.0.1:${api.port}`);
  const crash = await app.electron.evaluate(({ crashReporter }) => {
    try {
      return crashReporter.getUploadToServer();
    } catch {
      return false;
    }
  });
  expect(crash).toBe(false);
  const started = readdirSync(join(ROOT, "electron"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ts") && /crashReporter|autoUpdater/.test(textOf(join(ROOT, "electron", name))));
  expect(started).toEqual([]);
});

/** The far ends of a process's and its children's TCP connections (proc(5): /proc/net/tcp). */
function peersOf(root: number): readonly string[] {
  const inodes = new Set(
    [root, ...childrenOf(root, ROOT)].flatMap((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return [];
      }
    }),
  );
  return textOf("/proc/net/tcp")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => inodes.has(`socket:[${fields[9]}]`) && fields[2] !== "00000000:0000")
    .map((fields) => addressOf(fields[2] ?? ""));
}

/** `0100007F:1F90` is 127.0.0.1:8080. */
function addressOf(hex: string): string {
  const [address = "", port = ""] = hex.split(":");
  const bytes = address.match(/../g)?.reverse() ?? [];
  return `${bytes.map((byte) => Number.parseInt(byte, 16)).join(".")}:${Number.parseInt(port, 16)}`;
}
