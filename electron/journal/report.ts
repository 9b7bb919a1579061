/** One self-contained HTML file about a session: for reading, printing and filing, with no network and no script. */

import type { Review } from "../../shared/ipc-journal.ts";
import { whereFacts } from "../../shared/own-desktop.ts";
import { foldSession, type SessionView, stepId } from "../../shared/session-view.ts";
import { type Html, html, joined } from "./html.ts";
import { JournalError } from "./journal.ts";
import { turnPart } from "./report-steps.ts";
import { STYLE } from "./report-style.ts";
import { sha256Hex } from "./sha256.ts";
import type { JournalStore } from "./store.ts";
import { placeOf, type VerifyResult, verifySession } from "./verify.ts";
import { writeWhole } from "./zip-write.ts";

export type ReportOptions = {
  /** `<turn>.<index>` of the steps to report; null for all. */
  readonly steps: readonly string[] | null;
  /** ms since 1970. */
  readonly now: number;
};

/**
 * Writes a session's report to `path`. What `verify` says of the record stands in it: a damaged one is reported as such.
 * Throws a JournalError.
 */
export async function writeReport(
  store: JournalStore,
  dir: string,
  session: string,
  path: string,
  { steps, now }: ReportOptions,
): Promise<void> {
  const view = foldSession(session, store.events(session));
  if (view.config === null) throw new JournalError("not_found", `There is no session ${session}.`);
  const missing = steps?.find((id) => !view.steps.some((step) => stepId(step) === id));
  if (missing !== undefined) throw new JournalError("not_found", `Session ${session} has no step ${missing}.`);
  const verified = await verifySession(dir, session);
  const review = store.review(session);
  const chosen = steps === null ? null : new Set(steps);
  await writeWhole(path, async (file) => {
    await file.writeFile(head(view).markup);
    await file.writeFile(factsPart(view, verified, now).markup);
    if (chosen !== null) await file.writeFile(partPart(view, chosen).markup);
    await file.writeFile(reviewPart(review).markup);
    const shown = new Set<string>();
    const picture = async (sha256: string): Promise<string | null> => {
      try {
        return Buffer.from(await store.readImage(sha256)).toString("base64");
      } catch {
        return null;
      }
    };
    for (const turn of view.turns) {
      const part = await turnPart(view, turn, { chosen, review, shown, picture });
      if (part !== null) await file.writeFile(part.markup);
    }
    await file.writeFile("</main></body></html>\n");
  });
}

/** Nothing is loaded, nothing runs, nothing is sent: the browser holds to that even if a recorded text got through. */
function head(view: SessionView): Html {
  const styleHash = Buffer.from(sha256Hex(STYLE), "hex").toString("base64");
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const title = view.config?.task.split("\n")[0] ?? view.id;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
<title>${title.slice(0, 120)}</title><style>${{ markup: STYLE }}</style></head><body><main>
<p class="kind">Countersign: report of a session</p><h1>${view.config?.task ?? view.id}</h1>`;
}

function factsPart(view: SessionView, verified: VerifyResult, now: number): Html {
  const { config } = view;
  const count = (kind: "edit" | "reject") => view.steps.filter((step) => step.decision?.decision.kind === kind).length;
  const ended =
    view.phase.kind === "ended"
      ? `${view.phase.reason}${view.phase.detail === null ? "" : `: ${view.phase.detail}`}`
      : "open";
  const { input, output, cacheRead, cacheWrite } = view.usage;
  const facts: readonly (readonly [string, string])[] = [
    ["Session", view.id],
    ["Model", `${config?.model ?? ""}, ${config?.toolVersion ?? ""}`],
    ...(config === null ? [] : whereFacts(config.where)),
    ["Mode", config?.mode.kind ?? ""],
    ["Started", view.startedAt ?? ""],
    ["Ended", view.endedAt ?? "not yet"],
    ["Outcome", ended],
    ["Steps executed", String(view.steps.filter((step) => step.executed !== null).length)],
    ["Edited, rejected", `${count("edit")}, ${count("reject")}`],
    ["Tokens in, out", `${input + cacheRead + cacheWrite}, ${output}`],
    ["Cost", view.costUsd === null ? "unknown" : `$${view.costUsd.toFixed(2)}`],
    ["Report written", new Date(now).toISOString()],
  ];
  return html`<table class="facts">${joined(facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`))}</table>${proof(view, verified)}`;
}

/** The head, for whoever keeps this paper: a later change of the record gives another one. */
function proof(view: SessionView, verified: VerifyResult): Html {
  if (!verified.ok) {
    return html`<section class="proof bad"><h2>The record is damaged</h2><p>${placeOf(verified.at)}: ${verified.problem}</p></section>`;
  }
  const signed =
    verified.signedBy === null
      ? html`<p>No key signed it: this machine has no keychain to keep one in.</p>`
      : html`<p>Signed by the key <code>${verified.signedBy}</code></p>`;
  return html`<section class="proof"><h2>The record is whole</h2>
<p>${verified.events} events and ${verified.blobs} pictures verified when this report was written. Head:</p>
<p><code>${verified.head}</code></p>${signed}
<p class="dim">Anyone who keeps this head can tell later whether the record is still the one this report was made from:
<code>npm run --silent journal -- verify ${view.id}</code> prints the same.</p></section>`;
}

/** A report of some steps says so, and which. */
function partPart(view: SessionView, chosen: ReadonlySet<string>): Html {
  const ids = view.steps.map(stepId).filter((id) => chosen.has(id));
  const links = ids.map((id) => html`<a href="#step-${id}">${id}</a> `);
  return html`<section class="proof"><h2>A part of the session</h2>
<p>This report has ${ids.length} of ${view.steps.length} steps: ${joined(links)}</p></section>`;
}

function reviewPart({ notes, flags }: Review): Html {
  if (notes.length === 0 && flags.length === 0) return html``;
  const ofSession = notes.filter(({ step }) => step === null);
  const flagged = flags.map(({ step }) => html`<a href="#step-${step}">${step}</a> `);
  return html`<section><h2>Review</h2>${flags.length === 0 ? html`` : html`<p>Flagged steps: ${joined(flagged)}</p>`}
${joined(ofSession.map(({ text, at }) => html`<p class="note"><span class="dim">${at}</span> ${text}</p>`))}</section>`;
}
