/** The app: builds the parts and joins them. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  app,
  type BrowserWindow,
  clipboard,
  dialog,
  powerMonitor,
  safeStorage,
  session,
  shell,
  systemPreferences,
} from "electron";
import type { AppInfo } from "../../shared/ipc.ts";
import { DEFAULT_MODEL } from "../../shared/model.ts";
import { preferencesProblem } from "../../shared/preferences.ts";
import { desktopProblem } from "../desktop/desktop-problem.ts";
import { thisDesktopProblem } from "../desktop/this-desktop-problem.ts";
import { JournalError } from "../journal/journal.ts";
import type { JournalStore } from "../journal/store.ts";
import { SessionManager } from "../session/manager.ts";
import { EXIT_BAD_FLAGS, lineFor, STOPPED } from "../session/unattended.ts";
import { checkApiKey, checkBaseUrl } from "../settings/api-environment.ts";
import { FlagError, type Flags, parseFlags } from "../settings/flags.ts";
import { KeyRing, type KeyRingParts } from "../settings/key-ring.ts";
import { systemKeychain } from "../settings/keychain.ts";
import { PolicyStore } from "../settings/policies.ts";
import { loadSettings, preferencesOf } from "../settings/settings.ts";
import { takeApiKey } from "../settings/taken-key.ts";
import { isInSight } from "../windows/attention.ts";
import { answerWindow, pushTo } from "../windows/ipc.ts";
import { openMainWindow, refusePermissions } from "../windows/main-window.ts";
import { registerAppScheme, serveApp } from "../windows/protocol.ts";
import { openSystemPage } from "../windows/system-pages.ts";
import { AppSettings, given } from "./app-settings.ts";
import { Away } from "./away.ts";
import { mayClose } from "./closing.ts";
import { debugProblem } from "./debug-ports.ts";
import { fileQuestions } from "./file-questions.ts";
import { lookAround } from "./health.ts";
import { journalHandlers } from "./journal-handlers.ts";
import { keysForWindow } from "./key-handlers.ts";
import { openLog } from "./log.ts";
import { watchMonitors } from "./monitor-list.ts";
import { OperatorSide } from "./operator-side.ts";
import { OwnDesktops } from "./own-desktops.ts";
import { policyHandlers } from "./policy-handlers.ts";
import { clearDesktops, openRecord, settleOpen } from "./record.ts";
import { replayAnswers } from "./replay-answers.ts";
import { startRetention } from "./retention-runner.ts";
import { noSandboxProblem } from "./sandbox.ts";
import { sessionDeps } from "./session-deps.ts";
import { GONE, sessionHandlers } from "./session-handlers.ts";
import { Starter } from "./starter.ts";
import { askAboutKey } from "./way-out.ts";

/**
 * Starts the app.
 * @param argv the flags, without the program's own words
 * @param out the folder `out/`
 */
export function runApp(argv: readonly string[], out: string): void {
  let flags: Flags;
  let baseUrl: string | null;
  let key: string | undefined;
  try {
    // Nothing this process starts may inherit the key.
    key = takeApiKey(process.env);
    flags = parseFlags(argv);
    baseUrl = checkBaseUrl(process.env.ANTHROPIC_BASE_URL);
    checkApiKey(key);
  } catch (error) {
    process.stderr.write(`${error instanceof FlagError || error instanceof Error ? error.message : String(error)}\n`);
    app.exit(EXIT_BAD_FLAGS);
    return;
  }
  const noSandbox = app.commandLine.hasSwitch("no-sandbox");
  const sandboxProblem = noSandboxProblem((name) => app.commandLine.hasSwitch(name), process.getuid?.());
  if (sandboxProblem !== null) {
    process.stderr.write(`${sandboxProblem}\n`);
    app.exit(EXIT_BAD_FLAGS);
    return;
  }
  app.setName("Countersign");
  if (flags.userDataDir !== null) app.setPath("userData", flags.userDataDir);
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write("Countersign is running already with this data folder; its window is shown.\n");
    app.exit(1);
    return;
  }
  registerAppScheme();
  if (!noSandbox) app.enableSandbox();
  // A reader that has gone away (`| head -1`) must not end a session.
  process.stdout.on("error", () => undefined);
  app
    .whenReady()
    .then(() => assemble(flags, { key, baseUrl }, out, noSandbox))
    .catch((error: unknown) => {
      process.stderr.write(`Countersign could not start: ${error instanceof Error ? error.message : String(error)}\n`);
      app.exit(1);
    });
}

