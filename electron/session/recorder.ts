import type { ImageRef } from "../../shared/digest.ts";
import type { StoredEvent } from "../../shared/session-event.ts";
import { foldSession, reduceSession, type SessionView } from "../../shared/session-view.ts";
import type { SentImage } from "../claude/claude.ts";
import type { DesktopFacts, Look, Picture } from "../computer/computer.ts";
import type { NewEvent, SessionJournal } from "../journal/journal.ts";

/** A stored look at the desktop: the picture's reference, its bytes (to send) and the facts of its moment. */
export type Sight = { readonly image: SentImage; readonly facts: DesktopFacts };

/** The one writer of a session's events: to disk first, then folded, then told to whoever watches. */
export class Recorder {
  readonly #journal: SessionJournal;
  readonly #publish: (view: SessionView, events: readonly StoredEvent[]) => void;
  #view: SessionView;

  /** @param past the events of a session that goes on */
  constructor(
    journal: SessionJournal,
    publish: (view: SessionView, events: readonly StoredEvent[]) => void,
    past: readonly StoredEvent[] = [],
  ) {
    this.#journal = journal;
    this.#publish = publish;
    this.#view = foldSession(journal.session, past);
  }

  get view(): SessionView {
    return this.#view;
  }

  /** Appends in one durable commit. Throws a JournalError when it could not: then nothing has happened. */
  emit(...events: readonly NewEvent[]): void {
    const stored = this.#journal.append(events);
    this.#view = stored.reduce(reduceSession, this.#view);
    this.#publish(this.#view, stored);
  }

  /** Stores a picture (on disk when it resolves), ready to be named by an event. */
  async keep(picture: Picture): Promise<SentImage> {
    const ref: ImageRef = { sha256: picture.sha256, w: picture.size.w, h: picture.size.h };
    await this.#journal.putImage(picture.png, ref);
    return { ref, png: picture.png };
  }

  async keepLook(look: Look): Promise<Sight> {
    return { image: await this.keep(look.picture), facts: look.facts };
  }
}
