import type { ImageRef } from "../../shared/digest.ts";
import { redactEvent, typedTexts } from "../../shared/redact.ts";
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
  /** Texts that must not be written; null while none is secret. In memory only. */
  #secrets: Set<string> | null = null;
  readonly #unkept = new Map<number, StoredEvent>();

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

  /** Whether typed text is kept out of the record. */
  get secret(): boolean {
    return this.#secrets !== null;
  }

  /**
   * Keeps typed text out of the record from here on: the texts given, and all that is typed later. Who watches the
   * session still sees it, as nobody can decide on what they can't read.
   */
  markSecret(proposal: string | null, texts: readonly string[]): void {
    this.#secrets = new Set([...(this.#secrets ?? []), ...texts]);
    this.emit({ type: "secret.marked", body: { proposal } });
  }

  /** Appends in one durable commit. Throws a JournalError when it could not: then nothing has happened. */
  emit(...events: readonly NewEvent[]): void {
    const secrets = this.#secrets;
    const stored = this.#journal.append(secrets === null ? events : events.map((event) => kept(event, secrets)));
    const live = secrets === null ? stored : stored.map((event, i) => this.#asItWas(event, events[i]));
    this.#view = live.reduce(reduceSession, this.#view);
    this.#publish(this.#view, live);
  }

  /** Stored events as they were before texts were kept out of them: for the window, while the session runs. */
  live(stored: readonly StoredEvent[]): readonly StoredEvent[] {
    return stored.map((event) => this.#unkept.get(event.seq) ?? event);
  }

  #asItWas(stored: StoredEvent, event: NewEvent | undefined): StoredEvent {
    const live = { ...stored, ...event } as StoredEvent;
    this.#unkept.set(stored.seq, live);
    return live;
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

function kept(event: NewEvent, secrets: Set<string>): NewEvent {
  for (const text of typedTexts(event.body)) secrets.add(text);
  return redactEvent(event, secrets);
}
