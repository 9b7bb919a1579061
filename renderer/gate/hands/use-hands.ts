import { useCallback, useEffect, useRef, useState } from "react";
import type { Action } from "../../../shared/action.ts";
import { useVerbs } from "../../store/use-app.ts";
import { counted } from "../../ui/format.ts";
import { feed, flush, HANDS_OFF, type HandEvent, type Step } from "./hand-input.ts";
import { pasted } from "./paste.ts";

type Hands = {
  readonly take: (event: HandEvent) => void;
  /** Types a text from the operator's clipboard, after what came before. */
  readonly paste: (text: string) => void;
  /** Sends what still waits for its rest. */
  readonly finish: () => void;
  /** Why the last one was not done, in a sentence; null once one was. */
  readonly error: string | null;
  /** How far the last pasted text has come; null before there was one. */
  readonly said: string | null;
};

/** One action, and the pasted text that it is a part of. */
type Item = { readonly action: Action; readonly paste: Paste | null };
type Paste = { readonly length: number; typed: number };

/**
 * Sends what the operator's hand does, one action after the other, in order. After one that could not be done the
 * ones behind it are dropped: they were meant for what it would have made of the screen.
 */
export function useHands(session: string): Hands {
  const { hand } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const state = useRef(HANDS_OFF);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const queue = useRef<Item[]>([]);
  const sending = useRef(false);

  const send = useCallback(async () => {
    if (sending.current) return;
    sending.current = true;
    for (let item = queue.current.shift(); item !== undefined; item = queue.current.shift()) {
      const { action, paste } = item;
      const outcome = await hand(session, action);
      setError(outcome.ok ? null : `Not done: ${outcome.error}`);
      if (!outcome.ok) queue.current = [];
      if (paste === null) continue;
      if (outcome.ok && action.action === "type") paste.typed += [...action.text].length;
      setSaid(progressOf(paste));
    }
    sending.current = false;
  }, [hand, session]);

  const apply = useCallback(
    (step: Step) => {
      state.current = step.state;
      queue.current.push(...step.actions.map((action) => ({ action, paste: null })));
      clearTimeout(timer.current);
      if (step.state.waiting !== null)
        timer.current = setTimeout(() => apply(flush(state.current)), Math.max(0, step.state.due - performance.now()));
      void send();
    },
    [send],
  );

  const take = useCallback((event: HandEvent) => apply(feed(state.current, event, performance.now())), [apply]);
  const finish = useCallback(() => apply(flush({ ...state.current, down: null })), [apply]);
  const paste = useCallback(
    (text: string) => {
      finish();
      const read = pasted(text);
      if (!read.ok) return setError(`Not pasted: ${read.error}`);
      const whole: Paste = { length: read.length, typed: 0 };
      setError(null);
      setSaid(progressOf(whole));
      queue.current.push(...read.actions.map((action) => ({ action, paste: whole })));
      void send();
    },
    [finish, send],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  return { take, paste, finish, error, said };
}

function progressOf({ typed, length }: Paste): string {
  const all = counted(length, "pasted character");
  return typed < length ? `${typed} of ${all} typed` : `${all} typed`;
}
