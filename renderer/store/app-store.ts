/** The window's state: a mirror of main's, and which view is open. Main decides everything; this only shows it. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Action } from "../../shared/action.ts";
import type {
  AppInfo,
  ControlVerb,
  CountersignApi,
  DecideBatchRequest,
  DecideRequest,
  EventPage,
  Outcome,
  StartOutcome,
  StartRequest,
  TurnOutcome,
} from "../../shared/ipc.ts";
import type { DesktopOffer } from "../../shared/ipc-desktop.ts";
import type { HealthApi } from "../../shared/ipc-health.ts";
import type { JournalApi, Privacy, Retention } from "../../shared/ipc-journal.ts";
import type { KeyAdded, KeyApi, NewKey } from "../../shared/ipc-keys.ts";
import type { LeaseVerb, PolicyApi } from "../../shared/ipc-policy.ts";
import type { PreferencesPatch } from "../../shared/preferences.ts";
import type { SessionEvent, StreamUpdate } from "../../shared/session-event.ts";
import { isOver } from "../../shared/session-view.ts";
import { wordsOf } from "../ui/format.ts";
import { type Delivery, emptyMirror, type Mirror, mergeEvents, mergeStream } from "./merge.ts";
import { Mover } from "./mover.ts";
import { neighbour, queueOf } from "./queue.ts";

export type ViewName = "gate" | "sessions" | "policy" | "settings" | "health";

/** The card at the gate, for what is decided outside it but bound to it: the rest of its turn. */
export type CardState = {
  readonly session: string;
  readonly proposal: string;
  readonly rev: number;
  readonly digest: string;
  /** False during the arming delay, and while the card itself is being edited, rejected or decided. */
  readonly armed: boolean;
  /** Arms the card again after a decision that main did not take. */
  readonly rearm: () => void;
};

export type AppState = {
  readonly info: AppInfo | null;
  readonly mirrors: Readonly<Record<string, Mirror>>;
  readonly view: ViewName;
  /** The session in the gate view: an open one, or one that has ended until another is looked at; null for the start view. */
  readonly gate: string | null;
  /** The open sessions, and those that have ended and were not looked at since, in the order they began. */
  readonly listed: readonly string[];
  /** Whether the gate stays with its session, whatever waits elsewhere. */
  readonly pinned: boolean;
  /** The session opened from the list. */
  readonly opened: string | null;
  /** The step a link led to, in the opened session. */
  readonly openedAt: string | null;
  /** Null while no card has been painted. */
  readonly card: CardState | null;
  /** What went wrong with the last thing asked of main, in words. */
  readonly problem: string | null;
};

/** What the window can do; each call that asks something of main answers with words when it was refused. */
export type Verbs = {
  go(view: ViewName): void;
  /** Opens a session in the replay, at a step where one is given; null goes back to the list. */
  open(session: string | null, step?: string | null): void;
  /** The start view; sessions that are open go on. */
  newSession(): void;
  /** Shows one of the listed sessions in the gate. */
  choose(session: string): void;
  /** Shows the waiting session after (1) or before (-1) this one; nothing happens in the middle of an edit or a reason. */
  nextWaiting(step: 1 | -1): void;
  pin(on: boolean): void;
  /** The operator is in the middle of something: the gate stays where it is until the returned function is called. */
  hold(): () => void;
  /** The operator touched something in the window. */
  touched(): void;
  dismiss(): void;
  start(request: StartRequest): Promise<StartOutcome>;
  practice(): Promise<StartOutcome>;
  decide(request: DecideRequest): Promise<Outcome>;
  decideBatch(request: DecideBatchRequest): Promise<Outcome>;
  shown(session: string, proposal: string, rev: number, digest: string): Promise<Outcome>;
  hidden(session: string): void;
  pressed(session: string, proposal: string, rev: number, digest: string): Promise<Outcome>;
  /** What the card says of itself; see CardState. */
  setCard(card: CardState | null): void;
  handBack(session: string, note: string | null): Promise<Outcome>;
  hand(session: string, action: Action): Promise<Outcome>;
  /** Begins or ends the session's live picture; its port comes as a message of the window. */
  live(session: string, on: boolean): Promise<Outcome>;
  /** Whether the window is on the screen, from the next change on; the returned function stops listening. */
  onVisible(listener: (visible: boolean) => void): () => void;
  /** Goes on with an interrupted session, in the gate. */
  reopen(session: string): Promise<StartOutcome>;
  /** Ends an interrupted session on record. */
  close(session: string): Promise<void>;
  control(session: string, verb: ControlVerb): Promise<void>;
  reply(session: string, text: string): Promise<Outcome>;
  note(session: string, text: string): Promise<Outcome>;
  /** The next events of a session; rejects when the record can't be read. */
  page(session: string, after: number, limit: number): Promise<EventPage>;
  recordedTurn(session: string, turn: number): Promise<TurnOutcome>;
  copyText(text: string): Promise<void>;
  /** What is on record: listing, searching, reviewing, handing on. Each rejects when main can't answer. */
  readonly journal: JournalApi;
  setKey(key: string, more: NewKey): Promise<KeyAdded>;
  /** What else can be asked of main about API keys; each rejects when main can't answer. */
  readonly keys: KeyApi;
  readonly health: HealthApi;
  /** Rejects when main does not answer. */
  desktopOffer(): Promise<DesktopOffer>;
  /** Keeps typed text of a running session out of its record from here on. */
  markSecret(session: string): Promise<Outcome>;
  /** The operator's choice of how long sessions stay. */
  setRetention(retention: Retention): Promise<Outcome>;
  /** What is painted black in every picture, from the next session on. */
  setPrivacy(privacy: Privacy): Promise<Outcome>;
  strip(on: boolean): Promise<void>;
  setPreferences(patch: PreferencesPatch): Promise<Outcome>;
  /** One click on the lease of the session in the gate. */
  lease(session: string, verb: LeaseVerb): Promise<void>;
  /** What can be asked of main about policies. */
  readonly policies: PolicyApi;
};

