/**
 * The policy engine: one verdict over 200 rules, and a back-test of 10,000 recorded steps. The peer of a verdict is what
 * such rules are commonly written as: a list of closures over JavaScript's own regular expressions, without an
 * explanation.
 */
import type { Action } from "../shared/action.ts";
import { backtest } from "../shared/policy/backtest.ts";
import type { PolicyFacts, SeenWindow } from "../shared/policy/facts.ts";
import type { Mode, Policy, Rule } from "../shared/policy/format.ts";
import { type RecordedStep, recordedSteps } from "../shared/policy/recorded.ts";
import { evaluate } from "../shared/policy.ts";
import type { SessionEvent } from "../shared/session-event.ts";

const SPACE = { w: 1280, h: 800 } as const;
const WINDOW: SeenWindow = {
  id: 7,
  pid: 70,
  class: "Mousepad",
  title: "notes.txt - Mousepad",
  exe: "mousepad",
  bounds: { x: 0, y: 20, w: 1280, h: 780 },
};
const FACTS: PolicyFacts = {
  windows: { focus: WINDOW, points: [WINDOW] },
  cursor: [10, 10],
  space: SPACE,
  display: { x: 0, y: 0, ...SPACE, scale: 1 },
  risk: "ordinary",
  password: false,
  uses: {},
  lease: null,
};

/** `n` rules of which the last one allows what is asked, and all others are about it without matching. */
function rules(n: number): Rule[] {
  const others = Array.from({ length: n - 1 }, (_, i): Rule => {
    const about: readonly Partial<Rule>[] = [
      { actions: ["left_click", "scroll"], app: [`program-${i}*`] },
      { actions: ["left_click"], app: ["mousepad"], window: `*chapter ${i}*` },
      { actions: ["left_click"], region: { space: "screenshot", of: [1280, 800], rect: [i, i, i + 1, i + 1] } },
      { actions: ["type"], app: ["mousepad"], text: `line ${i}: [a-z ]{0,40}` },
      { actions: ["key"], keys: [`ctrl+alt+F${1 + (i % 12)}`] },
    ];
    return { id: `r${i}`, effect: i % 3 === 0 ? "deny" : "allow", ...about[i % about.length] };
  });
  return [...others, { id: "last", effect: "allow", actions: ["left_click", "type"], app: ["mousepad"] }];
}

const POLICY: Policy = { version: 1, name: "bench", rules: rules(200) };
const MODE: Mode = { kind: "policy", policy: POLICY };
const CLICK: Action = { action: "left_click", coordinate: [412, 96] };
const TYPE: Action = { action: "type", text: "Train to the workshop, class 2, with a seat by the window" };

/** The same rules as closures that answer yes or no. */
const PEER = POLICY.rules.map((rule) => {
  const apps = rule.app?.map((glob) => new RegExp(`^${glob.replaceAll("*", ".*")}$`, "i"));
  const title = rule.window === undefined ? null : new RegExp(`^${rule.window.replaceAll("*", ".*")}$`);
  const text = rule.text === undefined ? null : new RegExp(`^(?:${rule.text})$`);
  return (action: Action): boolean => {
    if (rule.actions !== undefined && !rule.actions.includes(action.action)) return false;
    if (apps !== undefined && !apps.some((app) => app.test(WINDOW.class))) return false;
    if (title !== null && !title.test(WINDOW.title)) return false;
    if (text !== null && (action.action !== "type" || !text.test(action.text))) return false;
    if (rule.region === undefined) return rule.keys === undefined;
    const [x0, y0, x1, y1] = rule.region.rect;
    const at = "coordinate" in action ? action.coordinate : undefined;
    return at !== undefined && at[0] >= x0 && at[1] >= y0 && at[0] < x1 && at[1] < y1;
  };
});

/** Microseconds per call: the median of 21 rounds. */
function measure(call: () => unknown, rounds = 21, each = 2000): number {
  for (let i = 0; i < each; i += 1) call();
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    for (let i = 0; i < each; i += 1) call();
    return ((performance.now() - start) * 1000) / each;
  }).sort((a, b) => a - b);
  return times[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** Events of `n` recorded steps, in sessions of 500, as main reads them. */
function recordedEvents(n: number): readonly (readonly SessionEvent[])[] {
  const sessions = Math.ceil(n / 500);
  return Array.from({ length: sessions }, (_, s) => {
    const events: unknown[] = [["session.started", { space: SPACE }]];
    for (let i = 0; i < Math.min(500, n - s * 500); i += 1) {
      const id = `${i + 1}.0`;
      const action = i % 2 === 0 ? { ...CLICK, coordinate: [i % 1280, i % 800] } : TYPE;
      const { bounds: _, exe: __, ...window } = WINDOW;
      const proposal = {
        id,
        rev: 1,
        action,
        display: FACTS.display,
        window,
        target: window,
        windows: FACTS.windows,
        cursor: [1, 1],
      };
      const decision = { kind: i % 7 === 0 ? "reject" : "approve", reason: null };
      events.push(
        ["turn.finished", { text: "I go on with the form.", thinking: "" }],
        ["action.proposed", { proposal }],
        ["decision.made", { proposal: id, decision, by: { kind: "operator" } }],
        ["action.finished", { proposal: id, outcome: "done" }],
      );
    }
    return events.map((event, i) => {
      const [type, body] = event as [string, unknown];
      return { v: 1, session: `bench-${s}`, seq: i + 1, ts: "2026-11-20T10:00:00.000Z", type, body } as SessionEvent;
    });
  });
}

function ms(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[2] ?? Number.NaN;
}

console.log("\n| one verdict, 200 rules | ours, with every rule's reason | closures, yes or no | ratio |");
console.log("| --- | --- | --- | --- |");
for (const [name, action] of [
  ["a click (120 rules about it)", CLICK],
  ["a text (41 rules about it)", TYPE],
] as const) {
  const ours = measure(() => evaluate(MODE, action, FACTS));
  const peer = measure(() => PEER.findIndex((rule) => rule(action)));
  console.log(`| ${name} | ${ours.toFixed(1)} µs | ${peer.toFixed(1)} µs | ${(ours / peer).toFixed(1)} x |`);
}

const stored = recordedEvents(10_000);
let steps: readonly RecordedStep[] = [];
const reading = ms(() => {
  steps = stored.flatMap(recordedSteps);
});
const small: Policy = { ...POLICY, rules: POLICY.rules.slice(-20) };
const twenty = ms(() => void backtest(small, steps));
const twoHundred = ms(() => void backtest(POLICY, steps));
console.log(`\n| back-test of ${steps.length.toLocaleString("en")} recorded steps | ms |`);
console.log("| --- | --- |");
console.log(`| steps read from their events | ${reading.toFixed(0)} |`);
console.log(`| 20 rules over them | ${twenty.toFixed(0)} |`);
console.log(`| 200 rules over them | ${twoHundred.toFixed(0)} |`);
