/** What the parts of a step share: its session, where that stands, and its call. */
import type { Point, Size } from "../../shared/geometry.ts";
import type { ParsedCall, StreamUpdate } from "../../shared/session-event.ts";
import type { Computer } from "../computer/computer.ts";
import type { AutoApproval } from "../gate/auto-approval.ts";
import type { Gate } from "../gate/gate.ts";
import type { Control } from "./control.ts";
import type { Recorder, Sight } from "./recorder.ts";

/** What a step needs of its session. */
export type StepDeps = {
  readonly session: string;
  readonly recorder: Recorder;
  readonly computer: Computer;
  readonly gate: Gate;
  readonly control: Control;
  readonly trust: AutoApproval;
  /** False with `--no-operator`. */
  readonly operator: boolean;
  readonly settleMs: number;
  readonly sha256: (text: string) => string;
  readonly now: () => number;
  readonly stream: (update: StreamUpdate) => void;
  /** Whether the operator approved this step ahead, on the storyboard; asked once. */
  readonly takeAhead: (proposal: string) => boolean;
  /** Withdraws what was approved ahead of the steps still to come. */
  readonly withdrawAhead: (reason: string) => void;
  /** Waits until the operator hands back; resolves with a fresh look. */
  readonly handedBack: () => Promise<Sight>;
};

/** Where the session stands when a step begins. */
export type StepState = {
  readonly space: Size;
  /** Claude's cursor. */
  readonly cursor: Point | null;
  /** What Claude saw. */
  readonly seen: Sight;
  /** The newest look at the desktop: after the step before, or the same as `seen`. */
  readonly latest: Sight;
};

/** Which call of which turn. */
export type Place = { readonly turn: number; readonly index: number; readonly call: ParsedCall };
