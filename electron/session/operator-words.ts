/** What the operator says to Claude: notes that ride along, and the reply to an answer. */
import { isOver } from "../../shared/session-view.ts";
import type { Control } from "./control.ts";
import type { Recorder } from "./recorder.ts";
import { ENDED, OK, type Reply } from "./reply.ts";

const ON_ITS_WAY: Reply = { ok: false, error: "Your reply is on its way." };

export class OperatorWords {
  readonly #recorder: Recorder;
  readonly #control: Control;
  #notes: string[];
  #reply: string | null = null;
  #finishAsked = false;
  /** An answer has been replied to, or finished with; one of them counts. */
  #replied = false;

  /** @param openNotes notes that no request has carried yet */
  constructor(recorder: Recorder, control: Control, openNotes: readonly string[]) {
    this.#recorder = recorder;
    this.#control = control;
    this.#notes = [...openNotes];
  }

  /** Gives Claude a note with the next results. */
  note(text: string): Reply {
    if (isOver(this.#recorder.view.phase)) return ENDED;
    this.#notes.push(text);
    this.#recorder.emit({ type: "note.added", body: { text } });
    return OK;
  }

  /** The notes that no request has carried yet; each once. */
  takeNotes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** Continues an answered session with another message. */
  reply(text: string): Reply {
    if (this.#recorder.view.phase.kind !== "answered")
      return { ok: false, error: "There is no answer to reply to; add a note instead." };
    if (this.#replied) return ON_ITS_WAY;
    this.#reply = text;
    return this.#answered();
  }

  /** Ends a session whose task is answered. */
  finish(): Reply {
    if (this.#recorder.view.phase.kind !== "answered")
      return { ok: false, error: "Claude has not answered yet; stop the session instead." };
    if (this.#replied) return ON_ITS_WAY;
    this.#finishAsked = true;
    return this.#answered();
  }

  /** Waits for what the operator makes of Claude's answer: their reply, or null when the session is to finish. */
  async waited(): Promise<string | null> {
    await this.#control.until(() => this.#reply !== null || this.#finishAsked);
    const reply = this.#reply;
    this.#reply = null;
    return reply;
  }

  /** Claude has taken another turn, which can be replied to anew. */
  turnTaken(): void {
    this.#replied = false;
  }

  #answered(): Reply {
    this.#replied = true;
    this.#control.wake();
    return OK;
  }
}
