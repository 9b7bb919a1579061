/** A session's surroundings for unit tests: a record in memory, a scripted Claude, a desktop made of numbers, an operator. */
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import type { MessagePortMain } from "electron";
import { type Action, parseAction } from "../../shared/action.ts";
import { digestInputOf, digestText } from "../../shared/digest.ts";
import { eventProblem } from "../../shared/event-schema.ts";
import type { Display, Size } from "../../shared/geometry.ts";
import type { Json } from "../../shared/jcs.ts";
import { NO_USAGE } from "../../shared/model.ts";
import { redactEvent } from "../../shared/redact.ts";
import {
  type Decision,
  type EventBodies,
  type EventOf,
  type EventType,
  FIRST_PREV_HASH,
  hashText,
  type ParsedCall,
  type SessionConfig,
  type SessionEvent,
  type StoredEvent,
  type StoredMessage,
} from "../../shared/session-event.ts";
import { currentStep, innerPhase } from "../../shared/session-view.ts";
import type { Conversation, TurnHooks, TurnOutcome, UserContent } from "../claude/claude.ts";
import {
  type Computer,
  ComputerError,
  type DesktopFacts,
  type HeardByExecutor,
  type Look,
  type PerformHooks,
  type PerformRequest,
  type PerformResult,
} from "../computer/computer.ts";
import { Gate } from "../gate/gate.ts";
import { JournalError, type NewEvent, type SessionJournal } from "../journal/journal.ts";
import { Recorder } from "./recorder.ts";
import { RenewableComputer } from "./renewable-computer.ts";
import type { Renewable } from "./renewal.ts";
import { openNotes } from "./resume.ts";
import { Runner } from "./runner.ts";

export const SPACE: Size = { w: 1280, h: 800 };
const DISPLAY: Display = { x: 0, y: 0, w: 1280, h: 800, scale: 1 };

/** The end of a port that leads to nobody, and whether it has been closed. */
export function fakePort(): MessagePortMain & { isClosed: boolean } {
  const port = Object.assign(new EventEmitter(), {
    isClosed: false,
    start: () => undefined,
    postMessage: () => undefined,
    close: () => {
      port.isClosed = true;
    },
  });
  return port;
}

export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A record in memory with the real chain; `fail` makes the next append fail as a full disk would. */
export class MemoryJournal implements SessionJournal {
  readonly session: string;
  readonly events: StoredEvent[] = [];
  readonly images = new Map<string, Uint8Array>();
  fail: string | null = null;

  constructor(session = "20261121-test0001") {
    this.session = session;
  }

  append(events: readonly NewEvent[]): readonly StoredEvent[] {
    if (this.fail !== null) throw new JournalError("full", this.fail);
    const stored: StoredEvent[] = [];
    for (const { type, body } of events) {
      const prevHash = stored.at(-1)?.hash ?? this.events.at(-1)?.hash ?? FIRST_PREV_HASH;
      const seq = this.events.length + stored.length + 1;
      const event = {
        v: 1,
        session: this.session,
        seq,
        ts: new Date(1_700_000_000_000 + seq).toISOString(),
        type,
        body,
      } as SessionEvent;
      // What no import would take must not be written.
      const problem = eventProblem(event);
      if (problem !== null) throw new Error(`${type} is of no form on record: ${problem}`);
      stored.push({ ...event, prevHash, hash: sha256(hashText(prevHash, event)) });
    }
    this.events.push(...stored);
    return stored;
  }

  async putImage(png: Uint8Array, ref: { readonly sha256: string }): Promise<void> {
    this.images.set(ref.sha256, png);
  }

  /** The record as it is now, for a session that goes on from it. */
  copy(): MemoryJournal {
    const copy = new MemoryJournal();
    copy.events.push(...this.events);
    return copy;
  }

  /** The bodies of all events of a type, in order. */
  all<T extends EventType>(type: T): EventBodies[T][] {
    return this.events
      .filter((event): event is StoredEvent & EventOf<T> => event.type === type)
      .map((event) => event.body);
  }
}

/** A desktop whose picture is a number that grows with every input. */
export class FakeComputer implements Computer {
  /** What reached the desktop, in order. */
  readonly performed: PerformRequest[] = [];
  readonly #journal: MemoryJournal;
  /** Replies for the next performs; beyond them everything is done. */
  readonly replies: ((request: PerformRequest, hooks: PerformHooks) => Promise<PerformResult> | PerformResult)[] = [];
  released = 0;
  /** The program in front. */
  front = "Mousepad";
  #tick = 0;

  constructor(journal: MemoryJournal) {
    this.#journal = journal;
  }

  /** Says what the executor would have heard. */
  hear: (heard: HeardByExecutor) => void = () => undefined;

  onHeard(listener: (heard: HeardByExecutor) => void): void {
    this.hear = listener;
  }

  async display(): Promise<Display> {
    return DISPLAY;
  }

  async facts(): Promise<DesktopFacts> {
    this.#beforeLook();
    return this.factsNow();
  }

  /** Called at the next look, with or without a picture. */
  onLook: (() => void) | null = null;

