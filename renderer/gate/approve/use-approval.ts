import { useEffect, useRef, useState } from "react";
import type { Given } from "../../../shared/ipc.ts";
import { useHold, usePreferences } from "../../store/use-app.ts";
import { Approval, type ApprovalState } from "./approval.ts";

export type ApprovalHandle = {
  readonly state: ApprovalState;
  readonly down: () => void;
  readonly up: () => void;
  readonly cancel: () => void;
};

type Options = {
  /** Whether it takes more than a press. */
  readonly risky: boolean;
  readonly enabled: boolean;
  readonly press: () => Promise<boolean>;
  readonly approve: (given: Given) => void;
};

/** Approve as a key and a button share it: an ordinary one counts when it goes down, a risky one as `Approval` says. */
export function useApproval(options: Options): ApprovalHandle {
  const { armingMs, holdMs, confirmMs } = usePreferences();
  const [state, setState] = useState<ApprovalState>("idle");
  // Held down, or pressed and to be confirmed.
  useHold(state !== "idle");
  const latest = useRef(options);
  const approval = useRef<Approval | null>(null);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const made = new Approval({
      armingMs,
      holdMs,
      confirmMs,
      press: () => latest.current.press(),
      approve: (given) => latest.current.approve(given),
      changed: setState,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    approval.current = made;
    const cancel = () => made.cancel();
    window.addEventListener("blur", cancel);
    return () => {
      window.removeEventListener("blur", cancel);
      made.cancel();
    };
  }, [armingMs, holdMs, confirmMs]);
  const { risky, enabled } = options;
  useEffect(() => {
    if (!risky || !enabled) approval.current?.cancel();
  }, [risky, enabled]);

  return {
    state,
    down: () => {
      if (!latest.current.enabled) return;
      if (latest.current.risky) approval.current?.down();
      else latest.current.approve("pressed");
    },
    up: () => approval.current?.up(),
    cancel: () => approval.current?.cancel(),
  };
}
