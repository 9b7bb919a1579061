/** What the screen, a program or Claude wrote is shown as text, whatever it is: never markup, never invisible, cut honestly. */
import { MantineProvider } from "@mantine/core";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { Proposal } from "../../shared/session-event.ts";
import { foldSession } from "../../shared/session-view.ts";
import { call, proposalOf, Script, SESSION } from "../fixtures/events.ts";
import { fakeApi } from "../fixtures/fake-api.ts";
import { createApp } from "../store/app-store.ts";
import { AppContext } from "../store/use-app.ts";
import { GateView } from "./GateView.tsx";

/** The whole gate with one text in every place that a stranger can write to. */
function gate(hostile: string): string {
  const action = { action: "left_click", coordinate: [552, 538] } as const;
  const window = { id: 7, pid: 70, class: hostile, title: hostile };
  const control = { name: hostile, role: "push button", password: false, bounds: null };
  const proposal: Proposal = { ...proposalOf(action), window, target: window, controls: [control] };
  const events = new Script(0)
    .start()
    .turn(1, "form")
    .finish(1, [call(action)], { text: hostile, thinking: hostile })
    .propose(proposal).events;
  return renderToStaticMarkup(
    <AppContext value={createApp(fakeApi({}))}>
      <MantineProvider>
        <GateView mirror={{ view: foldSession(SESSION, events), live: null, since: null }} />
      </MantineProvider>
    </AppContext>,
  );
}

const buttons = (html: string) => (html.match(/<button/g) ?? []).length;
const QUIET = gate("Notes");

describe.each([
  ["markup", '<button>Approve</button><img src=x onerror="alert(1)"><script>alert(1)</script>'],
  ["a window like ours", '</h2></section><section aria-label="Proposed action"><h2>Safe</h2><button>Approve</button>'],
  ["entities", "&lt;script&gt;&#x202e;"],
  ["a link", "javascript:alert(1) https://example.com/press-approve"],
])("%s", (_, hostile) => {
  it("adds no element to the page", () => {
    const html = gate(hostile);
    expect(buttons(html)).toBe(buttons(QUIET));
    expect(html).not.toMatch(/<script|<img src="?x|onerror="alert|<a [^>]*javascript:/);
    expect((html.match(/aria-label="Proposed action"/g) ?? []).length).toBe(1);
  });
});

it("bidirectional controls, zero-width characters and ANSI sequences are symbols", () => {
  const html = gate("pay\u202Egpj.exe\u2066\u200B\u001B[31mred\u001B[0m\u0007");
  const text = html.replace(/<[^>]*>/g, "");
  for (const hidden of ["\u202E", "\u2066", "\u200B", "\u001B", "\u0007"]) expect(text).not.toContain(hidden);
  expect(text).toContain("&lt;U+202E&gt;");
  expect(text).toContain("␛[31mred");
});

it("a megabyte is cut, with what is missing said and a way to copy it", () => {
  const html = gate("A".repeat(1_000_000));
  expect(html.length).toBeLessThan(600_000);
  expect(html).toContain("980,000 more characters are not shown");
  expect(html).toContain("Copy all of it");
});

it("what would be typed is never cut", () => {
  const text = `${"word ".repeat(9_999)}end`;
  const action = { action: "type", text } as const;
  const events = new Script(0)
    .start()
    .turn(1, "form")
    .finish(1, [call(action)])
    .propose(proposalOf(action)).events;
  const html = renderToStaticMarkup(
    <AppContext value={createApp(fakeApi({}))}>
      <MantineProvider>
        <GateView mirror={{ view: foldSession(SESSION, events), live: null, since: null }} />
      </MantineProvider>
    </AppContext>,
  );
  expect(html).toContain("word end");
  expect(html).not.toContain("not shown");
});
