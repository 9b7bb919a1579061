/** The app: builds the parts and joins them. */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  nativeTheme,
  powerMonitor,
  safeStorage,
  session,
  shell,
  systemPreferences,
} from "electron";
import type { AppInfo } from "../../shared/ipc.ts";
import type { KeyCheck } from "../../shared/ipc-keys.ts";
import { DEFAULT_MODEL } from "../../shared/model.ts";
import { type PreferencesPatch, preferencesProblem } from "../../shared/preferences.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { checkKey } from "../claude/check-key.ts";
import { type ConversationDeps, createConversation, restoreConversation } from "../claude/conversation.ts";
import { proxyFetch, proxyShown } from "../claude/proxy-fetch.ts";
import { systemPrompt } from "../claude/system-prompt.ts";
import { hasTrayHost } from "../computer/bus/tray-host.ts";
import { openDesktopLink } from "../computer/desktop-link.ts";
import { ShieldedComputer } from "../computer/shielded-computer.ts";
import { desktopProblem } from "../desktop/desktop-problem.ts";
import { endLeftovers, readRecords } from "../desktop/leftovers.ts";
import { claimThisDesktop, displayOf } from "../desktop/this-desktop.ts";
import { thisDesktopProblem } from "../desktop/this-desktop-problem.ts";
import { JournalError } from "../journal/journal.ts";
import { newPrivateKey, signerOf } from "../journal/signer.ts";
import { type JournalStore, openStore } from "../journal/store.ts";
import { type Api, SessionManager } from "../session/manager.ts";
import { closeInterrupted, settleInterrupted } from "../session/resume.ts";
import { EXIT_BAD_FLAGS, lineFor, STOPPED } from "../session/unattended.ts";
import { windowWanted } from "../session/window-wanted.ts";
import { checkApiKey, checkBaseUrl } from "../settings/api-environment.ts";
import { FlagError, type Flags, parseFlags } from "../settings/flags.ts";
import { KeyRing, type KeyRingParts } from "../settings/key-ring.ts";
import { systemKeychain } from "../settings/keychain.ts";
import { PolicyStore } from "../settings/policies.ts";
import {
  loadSettings,
  preferencesOf,
  type Settings,
  saveSettings,
  setAside,
  withReason,
} from "../settings/settings.ts";
import { loadSigningKey } from "../settings/signing-key.ts";
import { takeApiKey } from "../settings/taken-key.ts";
import { Attention, isInFront, isInSight } from "../windows/attention.ts";
import { DesktopMarks, notify } from "../windows/desktop-marks.ts";
import { answerWindow, pushTo } from "../windows/ipc.ts";
import { openMainWindow, refusePermissions } from "../windows/main-window.ts";
import { PictureMemory } from "../windows/picture-memory.ts";
import { registerAppScheme, serveApp } from "../windows/protocol.ts";
import { Strip } from "../windows/strip.ts";
import { openSystemPage } from "../windows/system-pages.ts";
import { WindowShield } from "../windows/window-shield.ts";
import { Away, whileThere } from "./away.ts";
import { mayClose } from "./closing.ts";
import { debugProblem } from "./debug-ports.ts";
import { startExecutor } from "./executor.ts";
import { fileQuestions } from "./file-questions.ts";
import { lookAround } from "./health.ts";
import { journalHandlers } from "./journal-handlers.ts";
import { keysForWindow } from "./key-handlers.ts";
import { showLive } from "./live.ts";
import { openLog } from "./log.ts";
import { watchMonitors } from "./monitor-list.ts";
import { OperatorEars } from "./operator-ears.ts";
import { OwnDesktops } from "./own-desktops.ts";
import { policyHandlers } from "./policy-handlers.ts";
import { replayAnswers } from "./replay-answers.ts";
import { startRetention } from "./retention-runner.ts";
import { noSandboxProblem } from "./sandbox.ts";
import { Starter } from "./starter.ts";
import { watchAway } from "./watch-away.ts";

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
  const settingsFile = join(userData, "settings.json");
  const loaded = loadSettings(settingsFile);
  let { settings } = loaded;
  let unread = loaded.problems.length > 0;
  const startProblem = debugProblem(app.isPackaged, (name) => app.commandLine.hasSwitch(name));
  const problems = [startProblem, ring.problem, ...loaded.problems].filter((each) => each !== null);
  let problem = problems.length === 0 ? null : problems.join("\n");
  for (const each of loaded.problems) log.warn(each);

  const signingKey = loadSigningKey(join(userData, "signing-key.bin"), keychain, newPrivateKey);

  let store: JournalStore;
  try {
    store = openStore(userData, { signer: signingKey === null ? null : signerOf(signingKey) });
  } catch (error) {
    const words = error instanceof JournalError ? error.message : String(error);
    process.stderr.write(`${words}\n`);
    if (!flags.exitWhenDone) dialog.showErrorBox("The record can't be opened", words);
    app.exit(1);
    return;
  }

  const ownDesktops = new OwnDesktops(process.env, userData, flags);
  const desktops = ownDesktops.folder;
  const left = await readRecords(desktops);
  const ended = await endLeftovers(left);
  if (ended.length > 0) log.info(`ended ${ended.length} processes that an earlier run left behind`);
  rmSync(desktops, { recursive: true, force: true });
  for (const row of store.openSessions()) {
    try {
      settleInterrupted(store.reopenSession(row.id, Date.now), store.events(row.id));
    } catch (error) {
      problem = `The interrupted session ${row.id} could not be read: ${error instanceof Error ? error.message : String(error)}`;
      log.error(problem);
    }
  }

  const interrupted = new Set(store.openSessions().map((row) => row.id));
  let window: BrowserWindow | null = null;
  let current: string | null = null;
  const contents = () => (window === null || window.isDestroyed() ? null : window.webContents);
  let sight = 0;
  /** What the window was last told of it. */
  let ownDesktopShown: string | null = null;
  const info = (): AppInfo => {
    ownDesktopShown = desktopProblem(process.env);
    return infoNow(ownDesktopShown);
  };
  const infoNow = (ownDesktopProblem: string | null): AppInfo => ({
    version: app.getVersion(),
    platform: process.platform,
    keys: keys.list(),
    baseUrl: ring.address,
    ownDesktopProblem,
    thisDesktopProblem: thisDesktopProblem(process.env),
    monitors: monitors.now,
    obstacle: ears.obstacle,
    chordRefused,
    current,
    interrupted: [...interrupted],
    problem,
    preferences: preferencesOf(settings),
    reasons: settings.reasons,
    strip: strip.on,
    sight,
    defaults: { model: DEFAULT_MODEL, programs: ["mousepad"] },
    retention: settings.retention,
    privacy: settings.privacy,
  });
  const monitors = watchMonitors(process.env, () => infoChanged());
  const infoChanged = () => pushTo(contents(), "push.info", info());
  const keys = keysForWindow({ ring, ask: askAboutKey, changed: infoChanged });
  const applyTheme = () => {
    nativeTheme.themeSource = settings.theme === "auto" ? "system" : settings.theme;
  };
  applyTheme();
  const changeSettings = (change: Partial<Settings>) => {
    settings = { ...settings, ...change };
    if (unread) setAside(settingsFile);
    unread = false;
    saveSettings(settingsFile, settings);
    applyTheme();
    infoChanged();
  };

  /** Whatever the window shows after it has to be painted, and looked at, anew. */
  const lostSight = () => {
    manager.windowGone();
    sight += 1;
    infoChanged();
  };
  const showWindow = () => {
    // It may not come up over what Claude looks at: a pause brings it.
    if (shield.down) {
      if (current !== null) manager.runner(current)?.pause();
      return;
    }
    if (window?.isMinimized()) window.restore();
    window?.show();
    window?.focus();
  };
  const { DBUS_SESSION_BUS_ADDRESS: sessionBus = null } = process.env;
  const hasTray = async () => process.platform !== "linux" || (await hasTrayHost(sessionBus, displayOf(process.env)));
  /** A session on this desktop: Claude could click an icon that an earlier one left in the tray. */
  const isHere = () => current !== null && manager.runner(current)?.view.config?.where.kind === "this";
  const icon = join(out, "..", "build", "icons", "256x256.png");
  const marks = new DesktopMarks(
    () => window,
    {
      show: () => !isHere() && showWindow(),
      pause: () => !isHere() && current !== null && manager.runner(current)?.pause(),
    },
    hasTray,
    icon,
  );
  const attention = new Attention({
    inFront: () => isInFront(window),
    wants: () => settings,
    notify,
    chime: () => pushTo(contents(), "push.chime", null),
    show: showWindow,
    mark: (waits) => marks.mark(waits),
    tray: (open) => (open ? void marks.openTray() : marks.closeTray()),
  });
  const strip = new Strip();
  const pictureMemory = new PictureMemory();
  const shield = new WindowShield(() => BrowserWindow.getAllWindows());
  let chordRefused: string | null = null;
  const runner = () => (current === null ? null : manager.runner(current));
  const ears = new OperatorEars({
    env: process.env,
    shortcuts: globalShortcut,
    anyInput: () => settings.anyInput,
    chords: () => settings.chords,
    onStop: () => void runner()?.stop(),
    onDecision: (kind) => {
      const reply = runner()?.decideByChord(kind) ?? null;
      chordRefused = reply === null || reply.ok ? null : reply.error;
      infoChanged();
    },
    // A card waits when the chord counts; should an action have begun meanwhile, the window stays down.
    onFocusCard: () => {
      if (!shield.down) showWindow();
    },
    onObstacle: infoChanged,
    onDeaf: (why) => runner()?.heard({ kind: "deaf", why }),
    onTrouble: (words) => log.warn(words),
  });

  const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
  const manager = new SessionManager({
    createSession: (id) => store.createSession(id, Date.now),
    reopenSession: (id) => store.reopenSession(id, Date.now),
    eventsOf: (id) => store.events(id),
    systemPrompt,
    startDesktop: async (id, where) => {
      if (where.kind === "this")
        return await heardBy(ears, true, async () => {
          const claimed = await claimThisDesktop(where.monitor, process.env, openDesktopLink);
          return await whileThere(claimed, () => watchAway(claimed, process.env, away), away);
        });
      return await heardBy(ears, false, () => ownDesktops.start(id, where));
    },
    startComputer: async (desktop) => {
      const entry = join(out, "main", "executor-process.js");
      const computer = await startExecutor(entry, desktop, (words) => log.info(words), settings);
      return desktop.monitor === null ? computer : new ShieldedComputer(computer, shield);
    },
    openConversation: (setup, api) => createConversation(setup, conversationDeps(api)),
    restoreConversation: (setup, api, past) =>
      restoreConversation(setup, conversationDeps(api), past, (hash) => store.readImage(hash)),
    publish: (view, events) => {
      if (view.config?.where.kind === "this") shield.want(windowWanted(view));
      pushTo(contents(), "push.events", { session: view.id, events });
      if (events.some(({ type }) => type === "turn.started"))
        pictureMemory.turn(contents(), (error) => log.warn(error));
      ears.deciding(cardOf(view));
      if (chordRefused !== null && cardOf(view) === null) {
        chordRefused = null;
        infoChanged();
      }
      attention.follow(view);
      if (!flags.exitWhenDone) return;
      for (const event of events) {
        const line = lineFor(view, event);
        if (line !== null) process.stdout.write(`${line}\n`);
      }
    },
    stream: (id, update) => pushTo(contents(), "push.stream", { session: id, update }),
    onBroken: (id, error) => {
      shield.want(true);
      problem = `Session ${id} was stopped because its record can't be written: ${error instanceof Error ? error.message : String(error)}`;
      log.error(problem);
      infoChanged();
    },
    onTrouble: (error) => log.warn(error),
    isHandNear: () => ears.isHandNear,
    settings: () => settings,
    newId: () => `${new Date().toISOString().slice(0, 10).replaceAll("-", "")}-${randomBytes(4).toString("hex")}`,
    now: Date.now,
    ticks: () => performance.now(),
    sha256,
    app: app.getVersion(),
    platform: `${process.platform} ${process.arch}`,
    startProblem,
  });

  const away = new Away((words, concerns) => manager.pauseAll("away", words, concerns));
  away.watchPower(powerMonitor);

  /** Of the key in use now; a session that began with it goes on with that address, and with keys of that address only. */
  const api = (): Api => {
    const baseUrl = ring.address;
    return { baseUrl, key: () => ring.keyFor(baseUrl) };
  };
  const starter = new Starter({
    manager,
    flags,
    desktops: ownDesktops,
    api,
    practiceProgram: app.isPackaged ? [process.execPath] : [process.execPath, app.getAppPath()],
    practiceSwitches: noSandbox ? ["--no-sandbox"] : [],
    onStarted: (id) => {
      current = id;
      infoChanged();
    },
    print: (line) => void process.stdout.write(`${line}\n`),
    exit: (code) => void quit(code),
  });

  const runnerOf = (id: string) => manager.runner(id);
  const questions = fileQuestions(() => window);
  const gone = { ok: false, error: "This session is not running." } as const;
  answerWindow(
    contents,
    {
      "app.info": info,
      "desktop.offer": () => ownDesktops.offer(),
      "session.start": (request) => starter.start(request),
      "session.practice": () => starter.practice(),
      "session.events": ({ session: id, after }) => {
        const stored = store.events(id, after);
        return runnerOf(id)?.live(stored) ?? stored;
      },
      ...replayAnswers(store),
      ...policyHandlers({
        store,
        policies: new PolicyStore(userData),
        runnerOf,
        questions,
      }),
      "clipboard.copy": ({ text }) => {
        clipboard.writeText(text);
        return { ok: true };
      },
      "session.decideBatch": async ({ session: id, rev, steps, given }) => {
        await ears.sync();
        return runnerOf(id)?.decideBatch(rev, steps, given) ?? gone;
      },
      "session.handBack": ({ session: id, note }) => runnerOf(id)?.handBack(note) ?? gone,
      "session.hand": async ({ session: id, action }) => (await runnerOf(id)?.hand(action)) ?? gone,
      "session.live": (request) => {
        const watched = runnerOf(request.session);
        return watched === null ? gone : showLive(request, watched, contents());
      },
      "session.reopen": async ({ session: id }) => {
        if (!interrupted.delete(id)) return { ok: false, error: "This session is not waiting to be gone on with." };
        const started = await starter.reopen(id);
        if (!started.ok) interrupted.add(id);
        infoChanged();
        return started;
      },
      "session.close": ({ session: id }) => {
        if (!interrupted.has(id)) return { ok: false, error: "This session is not waiting to be gone on with." };
        closeInterrupted(store.reopenSession(id, Date.now));
        interrupted.delete(id);
        infoChanged();
        return { ok: true };
      },
      "session.decide": async ({ session: id, ...request }) => {
        await ears.sync();
        const outcome = runnerOf(id)?.decide(request) ?? gone;
        const { decision } = request;
        if (outcome.ok && decision.kind === "reject" && decision.reason !== null)
          changeSettings(withReason(settings, decision.reason));
        return outcome;
      },
      "session.pressed": ({ session: id, proposal, rev, digest }) =>
        runnerOf(id)?.pressed(proposal, rev, digest) ?? gone,
      "session.shown": ({ session: id, proposal, rev, digest }) =>
        isInSight(window) ? (runnerOf(id)?.shown(proposal, rev, digest) ?? gone) : UNSEEN,
      "session.control": ({ session: id, verb }) => {
        const where = runnerOf(id)?.view.config?.where ?? null;
        const problem = verb === "resume" && where !== null ? away.problem(where) : null;
        return problem === null ? (runnerOf(id)?.[verb]() ?? gone) : { ok: false, error: problem };
      },
      "session.reply": ({ session: id, text }) => runnerOf(id)?.reply(text) ?? gone,
      "session.note": ({ session: id, text }) => runnerOf(id)?.note(text) ?? gone,
      ...keys.handlers,
      "health.check": async () => {
        const items = await lookAround({
          env: process.env,
          platform: process.platform,
          folder: userData,
          preferences: systemPreferences,
          keys: keys.list(),
          sealedKeys: false,
          settingsProblems: loadSettings(settingsFile).problems,
          sandboxed: !noSandbox,
          startProblem,
        });
        // What was installed meanwhile counts on the start page, too.
        if (desktopProblem(process.env) !== ownDesktopShown) infoChanged();
        return items;
      },
      "health.open": ({ page }) => openSystemPage(page, process.platform, (address) => shell.openExternal(address)),
      "window.strip": ({ on }) => {
        if (window === null) return gone;
        strip.set(window, on);
        lostSight();
        return { ok: true };
      },
      "settings.set": (patch) => {
        const change = given(patch);
        const problem = preferencesProblem({ ...settings, ...change }, change.chords !== undefined && ears.isOpen);
        if (problem !== null) return { ok: false, error: problem };
        changeSettings(change);
        return { ok: true };
      },
      ...journalHandlers({ store, dir: userData, runnerOf, questions, changeSettings }),
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
  app.on("second-instance", showWindow);

  refusePermissions(session.defaultSession);
  serveApp(session.defaultSession, join(out, "renderer"), (hash) => store.readImage(hash).catch(() => null));
  window = openMainWindow({
    out,
    icon,
    session: session.defaultSession,
    onGone: lostSight,
    mayClose: () => mayClose(current === null ? null : manager.runner(current), window, shield, () => marks.isInTray()),
  });
  window.on("focus", () => attention.seen());
  // A window that is just being taken down says so, too, and Electron ends when it is asked anything then.
  const lost = () => void setImmediate(() => window !== null && !window.isDestroyed() && attention.left());
  window.on("blur", lost);
  window.on("hide", lost);
  window.on("minimize", lost);
  window.on("page-title-updated", (event) => event.preventDefault());
  window.on("closed", () => {
    window = null;
  });
  startRetention({
    store,
    retention: () => settings.retention,
    busy: () => quitting || manager.busy,
    onDeleted: (id) => log.info(`deleted session ${id}: past the retention`),
    onTrouble: (error) => log.warn(error),
  });
  await starter.fromFlags();
}

/** A hidden window paints its page, too. */
const UNSEEN = { ok: false, error: "The window can't be seen." } as const;

/** A patch without the fields that are not given. */
function given(patch: PreferencesPatch): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** Hears the operator's chords for as long as a session has its desktop. */
async function heardBy<D extends { readonly stop: () => Promise<void> }>(
  ears: OperatorEars,
  shared: boolean,
  start: () => Promise<D>,
): Promise<D> {
  await ears.open(shared);
  try {
    const desktop = await start();
    return { ...desktop, stop: () => desktop.stop().finally(() => ears.close()) };
  } catch (error) {
    ears.close();
    throw error;
  }
}

/** What names the card that waits for the operator; null when none does. */
function cardOf({ id, phase }: SessionView): string | null {
  return phase.kind === "deciding" ? `${id} ${phase.proposal} ${phase.rev}` : null;
}

function conversationDeps(api: Api): ConversationDeps {
  return { apiKey: api.key, baseUrl: api.baseUrl, now: Date.now, sleep: sleepUntil, random: Math.random, ...wayOut() };
}

async function askAboutKey(key: string, baseUrl: string | null): Promise<KeyCheck> {
  return await checkKey({ key, baseUrl, model: DEFAULT_MODEL, now: Date.now(), ...wayOut() });
}

/** How requests leave this machine: through a proxy, where the environment names one. */
function wayOut(): Pick<ConversationDeps, "fetch" | "proxy"> {
  const fetch = proxyFetch(process.env);
  return fetch === undefined ? {} : { fetch, proxy: proxyShown(process.env) };
}

function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
