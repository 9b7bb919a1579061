/** Links to a step of a session: `countersign://session/<id>/step/<turn>.<index>`, or without the step. */

export type StepLink = {
  readonly session: string;
  /** A step's id (`<turn>.<index>`); null is the whole session. */
  readonly step: string | null;
};

const LINK = /^countersign:\/\/session\/([0-9a-z-]{8,40})(?:\/step\/(\d{1,6}\.\d{1,4}))?\/?$/;

export function formatStepLink({ session, step }: StepLink): string {
  return `countersign://session/${session}${step === null ? "" : `/step/${step}`}`;
}

/** Null for any text that is no such link; spaces around it don't matter. */
export function parseStepLink(text: string): StepLink | null {
  const [, session, step = null] = LINK.exec(text.trim()) ?? [];
  return session === undefined ? null : { session, step };
}
