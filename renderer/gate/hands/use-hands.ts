import { useCallback, useEffect, useRef, useState } from "react";
import type { Action } from "../../../shared/action.ts";
import { useVerbs } from "../../store/use-app.ts";
import { feed, flush, HANDS_OFF, type HandEvent, type Step } from "./hand-input.ts";

type Hands = {
  readonly take: (event: HandEvent) => void;
  /** Sends what still waits for its rest. */
  readonly finish: () => void;
  /** Why the last one was not done; null once one was. */
  readonly error: string | null;
};

/**
 * Sends what the operator's hand does, one action after the other, in order. After one that could not be done the
 * ones behind it are dropped: they were meant for what it would have made of the screen.
 */
export function useHands(session: string): Hands {
  const { hand } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const state = useRef(HANDS_OFF);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const queue = useRef<Action[]>([]);
  const sending = useRef(false);

  const send = useCallback(async () => {
    if (sending.current) return;
    sending.current = true;
    for (let action = queue.current.shift(); action !== undefined; action = queue.current.shift()) {
      const outcome = await hand(session, action);
      setError(outcome.ok ? null : outcome.error);
      if (!outcome.ok) queue.current = [];
    }
    sending.current = false;
  }, [hand, session]);

  const apply = useCallback(
    (step: Step) => {
      state.current = step.state;
      queue.current.push(...step.actions);
      clearTimeout(timer.current);
      if (step.state.waiting !== null)
        timer.current = setTimeout(() => apply(flush(state.current)), Math.max(0, step.state.due - performance.now()));
      void send();
    },
    [send],
  );

  const take = useCallback((event: HandEvent) => apply(feed(state.current, event, performance.now())), [apply]);
  const finish = useCallback(() => apply(flush({ ...state.current, down: null })), [apply]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { take, finish, error };
}
