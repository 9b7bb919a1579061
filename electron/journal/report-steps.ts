/** The turns and steps of a report. */
import { type Action, describe, pointsOf } from "../../shared/action.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Review } from "../../shared/ipc-journal.ts";
import { type SessionView, type StepView, stepId, type TurnView } from "../../shared/session-view.ts";
import { type Html, html, joined } from "./html.ts";

export type StepParts = {
  /** The steps to report; null for all. */
  readonly chosen: ReadonlySet<string> | null;
  readonly review: Review;
  /** The pictures that are in the report already. */
  readonly shown: Set<string>;
  /** A picture's bytes in base64; null when it is not there. */
  readonly picture: (sha256: string) => Promise<string | null>;
};

/** A turn with its steps; null when none of them was chosen. */
export async function turnPart(view: SessionView, turn: TurnView, parts: StepParts): Promise<Html | null> {
  const { chosen } = parts;
  const steps = view.steps.filter((step) => step.turn === turn.turn);
  const wanted = chosen === null ? steps : steps.filter((step) => chosen.has(stepId(step)));
  if (chosen !== null && wanted.length === 0) return null;
  const pieces: Html[] = [];
  for (const step of wanted) pieces.push(await stepPart(step, parts));
  return html`<section class="turn"><h2>Turn ${turn.turn}</h2><p class="dim">${turn.startedAt}</p>
${turn.thinking === "" ? html`` : html`<blockquote class="thinking">${turn.thinking}</blockquote>`}
${turn.text === "" ? html`` : html`<blockquote>${turn.text}</blockquote>`}
${turn.error === null ? html`` : html`<p class="bad">Failed: ${turn.error.message}</p>`}${joined(pieces)}</section>`;
}

async function stepPart(step: StepView, parts: StepParts): Promise<Html> {
  const id = stepId(step);
  const { parsed } = step.call;
  const proposed = "action" in parsed ? parsed.action : null;
  const action = step.executed ?? proposed;
  const flagged = parts.review.flags.some((flag) => flag.step === id);
  const notes = parts.review.notes.filter((note) => note.step === id);
  const lines: readonly (readonly [string, string])[] = [
    ["Proposed", proposed === null ? `not a valid action: ${step.result?.text ?? ""}` : describe(proposed)],
    ...(step.executed !== null && step.decision?.decision.kind === "edit"
      ? [["Executed", describe(step.executed)] as const]
      : []),
    ...payload(action),
    ["Decided", decided(step)],
    ...(step.verdict === null ? [] : [["Policy", step.verdict.explanation] as const]),
    ...step.returned.map((returned) => ["Came back", `${returned.reason}: ${returned.detail}`] as const),
    ["Outcome", `${step.status}${step.result === null ? "" : `: ${step.result.text}`}`],
    ...(step.startedAt === null ? [] : [["Started, ended", `${step.startedAt}, ${step.endedAt ?? "not"}`] as const]),
  ];
  return html`<article id="step-${id}"><h3>${id} ${action === null ? step.call.name : describe(action)}${flagged ? html` <span class="flag">flagged</span>` : html``}</h3>
<table>${joined(lines.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`))}</table>
${joined(notes.map(({ text, at }) => html`<p class="note"><span class="dim">Note, ${at}</span> ${text}</p>`))}
<div class="pictures">${await figure("What Claude saw", step.proposal?.screenshot ?? null, step, parts)}${await figure("After", step.after, null, parts)}</div></article>`;
}

/** Typed text and keys whole: the sentence may cut them. */
function payload(action: Action | null): readonly (readonly [string, string])[] {
  if (action === null) return [];
  if (action.action === "type") return [["Text", action.text]];
  return action.action === "key" || action.action === "hold_key" ? [["Keys", action.text]] : [];
}

const DECISIONS = { approve: "Approved", edit: "Edited", reject: "Rejected", take_over: "Taken over" } as const;

function decided(step: StepView): string {
  if (step.decision === null) return "no decision";
  const { decision, by, latencyMs, ahead } = step.decision;
  const who = by.kind === "operator" ? "by the operator" : `by the rule ${by.rule ?? "(default)"}`;
  const when = by.kind === "operator" ? `, after ${(latencyMs / 1000).toFixed(1)} s` : "";
  const reason = decision.kind === "reject" ? `, reason: ${decision.reason ?? "none given"}` : "";
  return `${DECISIONS[decision.kind]} ${who}${ahead ? " on the storyboard" : when}${reason}`;
}

/** A picture's bytes are in the report once; every further time it is drawn from there, with its own marks. */
async function figure(caption: string, ref: ImageRef | null, marked: StepView | null, parts: StepParts): Promise<Html> {
  if (ref === null) return html``;
  const again = parts.shown.has(ref.sha256);
  const png = again ? null : await parts.picture(ref.sha256);
  if (!again && png === null) return html`<p class="dim">${caption}: the picture ${ref.sha256} is not there.</p>`;
  parts.shown.add(ref.sha256);
  const id = `picture-${ref.sha256}`;
  const drawn =
    png === null
      ? html`<use href="#${id}"/>`
      : html`<image id="${id}" href="data:image/png;base64,${{ markup: png }}" width="${ref.w}" height="${ref.h}"/>`;
  return html`<figure><svg viewBox="0 0 ${ref.w} ${ref.h}" role="img" aria-label="${caption}">${drawn}${joined(marks(marked))}</svg>
<figcaption>${caption}<br><code>${ref.sha256}</code></figcaption></figure>`;
}

/** Proposed points as hollow rings, what ran (when it was edited) as solid ones. */
function marks(step: StepView | null): readonly Html[] {
  if (step === null) return [];
  return pointsIn(step).map(
    ({ at: [x, y], solid }) =>
      html`<g class="${solid ? "solid" : "hollow"}"><circle cx="${x}" cy="${y}" r="22"/><path d="M ${x - 34} ${y} H ${x - 12} M ${x + 12} ${y} H ${x + 34} M ${x} ${y - 34} V ${y - 12} M ${x} ${y + 12} V ${y + 34}"/></g>`,
  );
}

function pointsIn(step: StepView): readonly { readonly at: readonly [number, number]; readonly solid: boolean }[] {
  const { parsed } = step.call;
  const proposed = "action" in parsed ? pointsOf(parsed.action) : [];
  const executed = step.decision?.decision.kind === "edit" && step.executed !== null ? pointsOf(step.executed) : [];
  return [...proposed.map(([, at]) => ({ at, solid: false })), ...executed.map(([, at]) => ({ at, solid: true }))];
}
