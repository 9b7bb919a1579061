/**
 * Every channel between the window and the main process, once: its name, the schema of its request, the type of its
 * reply. Requests are checked in main before anything looks at them; replies and pushes are typed.
 */
import { z } from "zod";
import { type Action, actionSchema } from "./action.ts";
import type { Display } from "./geometry.ts";
import { DESKTOP_REQUESTS, type DesktopOffer, type DesktopReplies } from "./ipc-desktop.ts";
import { proposalId, said, sessionId, sha256 } from "./ipc-fields.ts";
import { HEALTH_REQUESTS, type HealthApi, type HealthReplies } from "./ipc-health.ts";
import { JOURNAL_REQUESTS, type JournalApi, type JournalReplies, type Privacy, type Retention } from "./ipc-journal.ts";
import { KEY_REQUESTS, type KeyAdded, type KeyApi, type KeyList, type KeyReplies, type NewKey } from "./ipc-keys.ts";
import { POLICY_REQUESTS, type PolicyApi, type PolicyReplies } from "./ipc-policy.ts";
import { EFFORTS, TOOL_VERSIONS } from "./model.ts";
import { confinedSchema, homeSchema, MOST_PROGRAMS } from "./own-desktop.ts";
import { modeSchema } from "./policy/format.ts";
import { type Preferences, type PreferencesPatch, preferencesPatchSchema } from "./preferences.ts";
import type { StoredEvent, StreamUpdate } from "./session-event.ts";

const longText = said(20_000);

const limit = (max: number) => z.number().positive().max(max).nullable();

/** What the start view sends. Sizes in px; limits null for none. */
export const startSchema = z.strictObject({
  task: longText,
  model: z.string().min(1).max(100),
  /** Null takes the model's preferred one; a model that is not in the table needs it. */
  toolVersion: z.enum(TOOL_VERSIONS).nullable(),
  effort: z.enum(EFFORTS).nullable(),
  /** One action per turn instead of batches. */
  onePerTurn: z.boolean(),
  where: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("own"),
      size: z.strictObject({ w: z.int().min(640).max(7680), h: z.int().min(480).max(4320) }),
      programs: z.array(said(1000)).max(MOST_PROGRAMS),
      home: homeSchema,
      /** Null: not confined. */
      confined: confinedSchema.nullable(),
    }),
    z.strictObject({
      kind: z.literal("this"),
      /** A display's name; null for the primary one. */
      monitor: z.string().min(1).max(100).nullable(),
    }),
  ]),
  mode: modeSchema,
  limits: z.strictObject({
    steps: z.int().positive().max(100_000).nullable(),
    minutes: limit(10_000),
    usd: limit(100_000),
  }),
});
export type StartRequest = z.infer<typeof startSchema>;

export const decisionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("approve") }),
  /** The whole action as it should run; the digest is that of the card before the edit. */
  z.strictObject({ kind: z.literal("edit"), action: actionSchema }),
  z.strictObject({ kind: z.literal("reject"), reason: said(2000).nullable() }),
  z.strictObject({ kind: z.literal("take_over") }),
]);
export type WindowDecision = z.infer<typeof decisionSchema>;

/**
 * How an approval was given. Something risky (shared/risk.ts) takes `held` (Approve held for `holdMs` and let go) or
 * `confirmed` (Approve, then Confirm within `confirmMs`); both begin with `session.pressed`, from which main measures.
 */
const givenSchema = z.enum(["pressed", "held", "confirmed"]);
export type Given = z.infer<typeof givenSchema>;

export const decideSchema = z.strictObject({
  session: sessionId,
  proposal: proposalId,
  rev: z.int().min(1),
  digest: sha256,
  decision: decisionSchema,
  /** Absent: `pressed`. */
  given: givenSchema.optional(),
});
export type DecideRequest = z.infer<typeof decideSchema>;

/**
 * Approves the waiting proposal and the ones after it in its turn, as the storyboard shows them. The first entry is the
 * waiting one with its own digest; the others carry the digest of `plannedProposal` (shared/batch.ts).
 */
export const decideBatchSchema = z.strictObject({
  session: sessionId,
  rev: z.int().min(1),
  steps: z
    .array(z.strictObject({ proposal: proposalId, digest: sha256 }))
    .min(2)
    .max(200),
  given: givenSchema.optional(),
});
export type DecideBatchRequest = z.infer<typeof decideBatchSchema>;

export const controlSchema = z.strictObject({
  session: sessionId,
  /**
   * `takeOver` is for phases without a waiting proposal; with one it is a decision. The last two only while the operator
   * has control.
   */
  verb: z.enum(["pause", "resume", "stop", "finish", "tryNow", "takeOver", "pauseCapture", "resumeCapture"]),
});
export type ControlVerb = z.infer<typeof controlSchema>["verb"];

