/** The edit of the card at the gate: one state for the form beside the picture and the handles on it. */
import { createContext, use, useCallback, useMemo, useState } from "react";
import type { Proposal } from "../../../shared/session-event.ts";
import { type Checked, checkDraft, type Draft, type DraftEvent, draftOf, reduceDraft, type Subject } from "./draft.ts";

export type Edit = {
  readonly draft: Draft;
  readonly checked: Checked;
  readonly subject: Subject;
};

export type Editor = {
  /** Null while nothing is being edited. */
  readonly edit: Edit | null;
  open(): void;
  close(): void;
  change(event: DraftEvent): void;
  /** While a decision is on its way to main, nothing can be changed. */
  lock(on: boolean): void;
  readonly locked: boolean;
};

type Held = { readonly key: string; readonly draft: Draft };

const NOTHING: Editor = {
  edit: null,
  open: () => {},
  close: () => {},
  change: () => {},
  lock: () => {},
  locked: false,
};

const EditorContext = createContext<Editor>(NOTHING);
export const EditorScope = EditorContext.Provider;

/** The editor of the card around this component. */
export function useEdit(): Editor {
  return use(EditorContext);
}

/**
 * The editor for the proposal at the gate (null when none waits). An edit belongs to one proposal and revision: another
 * one begins without, a pause in between keeps it.
 */
export function useEditor(session: string, proposal: Proposal | null): Editor {
  const [held, setHeld] = useState<Held | null>(null);
  const [locked, setLocked] = useState<string | null>(null);
  const key = proposal === null ? null : `${session} ${proposal.id} ${proposal.rev}`;
  const mine = held !== null && held.key === key ? held : null;

  const edit = useMemo((): Edit | null => {
    if (mine === null || proposal === null) return null;
    const subject = subjectOf(proposal);
    return { draft: mine.draft, subject, checked: checkDraft(mine.draft, subject) };
  }, [mine, proposal]);

  const open = useCallback(() => {
    if (proposal === null || key === null) return;
    setHeld((now) => (now?.key === key ? now : { key, draft: draftOf(proposal.action) }));
  }, [proposal, key]);
  const close = useCallback(() => setHeld(null), []);
  const lock = useCallback((on: boolean) => setLocked(on ? key : null), [key]);
  const isLocked = locked !== null && locked === key;
  const change = useCallback(
    (event: DraftEvent) => {
      if (proposal === null || isLocked) return;
      setHeld((now) =>
        now?.key === key ? { ...now, draft: reduceDraft(now.draft, event, subjectOf(proposal)) } : now,
      );
    },
    [proposal, key, isLocked],
  );

  return useMemo(
    () => ({ edit, open, close, change, lock, locked: isLocked }),
    [edit, open, close, change, lock, isLocked],
  );
}

function subjectOf(proposal: Proposal): Subject {
  const { action, screenshot, cursor } = proposal;
  return { proposed: action, space: { w: screenshot.w, h: screenshot.h }, cursor };
}
