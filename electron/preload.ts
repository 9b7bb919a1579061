/** Named verbs for the window, and nothing else: no channel can be named from there. */
import { contextBridge, ipcRenderer } from "electron";
import type { Channel, CountersignApi, PushChannel, Pushes, Replies, Request } from "../shared/ipc.ts";
import type { HealthApi } from "../shared/ipc-health.ts";
import type { JournalApi } from "../shared/ipc-journal.ts";
import type { KeyApi } from "../shared/ipc-keys.ts";
import type { PolicyApi } from "../shared/ipc-policy.ts";
import type { PortMessage } from "../shared/live.ts";

function ask<C extends Channel>(channel: C, request?: Request<C>): Promise<Replies[C]> {
  return ipcRenderer.invoke(channel, request);
}

function listen<C extends PushChannel>(channel: C, listener: (payload: Pushes[C]) => void): () => void {
  const heard = (_event: unknown, payload: Pushes[C]) => listener(payload);
  ipcRenderer.on(channel, heard);
  return () => {
    ipcRenderer.removeListener(channel, heard);
  };
}

const journal: JournalApi = {
  sessions: (request) => ask("journal.sessions", request),
  search: (request) => ask("journal.search", request),
  review: (session) => ask("journal.review", { session }),
  flagged: () => ask("journal.flagged"),
  note: (session, step, text) => ask("journal.note", { session, step, text }),
  removeNote: (session, note) => ask("journal.removeNote", { session, note }),
  flag: (session, step, on) => ask("journal.flag", { session, step, on }),
  keep: (session, keep) => ask("journal.keep", { session, keep }),
  verify: (session) => ask("journal.verify", { session }),
  exportZip: (request) => ask("journal.export", request),
  report: (request) => ask("journal.report", request),
  importZip: () => ask("journal.import"),
  delete: (session) => ask("journal.delete", { session }),
  usage: () => ask("journal.usage"),
  markSecret: (session) => ask("session.secret", { session }),
  setRetention: (retention) => ask("retention.set", retention),
  setPrivacy: (privacy) => ask("privacy.set", privacy),
};

const policies: PolicyApi = {
  lease: (session, verb) => ask("session.lease", { session, verb }),
  addRule: (session, rule) => ask("session.addRule", { session, rule }),
  list: () => ask("policy.list"),
  save: (id, policy) => ask("policy.save", { id, policy }),
  delete: (id) => ask("policy.delete", { id }),
  importFile: () => ask("policy.import"),
  exportFile: (policy) => ask("policy.export", { policy }),
  backtest: (policy, sessions) =>
    ask("policy.backtest", { policy, sessions: sessions === null ? null : [...sessions] }),
  figures: (name) => ask("policy.figures", { name }),
};

const keys: KeyApi = {
  check: (id) => ask("key.check", { id }),
  rename: (id, name) => ask("key.rename", { id, name }),
  choose: (id) => ask("key.choose", { id }),
  forget: (id) => ask("key.forget", { id }),
};

const health: HealthApi = {
  check: () => ask("health.check"),
  open: (page) => ask("health.open", { page }),
};

const api: CountersignApi = {
  journal,
  policies,
  keys,
  health,
  info: () => ask("app.info"),
  desktopOffer: () => ask("desktop.offer"),
  start: (request) => ask("session.start", request),
  practice: () => ask("session.practice"),
  events: (session, after) => ask("session.events", { session, after }),
  page: (session, after, limit) => ask("session.page", { session, after, limit }),
  recordedTurn: (session, turn) => ask("session.turn", { session, turn }),
  copyText: (text) => ask("clipboard.copy", { text }),
  decide: (request) => ask("session.decide", request),
  decideBatch: (request) => ask("session.decideBatch", request),
  handBack: (session, note) => ask("session.handBack", { session, note }),
  hand: (session, action) => ask("session.hand", { session, action }),
  live: (session, on) => ask("session.live", { session, on }),
  reopen: (session) => ask("session.reopen", { session }),
  close: (session) => ask("session.close", { session }),
  shown: (session, proposal, rev, digest) => ask("session.shown", { session, proposal, rev, digest }),
  hidden: (session) => ask("session.hidden", { session }),
  pressed: (session, proposal, rev, digest) => ask("session.pressed", { session, proposal, rev, digest }),
  control: (session, verb) => ask("session.control", { session, verb }),
  reply: (session, text) => ask("session.reply", { session, text }),
  note: (session, text) => ask("session.note", { session, text }),
  setKey: (key, more = {}) => ask("key.set", { ...more, key }),
  strip: (on) => ask("window.strip", { on }),
  setPreferences: (patch) => ask("settings.set", patch),
  onEvents: (listener) => listen("push.events", listener),
  onStream: (listener) => listen("push.stream", listener),
  onInfo: (listener) => listen("push.info", listener),
  onChime: (listener) => listen("push.chime", listener),
  onVisible: (listener) => listen("push.visible", listener),
  onChosen: (listener) => listen("push.chosen", listener),
};

/** A port can't pass the bridge to the page: it goes as a message of the page's own window. */
declare const window: { postMessage(message: PortMessage, origin: string, ports: readonly unknown[]): void };
ipcRenderer.on("push.live" satisfies PushChannel, ({ ports }, { session }: Pushes["push.live"]) =>
  window.postMessage({ countersign: "live", session }, "app://countersign", ports),
);

contextBridge.exposeInMainWorld("countersign", api);