async function assemble(
  flags: Flags,
  environment: KeyRingParts["environment"],
  out: string,
  noSandbox: boolean,
): Promise<void> {
  const userData = app.getPath("userData");
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  chmodSync(userData, 0o700);
  const keychain = systemKeychain(safeStorage);
  const ring = new KeyRing({
    dir: userData,
    keychain,
    environment,
    newId: () => randomBytes(6).toString("hex"),
  });
  ring.load();
  // The SDK would add these to every request, the practice session's too; nobody chose them here.
  delete process.env.ANTHROPIC_CUSTOM_HEADERS;
  const log = openLog(userData, () => ring.secrets());
  const settings = new AppSettings(join(userData, "settings.json"), () => infoChanged());
  const startProblem = debugProblem(app.isPackaged, (name) => app.commandLine.hasSwitch(name));
  const problems = [startProblem, ring.problem, ...settings.problems].filter((each) => each !== null);
  let problem = problems.length === 0 ? null : problems.join("\n");
  for (const each of settings.problems) log.warn(each);
  const tellProblem = (words: string) => {
    problem = words;
    log.error(words);
  };

  let store: JournalStore;
  try {
    store = openRecord(userData, keychain);
  } catch (error) {
    const words = error instanceof JournalError ? error.message : String(error);
    process.stderr.write(`${words}\n`);
    if (!flags.exitWhenDone) dialog.showErrorBox("The record can't be opened", words);
    app.exit(1);
    return;
  }
  const desktops = new OwnDesktops(process.env, userData, flags);
  const ended = await clearDesktops(desktops.folder);
  if (ended > 0) log.info(`ended ${ended} processes that an earlier run left behind`);
  const interrupted = settleOpen(store, tellProblem);

  let window: BrowserWindow | null = null;
  let current: string | null = null;
  const contents = () => (window === null || window.isDestroyed() ? null : window.webContents);
  let sight = 0;
  /** What the window was last told of it. */
  let ownDesktopShown: string | null = null;
  const info = (): AppInfo => {
    ownDesktopShown = desktopProblem(process.env);
    return {
      version: app.getVersion(),
      platform: process.platform,
      keys: keys.list(),
      baseUrl: ring.address,
      ownDesktopProblem: ownDesktopShown,
      thisDesktopProblem: thisDesktopProblem(process.env),
      monitors: monitors.now,
      obstacle: operator.ears.obstacle,
      chordRefused: operator.chordRefused,
      current,
      open: manager.open,
      interrupted: [...interrupted],
      problem,
      preferences: preferencesOf(settings.now),
      reasons: settings.now.reasons,
      strip: operator.strip.on,
      sight,
      defaults: { model: DEFAULT_MODEL, programs: ["mousepad"] },
      retention: settings.now.retention,
      privacy: settings.now.privacy,
    };
  };
  /** Whatever the window shows after it has to be painted, and looked at, anew. */
  const lostSight = () => {
    manager.windowGone();
    sight += 1;
    infoChanged();
  };
  const infoChanged = () => pushTo(contents(), "push.info", info());
  const monitors = watchMonitors(process.env, infoChanged);
  const keys = keysForWindow({ ring, ask: askAboutKey, changed: infoChanged });
  const runnerOf = (id: string) => manager.runner(id);
  const icon = join(out, "..", "build", "icons", "256x256.png");
  const operator = new OperatorSide({
    icon,
    env: process.env,
    settings,
    window: () => window,
    manager: () => manager,
    chime: () => pushTo(contents(), "push.chime", null),
    chosen: (session) => pushTo(contents(), "push.chosen", { session }),
    changed: infoChanged,
    warn: (what) => log.warn(what),
  });
  const { ears, shield, strip } = operator;
  const manager: SessionManager = new SessionManager({
    ...sessionDeps({ store, settings, ears, shield, away: () => away, desktops, out, log }),
    publish: (view, events, { exitWhenDone }) => {
      operator.place(view);
      pushTo(contents(), "push.events", { session: view.id, events });
      operator.follow(view, events, contents());
      // What a command line asked for is told there, and nothing of what is started beside it.
      if (!exitWhenDone) return;
      for (const event of events) {
        const line = lineFor(view, event);
        if (line !== null) process.stdout.write(`${line}\n`);
      }
    },
    stream: (id, update) => pushTo(contents(), "push.stream", { session: id, update }),
    onOpen: infoChanged,
    onBroken: (view, error) => {
      operator.closed(view);
      const why = error instanceof Error ? error.message : String(error);
      tellProblem(`Session ${view.id} was stopped because its record can't be written: ${why}`);
      infoChanged();
    },
    app: app.getVersion(),
    startProblem,
  });
  const away = new Away((words, concerns) => manager.pauseAll("away", words, concerns));
  away.watchPower(powerMonitor);

  const starter = new Starter({
    manager,
    flags,
    desktops,
    /** Of the key in use now; a session that began with it goes on with that address, and with keys of that address only. */
    api: () => {
      const { address } = ring;
      const began = ring.current()?.id ?? null;
      return { baseUrl: address, key: () => ring.keyFor(address, began) };
    },
    practiceProgram: app.isPackaged ? [process.execPath] : [process.execPath, app.getAppPath()],
    practiceSwitches: noSandbox ? ["--no-sandbox"] : [],
    onStarted: (id) => {
      current = id;
      infoChanged();
    },
    print: (line) => void process.stdout.write(`${line}\n`),
    exit: (code) => void quit(code),
  });

  const questions = fileQuestions(() => window);
  answerWindow(
    contents,
    {
      "app.info": info,
      "desktop.offer": () => desktops.offer(),
      ...sessionHandlers({
        manager,
        starter,
        store,
        settings,
        ears,
        away,
        interrupted,
        inSight: () => isInSight(window),
        contents,
        changed: infoChanged,
      }),
      ...replayAnswers(store),
      ...policyHandlers({ store, policies: new PolicyStore(userData), runnerOf, questions }),
      ...keys.handlers,
      ...journalHandlers({
        store,
        dir: userData,
        runnerOf,
        questions,
        changeSettings: (change) => settings.change(change),
      }),
      "clipboard.copy": ({ text }) => {
        clipboard.writeText(text);
        return { ok: true };
      },
      "health.check": async () => {
        const items = await lookAround({
          env: process.env,
          platform: process.platform,
          folder: userData,
          preferences: systemPreferences,
          keys: keys.list(),
          sealedKeys: false,
          settingsProblems: loadSettings(settings.file).problems,
          sandboxed: !noSandbox,
          startProblem,
        });
        // What was installed meanwhile counts on the start page, too.
        if (desktopProblem(process.env) !== ownDesktopShown) infoChanged();
        return items;
      },
      "health.open": ({ page }) => openSystemPage(page, process.platform, (address) => shell.openExternal(address)),
      "window.strip": ({ on }) => {
        if (window === null) return GONE;
        strip.set(window, on);
        lostSight();
        return { ok: true };
      },
      "settings.set": (patch) => {
        const change = given(patch);
        const why = preferencesProblem({ ...settings.now, ...change }, change.chords !== undefined && ears.isOpen);
        if (why !== null) return { ok: false, error: why };
        settings.change(change);
        return { ok: true };
      },
    },
    (why) => log.warn(`refused message: ${why}`),
  );

  let quitting = false;
  /** An unattended run that is ended from outside was stopped, whatever came of it. */
  const fromOutside = flags.exitWhenDone ? STOPPED : 0;
  /** Ends every session on record, then the app. */
  async function quit(code: number): Promise<void> {
    if (quitting) return;
    quitting = true;
    await manager.endAll().catch((error: unknown) => log.error(error));
    store.close();
    app.exit(code);
  }
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void quit(fromOutside));
  app.on("before-quit", (event) => {
    if (quitting) return;
    event.preventDefault();
    void quit(fromOutside);
  });
  app.on("window-all-closed", () => void quit(fromOutside));
  // Whatever flags it was given: a second start shows the window, and starts nothing.
  app.on("second-instance", operator.showWindow);

  refusePermissions(session.defaultSession);
  serveApp(session.defaultSession, join(out, "renderer"), (hash) => store.readImage(hash).catch(() => null));
  window = openMainWindow({
    out,
    icon,
    session: session.defaultSession,
    onGone: lostSight,
    mayClose: () => mayClose(manager.runners, window, shield, operator.isInTray),
  });
  window.on("focus", () => operator.attention.seen());
  // A window that is just being taken down says so, too, and Electron ends when it is asked anything then.
  const lost = () => void setImmediate(() => window !== null && !window.isDestroyed() && operator.attention.left());
  window.on("blur", lost);
  window.on("hide", lost);
  window.on("minimize", lost);
  window.on("page-title-updated", (event) => event.preventDefault());
  window.on("closed", () => {
    window = null;
  });
  startRetention({
    store,
    retention: () => settings.now.retention,
    busy: () => quitting || manager.busy,
    onDeleted: (id) => log.info(`deleted session ${id}: past the retention`),
    onTrouble: (error) => log.warn(error),
  });
  await starter.fromFlags();
}