export type App = {
  readonly store: StoreApi<AppState>;
  readonly verbs: Verbs;
  /** Loads what is there now and follows main's pushes; the returned function stops following. */
  readonly connect: () => () => void;
};

const START: AppState = {
  info: null,
  mirrors: {},
  view: "gate",
  gate: null,
  listed: [],
  pinned: false,
  opened: null,
  openedAt: null,
  card: null,
  problem: null,
};

/** The window's state and verbs over an API (the preload's, or a fake one). */
export function createApp(api: CountersignApi): App {
  const store = createStore<AppState>(() => START);
  const following = new Set<string>();

  const mirrorOf = (session: string) => store.getState().mirrors[session] ?? emptyMirror(session);
  const putMirror = (session: string, mirror: Mirror) =>
    store.setState((state) => ({ mirrors: { ...state.mirrors, [session]: mirror } }));
  const isEnded = (session: string) => {
    const { info, mirrors } = store.getState();
    const view = mirrors[session]?.view;
    return info?.open.includes(session) !== true && (view === undefined || isOver(view.phase));
  };
  /** Shows a session in the gate, or the start view. What had ended there has been looked at. */
  const show = (gate: string | null) =>
    store.setState(({ gate: before, listed }) => ({
      gate,
      pinned: false,
      listed: before !== null && before !== gate && isEnded(before) ? listed.filter((id) => id !== before) : listed,
    }));
  const mover = new Mover({ state: () => store.getState(), show, now: () => performance.now() });
  const list = (sessions: readonly string[]) =>
    store.setState(({ listed }) => ({ listed: [...new Set([...listed, ...sessions])] }));
  const tell = (error: unknown) => store.setState({ problem: wordsOf(error) });

  const take = (session: string, events: readonly SessionEvent[], delivery: Delivery): boolean => {
    const merged = mergeEvents(mirrorOf(session), events, delivery);
    putMirror(session, merged.mirror);
    mover.look();
    return merged.missing;
  };

  /** Fetches what the mirror lacks; one fetch at a time for a session, as pushes go on meanwhile. */
  const follow = async (session: string): Promise<void> => {
    if (following.has(session)) return;
    following.add(session);
    try {
      let before = -1;
      while (mirrorOf(session).view.seq > before) {
        before = mirrorOf(session).view.seq;
        take(session, await api.events(session, Math.max(0, before)), "fetched");
      }
    } catch (error) {
      tell(error);
    } finally {
      following.delete(session);
    }
  };

  const takeInfo = (info: AppInfo) => {
    const before = store.getState().info?.current ?? null;
    store.setState({ info });
    list(info.open);
    for (const session of info.open) if (store.getState().mirrors[session] === undefined) void follow(session);
    // A session that ended stays `current`: it is shown again only when the window is new.
    if (info.current === null || info.current === before) return mover.look();
    arrive(info.current, null);
  };

  /** Shows a session that has begun, unless the operator has turned to something else since they asked for it. */
  const arrive = (session: string, askedFrom: string | null) => {
    list([session]);
    void follow(session);
    const { gate } = store.getState();
    if (gate === session || (!mover.held && (gate === askedFrom || gate === null || isEnded(gate)))) {
      show(session);
      store.setState({ problem: null });
    }
  };

  const ask = async <T extends { readonly ok: boolean }>(
    request: () => Promise<T>,
  ): Promise<T | { readonly ok: false; readonly error: string }> => {
    try {
      return await request();
    } catch (error) {
      return { ok: false, error: wordsOf(error) };
    }
  };
  const askOrTell = async (request: () => Promise<Outcome>): Promise<void> => {
    const outcome = await ask(request);
    store.setState({ problem: outcome.ok ? null : outcome.error });
  };
  const begin = async (request: () => Promise<StartOutcome>): Promise<StartOutcome> => {
    const { gate } = store.getState();
    const outcome = await ask(request);
    if (!outcome.ok) return outcome;
    arrive(outcome.session, gate);
    if (store.getState().gate === outcome.session) {
      store.setState({ view: "gate" });
      mover.chose(outcome.session);
    }
    return outcome;
  };
  /** Tells the mover when the operator is done with a session for now. */
  const thenDone = async (session: string, asked: Promise<Outcome>): Promise<Outcome> => {
    const outcome = await asked;
    if (outcome.ok) mover.done(session);
    return outcome;
  };

  const verbs: Verbs = {
    go: (view) => {
      store.setState({ view, ...(view === "sessions" ? { opened: null } : {}) });
      mover.look();
    },
    open: (session, step = null) => store.setState({ view: "sessions", opened: session, openedAt: step }),
    page: (session, after, limit) => api.page(session, after, limit),
    recordedTurn: (session, turn) => ask(() => api.recordedTurn(session, turn)),
    copyText: (text) => askOrTell(() => api.copyText(text)),
    journal: api.journal,
    newSession: () => {
      show(null);
      store.setState({ view: "gate" });
    },
    choose: (session) => {
      show(session);
      store.setState({ view: "gate" });
      mover.chose(session);
    },
    nextWaiting: (step) => {
      const { gate, listed, mirrors } = store.getState();
      const to = mover.held ? null : neighbour(queueOf(listed, mirrors).waiting, gate, step);
      if (to !== null) verbs.choose(to);
    },
    pin: (on) => {
      store.setState({ pinned: on });
      mover.look();
    },
    hold: () => mover.hold(),
    touched: () => mover.touched(),
    dismiss: () => store.setState({ problem: null }),
    start: (request) => begin(() => api.start(request)),
    practice: () => begin(() => api.practice()),
    decide: (request) =>
      thenDone(
        request.session,
        ask(() => api.decide(request)),
      ),
    decideBatch: (request) =>
      thenDone(
        request.session,
        ask(() => api.decideBatch(request)),
      ),
    setCard: (card) => store.setState({ card }),
    handBack: (session, note) =>
      thenDone(
        session,
        ask(() => api.handBack(session, note)),
      ),
    hand: (session, action) => ask(() => api.hand(session, action)),
    live: (session, on) => ask(() => api.live(session, on)),
    onVisible: (listener) => api.onVisible(listener),
    reopen: (session) => begin(() => api.reopen(session)),
    close: (session) => askOrTell(() => api.close(session)),
    shown: (session, proposal, rev, digest) => ask(() => api.shown(session, proposal, rev, digest)),
    hidden: (session) => void ask(() => api.hidden(session)),
    pressed: (session, proposal, rev, digest) => ask(() => api.pressed(session, proposal, rev, digest)),
    control: async (session, verb) => {
      await askOrTell(() => api.control(session, verb));
      // Who pauses means to look at it; who lets it go on is done with it.
      if (verb === "pause" || verb === "takeOver") mover.chose(session);
      else if (verb === "resume" || verb === "finish" || verb === "stop") mover.done(session);
    },
    reply: (session, text) =>
      thenDone(
        session,
        ask(() => api.reply(session, text)),
      ),
    note: (session, text) => ask(() => api.note(session, text)),
    setKey: (key, more) => ask(() => api.setKey(key, more)),
    keys: api.keys,
    health: api.health,
    desktopOffer: () => api.desktopOffer(),
    markSecret: (session) => ask(() => api.journal.markSecret(session)),
    setRetention: (retention) => ask(() => api.journal.setRetention(retention)),
    setPrivacy: (privacy) => ask(() => api.journal.setPrivacy(privacy)),
    strip: (on) => askOrTell(() => api.strip(on)),
    setPreferences: (patch) => ask(() => api.setPreferences(patch)),
    lease: (session, verb) => askOrTell(() => api.policies.lease(session, verb)),
    policies: api.policies,
  };

  const onStream = (session: string, update: StreamUpdate) =>
    putMirror(session, mergeStream(mirrorOf(session), update));

  const connect = () => {
    const stops = [
      api.onEvents(({ session, events }) => {
        if (take(session, events, "pushed")) void follow(session);
      }),
      api.onStream(({ session, update }) => onStream(session, update)),
      api.onInfo(takeInfo),
      api.onChosen(({ session }) => verbs.choose(session)),
    ];
    void api.info().then(takeInfo, tell);
    return () => {
      for (const stop of stops) stop();
    };
  };

  return { store, verbs, connect };
}