/** The request schema of every channel. */
export const REQUESTS = {
  "app.info": z.undefined(),
  "session.start": startSchema,
  "session.practice": z.undefined(),
  "session.events": z.strictObject({ session: sessionId, after: z.int().min(0) }),
  /** The next events of a session without the raw replies: what a replay folds. */
  "session.page": z.strictObject({ session: sessionId, after: z.int().min(0), limit: z.int().min(1).max(5000) }),
  /** The exact request and response of a turn. */
  "session.turn": z.strictObject({ session: sessionId, turn: z.int().min(1) }),
  "session.decide": decideSchema,
  "session.decideBatch": decideBatchSchema,
  "session.handBack": z.strictObject({ session: sessionId, note: said(2000).nullable() }),
  /** The operator's own hand on the session's desktop, while they have control. Px in screenshot space. */
  "session.hand": z.strictObject({ session: sessionId, action: actionSchema }),
  /** The live picture of the session's desktop begins, through a port that `push.live` brings; or it ends. */
  "session.live": z.strictObject({ session: sessionId, on: z.boolean() }),
  /** Goes on with a session that a crash interrupted, on a fresh desktop; or closes it. */
  "session.reopen": z.strictObject({ session: sessionId }),
  "session.close": z.strictObject({ session: sessionId }),
  "session.shown": z.strictObject({
    session: sessionId,
    proposal: z.string().max(20),
    rev: z.int().min(1),
    digest: sha256,
  }),
  /** The card of this session is in view no more: another session's is, or another view. It has to be painted anew. */
  "session.hidden": z.strictObject({ session: sessionId }),
  /** Approve is being held, or was pressed and waits for Confirm: what main measures a risky approval from. */
  "session.pressed": z.strictObject({ session: sessionId, proposal: proposalId, rev: z.int().min(1), digest: sha256 }),
  "session.control": controlSchema,
  "session.reply": z.strictObject({ session: sessionId, text: longText }),
  "session.note": z.strictObject({ session: sessionId, text: longText }),
  ...KEY_REQUESTS,
  ...DESKTOP_REQUESTS,
  ...HEALTH_REQUESTS,
  /** Puts text on the clipboard; the window itself may not. */
  "clipboard.copy": z.strictObject({ text: said(1_000_000) }),
  ...JOURNAL_REQUESTS,
  /** Makes the window the compact strip, or what it was before. */
  "window.strip": z.strictObject({ on: z.boolean() }),
  "settings.set": preferencesPatchSchema,
  ...POLICY_REQUESTS,
} as const;

export type Channel = keyof typeof REQUESTS;
export type Request<C extends Channel> = z.infer<(typeof REQUESTS)[C]>;

/** A display the operator can pick: place and size in physical px of the desktop. */
export type MonitorInfo = Display & {
  /** The output's name (`DP-1`). */
  readonly name: string;
  /** What its maker calls it; empty when that is not known. */
  readonly label: string;
  readonly primary: boolean;
};

/** `grab`: another program has a menu or list open and with it the keyboard. `held`: Claude holds a mouse button down. */
export type Obstacle = "grab" | "held";

export type AppInfo = {
  readonly version: string;
  readonly platform: string;
  /** The API keys, without the keys. */
  readonly keys: KeyList;
  /** The API's address, of the key in use, when it is not the default one. */
  readonly baseUrl: string | null;
  /** Why no session can start on a desktop of its own here (missing programs, with the install command); null when it can. */
  readonly ownDesktopProblem: string | null;
  /** Why no session can start on the desktop the operator sits at; null when it can. */
  readonly thisDesktopProblem: string | null;
  /** The displays of the desktop the operator sits at, the primary one first; empty when they can't be read. */
  readonly monitors: readonly MonitorInfo[];
  /** What keeps the operator's keys or clicks from our window while a decision waits on their own desktop. */
  readonly obstacle: Obstacle | null;
  /** Why the operator's last chord did not count; null when it did. */
  readonly chordRefused: string | null;
  /** The session that was begun last, open or over; null before the first. */
  readonly current: string | null;
  /** The sessions that are open now, in the order they began. */
  readonly open: readonly string[];
  /** Sessions that a crash interrupted and that were neither gone on with nor closed. */
  readonly interrupted: readonly string[];
  /** Something the operator has to know (broken settings, a record that can't be written); null when all is well. */
  readonly problem: string | null;
  readonly preferences: Preferences;
  /** The operator's latest reasons for rejecting, the newest first. */
  readonly reasons: readonly string[];
  /** Whether the window is the compact strip. */
  readonly strip: boolean;
  /** Grows whenever the window goes out of sight or takes another shape: its card has to be shown anew then. */
  readonly sight: number;
  readonly defaults: { readonly model: string; readonly programs: readonly string[] };
  /** How long sessions stay; null until the operator has answered, and until then nothing is deleted. */
  readonly retention: Retention | null;
  readonly privacy: Privacy;
};

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: string };
export type StartOutcome =
  | { readonly ok: true; readonly session: string }
  | { readonly ok: false; readonly error: string };

/** Some of a session's events, in order; `last` is the seq of the newest one there is. */
export type EventPage = { readonly events: readonly StoredEvent[]; readonly last: number };

