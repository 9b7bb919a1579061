/** What the window asks of the record when a session is replayed. */
import type { EventPage, RecordedTurn, TurnOutcome } from "../../shared/ipc.ts";
import { chooseModel } from "../../shared/model.ts";
import type { StoredEvent } from "../../shared/session-event.ts";
import { recordedRequest } from "../claude/recorded-request.ts";
import type { JournalStore } from "../journal/store.ts";
import { pastTurns, systemOf } from "../session/resume.ts";
import type { Handlers } from "../windows/ipc.ts";

/** The channels of a replay over the store. */
export function replayAnswers(store: JournalStore): Pick<Handlers, "session.page" | "session.turn"> {
  return {
    "session.page": ({ session, after, limit }): EventPage => ({
      events: store.events(session, after, limit).map(withoutRaw),
      last: store.lastSeq(session),
    }),
    "session.turn": ({ session, turn }) => turnOf(store, session, turn),
  };
}

/** The raw reply is most of a session's bytes and nothing folds it: `session.turn` has it. */
function withoutRaw(event: StoredEvent): StoredEvent {
  if (event.type !== "turn.finished") return event;
  const { contentText: _, ...body } = event.body;
  return { ...event, body: { ...body, message: null } };
}

async function turnOf(store: JournalStore, session: string, turn: number): Promise<TurnOutcome> {
  const events = store.eventsOf(session, ["session.started", "turn.started", "turn.finished"]);
  const started = events.find((event) => event.type === "session.started")?.body;
  const upTo = events.filter((event) => !("turn" in event.body) || event.body.turn <= turn);
  if (started === undefined || !upTo.some((event) => event.type === "turn.started" && event.body.turn === turn))
    return { ok: false, error: `There is no turn ${turn} in this session.` };
  const { model: id, toolVersion, effort, onePerTurn } = started.config;
  const choice = chooseModel(id, toolVersion);
  if (!choice.ok) return choice;
  const setup = {
    model: choice.model,
    toolVersion,
    effort,
    onePerTurn,
    space: started.space,
    system: systemOf(events),
  };
  const asked = upTo.filter((event) => event.type !== "turn.finished" || event.body.turn < turn);
  try {
    const answered = upTo.findLast((event) => event.type === "turn.finished" && event.body.turn === turn);
    const stopReason = answered?.type === "turn.finished" ? answered.body.stopReason : null;
    const request = await recordedRequest(setup, pastTurns(asked), stopReason);
    return { ok: true, turn: { request: pretty(request), response: responseOf(upTo, turn) } };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function responseOf(events: readonly StoredEvent[], turn: number): RecordedTurn["response"] {
  const finished = events.findLast((event) => event.type === "turn.finished" && event.body.turn === turn);
  if (finished?.type !== "turn.finished") return null;
  const { message, contentText } = finished.body;
  // The record sorts keys; the content's own order is kept beside it.
  const content = contentText === undefined ? {} : { content: JSON.parse(contentText) as unknown };
  return pretty(typeof message === "object" && message !== null ? { ...message, ...content } : message);
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
