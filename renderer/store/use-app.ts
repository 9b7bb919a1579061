import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { DEFAULT_PREFERENCES, type Preferences } from "../../shared/preferences.ts";
import type { App, AppState, Verbs } from "./app-store.ts";
import type { Mirror } from "./merge.ts";
import { type Queue, queueOf } from "./queue.ts";

export const AppContext = createContext<App | null>(null);

function useHandle(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("no AppContext around this component");
  return app;
}

/** One part of the window's state; the component renders again when it changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useHandle().store, select);
}

export function useVerbs(): Verbs {
  return useHandle().verbs;
}

/** What the operator has set; the defaults until main has said. */
export function usePreferences(): Preferences {
  return useApp((state) => state.info?.preferences) ?? DEFAULT_PREFERENCES;
}

/** While `on`, the operator is in the middle of something: the gate does not move to another session. */
export function useHold(on: boolean): void {
  const { hold } = useVerbs();
  useEffect(() => (on ? hold() : undefined), [on, hold]);
}

/** The open sessions as a queue. */
export function useQueue(): Queue {
  const listed = useApp((state) => state.listed);
  const mirrors = useApp((state) => state.mirrors);
  return useMemo(() => queueOf(listed, mirrors), [listed, mirrors]);
}

/** The mirror of a session; null when it is not known (yet). */
export function useMirror(session: string | null): Mirror | null {
  return useApp((state) => (session === null ? null : (state.mirrors[session] ?? null)));
}

/** The time of now in ms since 1970, moving only while `ticking`. */
export function useNow(ticking: boolean, everyMs = 500): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [ticking, everyMs]);
  return now;
}