/**
 * A turn as it went over the wire, as JSON text: the request's body (no header, so no key) with a picture's name where its
 * base64 was, and the reply's content as it came; null for a turn that never got one.
 */
export type RecordedTurn = { readonly request: string; readonly response: string | null };
export type TurnOutcome =
  | { readonly ok: true; readonly turn: RecordedTurn }
  | { readonly ok: false; readonly error: string };

/** The reply of every channel. A refused or failed request is a value with words; a malformed one rejects. */
export type Replies = JournalReplies &
  DesktopReplies &
  PolicyReplies &
  KeyReplies &
  HealthReplies & {
    "app.info": AppInfo;
    "session.start": StartOutcome;
    "session.practice": StartOutcome;
    "session.events": readonly StoredEvent[];
    "session.page": EventPage;
    "session.turn": TurnOutcome;
    "session.decide": Outcome;
    "session.decideBatch": Outcome;
    "session.handBack": Outcome;
    "session.hand": Outcome;
    "session.live": Outcome;
    "session.reopen": StartOutcome;
    "session.close": Outcome;
    "session.shown": Outcome;
    "session.hidden": Outcome;
    "session.pressed": Outcome;
    "session.control": Outcome;
    "session.reply": Outcome;
    "session.note": Outcome;
    "clipboard.copy": Outcome;
    "settings.set": Outcome;
    "window.strip": Outcome;
  };

/** What main pushes to the window without being asked. */
export type Pushes = {
  /** New events of a session, in order; `seq` tells whether some are missing. */
  "push.events": { readonly session: string; readonly events: readonly StoredEvent[] };
  "push.stream": { readonly session: string; readonly update: StreamUpdate };
  /** Whether the window is on the screen: the page itself is never told, as it has to paint cards while hidden, too. */
  "push.visible": boolean;
  /** Comes with a port through which the session's desktop is watched (shared/live.ts). */
  "push.live": { readonly session: string };
  /** The app's state changed (key, theme, open sessions). */
  "push.info": AppInfo;
  /** Something waits that the operator can't be looking at: to be heard. */
  "push.chime": null;
  /** The operator chose a session outside the window: by its notification. */
  "push.chosen": { readonly session: string };
};
export type PushChannel = keyof Pushes;

/** The address of a stored picture for an `<img>`. */
export function pictureUrl(hash: string): string {
  return `app://countersign/blob/${hash}`;
}

/** The preload's verbs: what the window can ask of main, and nothing else. */
export type CountersignApi = {
  readonly journal: JournalApi;
  readonly policies: PolicyApi;
  readonly keys: KeyApi;
  readonly health: HealthApi;
  info(): Promise<AppInfo>;
  desktopOffer(): Promise<DesktopOffer>;
  start(request: StartRequest): Promise<StartOutcome>;
  practice(): Promise<StartOutcome>;
  events(session: string, after: number): Promise<readonly StoredEvent[]>;
  page(session: string, after: number, limit: number): Promise<EventPage>;
  recordedTurn(session: string, turn: number): Promise<TurnOutcome>;
  copyText(text: string): Promise<Outcome>;
  decide(request: DecideRequest): Promise<Outcome>;
  decideBatch(request: DecideBatchRequest): Promise<Outcome>;
  /** Gives the desktop back to Claude after a take-over. */
  handBack(session: string, note: string | null): Promise<Outcome>;
  hand(session: string, action: Action): Promise<Outcome>;
  /** The page gets the port as a message of its own window (shared/live.ts). */
  live(session: string, on: boolean): Promise<Outcome>;
  reopen(session: string): Promise<StartOutcome>;
  close(session: string): Promise<Outcome>;
  /** Says that a proposal's card has been painted: its arming delay begins. */
  shown(session: string, proposal: string, rev: number, digest: string): Promise<Outcome>;
  /** Says that the session's card is in view no more: nothing counts for it until it has been painted anew. */
  hidden(session: string): Promise<Outcome>;
  /** Says that Approve has begun to be held, or waits for Confirm. */
  pressed(session: string, proposal: string, rev: number, digest: string): Promise<Outcome>;
  control(session: string, verb: ControlVerb): Promise<Outcome>;
  reply(session: string, text: string): Promise<Outcome>;
  note(session: string, text: string): Promise<Outcome>;
  /** Keeps an API key and uses it from now on. */
  setKey(key: string, more?: NewKey): Promise<KeyAdded>;
  setPreferences(patch: PreferencesPatch): Promise<Outcome>;
  strip(on: boolean): Promise<Outcome>;
  /** Each returns a function that stops listening. */
  onEvents(listener: (push: Pushes["push.events"]) => void): () => void;
  onStream(listener: (push: Pushes["push.stream"]) => void): () => void;
  onInfo(listener: (info: AppInfo) => void): () => void;
  onChime(listener: () => void): () => void;
  onVisible(listener: (visible: boolean) => void): () => void;
  onChosen(listener: (push: Pushes["push.chosen"]) => void): () => void;
};