  /** How many of the next looks fail as on a display that is switched off. */
  unseen = 0;

  /** Pictures taken while the operator wanted none. */
  forbiddenLooks = 0;

  async look(): Promise<Look> {
    const capture = this.#journal.events.findLast(({ type }) => type.startsWith("capture."));
    if (capture?.type === "capture.paused") this.forbiddenLooks += 1;
    this.#beforeLook();
    if (this.unseen > 0) {
      this.unseen -= 1;
      throw new ComputerError("black_capture", "The display shows nothing.");
    }
    return this.sight();
  }

  #beforeLook(): void {
    const { onLook } = this;
    this.onLook = null;
    onLook?.();
  }

  async perform(request: PerformRequest, hooks: PerformHooks): Promise<PerformResult> {
    this.checkStarted(request);
    const reply = this.replies.shift();
    if (reply !== undefined) return await reply(request, hooks);
    if (!hooks.confirm(this.factsNow()))
      return { kind: "returned", reason: "policy", detail: "not confirmed", now: this.sight() };
    this.performed.push(request);
    return this.done(request);
  }

  /** Throws unless the newest `action.started` on disk is exactly this request. */
  checkStarted(request: PerformRequest): void {
    const started = this.#journal.all("action.started").at(-1);
    // Where typed text is secret, its length stands on record.
    const { proposal, action } = request;
    const secret = redactEvent({ type: "action.started", body: { proposal, rev: 1, action } }, new Set());
    const written = [JSON.stringify(action), JSON.stringify(secret.body.action)];
    if (started?.proposal !== proposal || !written.includes(JSON.stringify(started.action))) {
      throw new Error(`${request.proposal} reached the desktop without its durable action.started`);
    }
  }

  /** An ordinary success. */
  done(request: PerformRequest): PerformResult {
    const looks = ["screenshot", "zoom", "cursor_position", "wait"].includes(request.action.action);
    if (!looks) this.#tick += 1;
    const at = "coordinate" in request.action ? (request.action.coordinate ?? request.cursor) : request.cursor;
    const image =
      request.action.action === "screenshot" || request.action.action === "zoom" ? this.sight().picture : null;
    return {
      kind: "done",
      cursor: at,
      after: looks ? null : this.sight(),
      image,
      facts: this.factsNow(),
      durationMs: 5,
    };
  }

  /** What the operator's own hand did. */
  readonly byHand: Action[] = [];

  /** Who watches, the latest last, each with the newest event on disk then. */
  readonly watchers: { readonly port: MessagePortMain | null; readonly after: EventType | undefined }[] = [];

  watch(port: MessagePortMain | null): void {
    this.watchers.push({ port, after: this.#journal.events.at(-1)?.type });
  }

  async hand(action: Action): Promise<void> {
    this.byHand.push(action);
    this.#tick += 1;
  }

  async releaseAll(): Promise<void> {
    this.released += 1;
  }

  async close(): Promise<void> {}

  /** The desktop changes by itself. */
  change(): void {
    this.#tick += 1;
  }

  sight(): Look {
    const png = new TextEncoder().encode(`picture ${this.#tick}`);
    return { picture: { png, sha256: sha256(png), size: SPACE }, facts: this.factsNow() };
  }

  factsNow(): DesktopFacts {
    const window = { id: 7, pid: 70, class: this.front, title: "Notes", bounds: DISPLAY };
    return { display: DISPLAY, focus: window, targets: [window] };
  }
}

/** One scripted reply: calls by name and input, or an outcome of its own. */
export type ScriptedTurn =
  | { readonly calls: readonly (readonly [name: string, input: Json])[]; readonly thinking?: string }
  | { readonly answer: string; readonly stopReason?: string }
  | ((hooks: TurnHooks) => Promise<TurnOutcome>);

/** A Claude that follows a script and keeps what it was told. */
export class ScriptedConversation implements Conversation {
  readonly said: UserContent[] = [];
  hurried = 0;
  readonly #script: ScriptedTurn[];
  #count = 0;

  constructor(script: readonly ScriptedTurn[]) {
    this.#script = [...script];
  }

  say(content: UserContent): StoredMessage {
    this.said.push(content);
    return { role: "user", content: [{ type: "text", text: content.kind }] };
  }

  async turn(hooks: TurnHooks): Promise<TurnOutcome> {
    const next = this.#script.shift() ?? { answer: "The script is over." };
    this.#count += 1;
    await Promise.resolve();
    if (hooks.signal.aborted) return { kind: "stopped" };
    if (typeof next === "function") return await next(hooks);
    const shared = { kind: "finished", message: {}, usage: NO_USAGE, costUsd: 0.01 } as const;
    if ("answer" in next) {
      return { ...shared, stopReason: next.stopReason ?? "end_turn", calls: [], thinking: "", text: next.answer };
    }
    return {
      ...shared,
      stopReason: "tool_use",
      calls: next.calls.map((call, i) => this.#call(call, i)),
      thinking: next.thinking ?? "",
      text: "",
    };
  }

  hurry(): void {
    this.hurried += 1;
  }

  /** The results of the newest message, as Claude reads them. */
  lastResults(): readonly { readonly text: string; readonly isError: boolean; readonly images: number }[] {
    const last = this.said.at(-1);
    if (last?.kind !== "results") return [];
    return last.results.map(({ text, isError, images }) => ({ text, isError, images: images.length }));
  }

  #call([name, input]: readonly [string, Json], index: number): ParsedCall {
    const parsed = parseAction(name, input, SPACE);
    return {
      toolUseId: `toolu_${this.#count}_${index}`,
      name,
      input,
      parsed: parsed.ok ? { action: parsed.action } : { error: parsed.error },
    };
  }
}

export const ASK: SessionConfig = {
  task: "Fill in the form",
  model: "claude-opus-5-5",
  toolVersion: "computer_toolset_20260801",
  effort: "high",
  onePerTurn: false,
  where: { kind: "own", size: SPACE, programs: [] },
  mode: { kind: "ask", askAll: false },
  limits: { steps: null, minutes: null, usd: null },
  operator: true,
  practice: false,
  baseUrl: null,
};

export type Stage = {
  readonly journal: MemoryJournal;
  readonly computer: FakeComputer;
  readonly claude: ScriptedConversation;
  readonly runner: Runner;
  readonly clock: { now: number };
  readonly done: Promise<void>;
  /** Waits until the session is in a phase (under a pause or take-over too). */
  until(kind: string): Promise<void>;
  /** Shows the card that waits, lets it arm, and decides. Returns the gate's answer. */
  decide(decision: Decision): ReturnType<Runner["decide"]>;
  approve(): Promise<void>;
  /** The desktop ends by itself. */
  lose(why: string): void;
};

/**
 * Puts a session on stage and starts it; with the record of a crashed one, it goes on.
 * @param renew where its desktop can be lost: opens the next one
 */
export function stage(
  script: readonly ScriptedTurn[],
  config: Partial<SessionConfig> = {},
  exitWhenDone = false,
  crashed: MemoryJournal | null = null,
  renew: ((first: FakeComputer) => Promise<Computer>) | null = null,
): Stage {
  const journal = crashed ?? new MemoryJournal();
  const past = [...journal.events];
  const computer = new FakeComputer(journal);
  const renewing = renew === null ? null : new RenewableComputer(computer, () => renew(computer));
  const claude = new ScriptedConversation(script);
  const clock = { now: 1_700_000_000_000 };
  const waiting = new Set<() => void>();
  const recorder = new Recorder(
    journal,
    () => {
      for (const wake of [...waiting]) wake();
    },
    past,
  );
  const gate = new Gate({
    now: () => clock.now,
    sha256,
    delays: () => ({ armingMs: 300, holdMs: 800, confirmMs: 3000 }),
    isHandNear: () => true,
    onRefused: (proposal, reason, count) =>
      recorder.emit({ type: "decision.refused", body: { proposal, reason, count } }),
  });
  const runner = new Runner({
    config: { ...ASK, ...config },
    recorder,
    computer: renewing ?? computer,
    renewable: renewing === null ? null : renewalOf(renewing),
    conversation: claude,
    gate,
    stream: () => undefined,
    sha256,
    now: () => clock.now,
    started: {
      system: "",
      app: "test",
      platform: "test",
      display: DISPLAY,
      space: SPACE,
      desktop: { display: ":9", pids: [] },
    },
    exitWhenDone,
    settleMs: 10,
    goesOn: crashed !== null,
    openNotes: openNotes(past),
  });
  renewing?.onLost((why) => runner.lost(why));
  const done = runner.run();
  const until = async (kind: string): Promise<void> => {
    const there = () => innerPhase(runner.view.phase).kind === kind || runner.view.phase.kind === kind;
    while (!there()) {
      if (runner.view.phase.kind === "ended") throw new Error(`ended (${runner.view.phase.reason}) before ${kind}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      });
    }
    // The gate takes a proposal right after its events.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const decide: Stage["decide"] = (decision) => {
    const proposal = currentStep(runner.view)?.proposal;
    if (proposal === undefined || proposal === null) throw new Error("nothing waits");
    const digest = sha256(digestText(digestInputOf(runner.view.id, proposal)));
    runner.shown(proposal.id, proposal.rev, digest);
    clock.now += 400;
    // Held, as something risky needs; whatever is not risky may be held too.
    runner.pressed(proposal.id, proposal.rev, digest);
    clock.now += 800;
    return runner.decide({ proposal: proposal.id, rev: proposal.rev, digest, decision, given: "held" });
  };
  const approve = async () => {
    await until("deciding");
    const answer = decide({ kind: "approve" });
    if (!answer.ok) throw new Error(answer.error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const lose = (why: string) => renewing?.lose(why);
  return { journal, computer, claude, runner, clock, done, until, decide, approve, lose };
}

function renewalOf(computer: RenewableComputer): Renewable {
  return {
    get isLost() {
      return computer.isLost;
    },
    renew: async () => {
      await computer.renew();
      return { display: ":10", pids: [] };
    },
    giveUp: () => computer.giveUp(),
  };
}
