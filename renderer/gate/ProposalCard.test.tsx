import { MantineProvider } from "@mantine/core";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, describe as group, it } from "vitest";
import { describe } from "../../shared/action.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { foldSession, type Returned } from "../../shared/session-view.ts";
import { ACTIONS } from "../fixtures/actions.ts";
import { call, EDITOR, image, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import { fakeApi } from "../fixtures/fake-api.ts";
import { createApp } from "../store/app-store.ts";
import { AppContext } from "../store/use-app.ts";
import { checkDraft, type DraftEvent, draftOf, reduceDraft } from "./edit/draft.ts";
import { type Editor, EditorScope } from "./edit/editor.ts";
import { ProposalCard } from "./ProposalCard.tsx";

/** The card as it is before its first paint. */
function card(
  proposal: Proposal,
  returned: Returned | null = null,
  edits: readonly DraftEvent[] | null = null,
): string {
  const events = new Script(0)
    .start()
    .turn(1, "form")
    .finish(1, [call(proposal.action)])
    .propose(proposal).events;
  const view = foldSession(SESSION, events);
  const [step, turn] = [view.steps[0], view.turns[0]];
  if (step === undefined || turn === undefined) throw new Error("the script has a step");
  const html = renderToStaticMarkup(
    <AppContext value={createApp(fakeApi({}))}>
      <MantineProvider>
        <EditorScope value={editorOf(proposal, edits)}>
          <ProposalCard session={SESSION} proposal={proposal} step={step} turn={turn} returned={returned} />
        </EditorScope>
      </MantineProvider>
    </AppContext>,
  );
  // A point is kept on one line by an element of its own.
  return html.replaceAll(/<span class="no-wrap">([^<]*)<\/span>/g, "$1");
}

/** The editor after some events; without one while they are null. */
function editorOf(proposal: Proposal, edits: readonly DraftEvent[] | null): Editor {
  const subject = { proposed: proposal.action, space: proposal.screenshot, cursor: proposal.cursor };
  const draft = (edits ?? []).reduce((so, event) => reduceDraft(so, event, subject), draftOf(proposal.action));
  const edit = edits === null ? null : { draft, subject, checked: checkDraft(draft, subject) };
  return { edit, open: () => {}, close: () => {}, change: () => {}, lock: () => {}, locked: false };
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

group("the card", () => {
  it.each(ACTIONS.map((action) => [action.action, action] as const))(
    "says what %s will do and can't be approved before it was painted",
    (_, action) => {
      const html = card(proposalOf(action));
      expect(html).toContain('aria-label="Proposed action"');
      expect(html).toContain(escaped(describe(action)));
      expect(html).toMatch(/<button[^>]*aria-keyshortcuts="Control\+Enter"[^>]*aria-disabled="true"/);
      expect(html).toContain("Asks: in this mode every action waits for you.");
    },
  );

  it("shows the whole text, each Enter, and nothing invisible", () => {
    const text = "first\u202e line\r\nsecond\u200b<b>not markup</b>  end \n";
    const html = card(proposalOf({ action: "type", text }));
    expect(html).not.toMatch(/[\u202e\u200b\r]/);
    expect(html).not.toContain("<b>");
    expect(html.match(/↵ Enter/g)).toHaveLength(2);
    expect(html).toContain("&lt;U+202E&gt;");
    expect(html).toContain("&lt;U+200B&gt;");
    expect(html).toContain("3 lines, Enter pressed 2 times");
  });

  it("shows 50,000 characters to their end", () => {
    const text = `${"x".repeat(49_990)} the end.`;
    expect(card(proposalOf({ action: "type", text }))).toContain("the end.");
  });

  it("names the window under the point, and the one in front when it is another", () => {
    const html = card(proposalOf({ action: "left_click", coordinate: [100, 100] }, { target: EDITOR }));
    expect(html.indexOf("Mousepad")).toBeLessThan(html.indexOf("Expense-form"));
    expect(card(proposalOf({ action: "left_click", coordinate: [1, 1] }, { target: null }))).toContain(
      "no window is under the point",
    );
  });

  it("shows what an edit would run, and what Claude proposed", () => {
    const proposal = proposalOf({ action: "left_click", coordinate: [100, 100] });
    const html = card(proposal, null, [{ type: "field", field: "x", value: "107" }]);
    expect(html).toContain("Left click at 107, 100</h2>");
    expect(html).toContain("Claude proposed:</span> Left click at 100, 100");
    expect(html).toContain("Approve edited");
    expect(card(proposal, null, [])).not.toContain("Approve edited");
  });

  it("says in which field an edit is wrong, and what of", () => {
    const html = card(proposalOf({ action: "left_click", coordinate: [100, 100] }), null, [
      { type: "point", point: "point", at: [100, 900] },
    ]);
    expect(html).toContain("900 is outside the 1280x800 screenshot");
    expect(html).toContain("run yet: one of its fields is wrong");
    expect(html).toContain("Left click at 100, 100</h2>");
  });

  it("says that it is the operator's edit that came back, with Claude's own action whole", () => {
    const original = { action: "type", text: `${"a long text ".repeat(9)}\u202e` } as const;
    const html = card(proposalOf({ action: "type", text: "short" }, { rev: 2, original }));
    expect(html).toContain("You edited this.");
    expect(html).toContain("Type &quot;short&quot;</h2>");
    expect(html).toContain("Claude&#x27;s text, whole");
    expect(html).toContain("&lt;U+202E&gt;");
  });

  it("says why it came back and that nothing was sent", () => {
    const html = card(proposalOf({ action: "left_click", coordinate: [1, 1] }, { rev: 2, now: image("form-moved") }), {
      reason: "window",
      detail: "A dialog opened.",
    });
    expect(html).toContain("nothing was sent");
    expect(html).toContain("A dialog opened.");
    expect(html).toContain("Shown for the 2nd time");
  });
});
