import AxeBuilder from "@axe-core/playwright";
import { answerOnly, oneClick } from "../electron/practice/scenarios.ts";
import { type App, expect, test } from "./app.ts";

/** Serious or critical findings of axe in what is shown now. */
async function findings(app: App): Promise<readonly string[]> {
  // Electron has no second page for axe's frame bridge.
  const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

const THEMES = ["light", "dark"] as const;

/** Fails with what axe finds in the state that is shown, in either theme. */
async function nothingSerious(app: App, state: string): Promise<void> {
  for (const theme of THEMES) {
    await app.page.evaluate((name) => window.countersign.setPreferences({ theme: name }), theme);
    await expect(app.page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
    expect([state, theme, await findings(app)]).toEqual([state, theme, []]);
  }
}

test("axe finds nothing serious, light and dark", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await nothingSerious(app, "start");
  for (const view of ["Sessions", "Policy", "Settings", "Health", "Gate"]) {
    await app.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).click();
    await nothingSerious(app, view);
  }
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  await nothingSerious(app, "deciding");
  await app.page.keyboard.press("Control+Backspace");
  await expect(app.page.getByRole("textbox", { name: "Reason" })).toBeFocused();
  await nothingSerious(app, "rejecting");
  await app.page.keyboard.press("Enter");
  await expect(app.status).toHaveText("Claude answered");
  await nothingSerious(app, "answered");
  await app.finish();
  await nothingSerious(app, "finished");
});

test("the card and its buttons need no scrolling at 1280x800", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  const { width, height } = await app.page.evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }));
  for (const name of ["Approve", "Reject", "Stop session", "Pause"]) {
    const box = await app.page.getByRole("button", { name, exact: true }).boundingBox();
    expect([
      name,
      box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height,
    ]).toEqual([name, true]);
  }
  await expect(app.page.getByRole("img", { name: "Screenshot Claude saw" })).toBeVisible();
});

test("the page has no Node, cannot navigate, open windows or reach the network, and never sees the key", async ({
  launch,
}) => {
  const app = await launch({ script: answerOnly(), key: "practice-key-not-secret" });
  const inside = await app.page.evaluate(async () => {
    const reached = await fetch("https://example.com").then(
      () => true,
      () => false,
    );
    return {
      node: typeof (globalThis as { process?: unknown }).process + typeof (globalThis as { require?: unknown }).require,
      opened: window.open("https://example.com") !== null,
      reached,
      info: JSON.stringify(await window.countersign.info()),
      verbs: Object.keys(window.countersign).sort(),
    };
  });
  expect(inside).toMatchObject({ node: "undefinedundefined", opened: false, reached: false });
  expect(inside.info).not.toContain("practice-key");
  // Every verb of the preload and nothing else: a new one is added here on purpose.
  expect(inside.verbs).toEqual([
    "close",
    "control",
    "copyText",
    "decide",
    "decideBatch",
    "desktopOffer",
    "events",
    "hand",
    "handBack",
    "health",
    "hidden",
    "info",
    "journal",
    "keys",
    "live",
    "note",
    "onChime",
    "onChosen",
    "onEvents",
    "onInfo",
    "onStream",
    "onVisible",
    "page",
    "policies",
    "practice",
    "pressed",
    "recordedTurn",
    "reopen",
    "reply",
    "setKey",
    "setPreferences",
    "shown",
    "start",
    "strip",
  ]);
  await app.page.evaluate(() => {
    location.href = "https://example.com";
  });
  expect(app.page.url()).toBe("app://countersign/index.html");
  const csp = await app.electron.evaluate(async ({ session }) => {
    const response = await session.defaultSession.fetch("app://countersign/index.html");
    return response.headers.get("content-security-policy");
  });
  expect(csp).toContain("default-src 'none'");
  expect(csp).not.toContain("unsafe");
});

test("malformed messages are refused by field and change nothing", async ({ launch }) => {
  const app = await launch({ script: oneClick() });
  await app.start("Click the button");
  await app.waits("Left click at 640, 400");
  const errors = await app.page.evaluate(async () => {
    const said: string[] = [];
    const wrong: unknown[] = [
      null,
      {},
      { session: 7 },
      { session: "x".repeat(20), proposal: "1.0", rev: "1", digest: "", decision: { kind: "approve" } },
    ];
    for (const each of wrong) {
      await window.countersign.decide(each as never).then(
        () => said.push("accepted"),
        (error: Error) => said.push(error.message),
      );
    }
    return said;
  });
  expect(errors.join("\n")).not.toContain("accepted");
  expect(errors[2]).toContain("session:");
  expect(await app.all("decision.made")).toEqual([]);
});
