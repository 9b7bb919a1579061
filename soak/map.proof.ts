/** However typing ends, the keyboard map is afterwards what it was, to the last detail that XKB knows. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestDesktop, type TestDesktop } from "../electron/computer/x11/test-desktop.ts";
import { TestHands } from "../electron/computer/x11/test-hands.ts";
import { randomText } from "./characters.ts";
import { type Proof, randomBelow } from "./proof.ts";

const LAYOUTS = ["de", "fr", "ru"] as const;

export const PROOFS: readonly Proof[] = LAYOUTS.map((layout) => ({
  name: `the keyboard map comes back on the layout ${layout}`,
  whole: 100,
  sample: 4,
  run: (count, seed) => endings(layout, count, seed),
}));

/** `count` endings, in turn: success, a stop, an error, a refusal before the first key, a killed process. */
async function endings(layout: string, count: number, seed: number): Promise<string> {
  const desktop = await startTestDesktop();
  try {
    execFileSync("setxkbmap", [layout], { env: desktop.env });
    const other = await desktop.open("xterm", ["-e", "cat"]);
    const otherWindow = (await new TestHands(desktop.x11).focusWindow())?.id ?? 0;
    await desktop.open("mousepad", ["--disable-server", join(desktop.folder, "note.txt")]);
    const window = (await new TestHands(desktop.x11).focusWindow())?.id ?? 0;
    const focus = (id: number) => execFileSync("xdotool", ["windowfocus", "--sync", String(id)], { env: desktop.env });
    const before = mapOf(desktop);
    const below = randomBelow(seed);
    let left = 0;
    let kills = 0;
    for (let i = 0; i < count; i += 1) {
      const text = randomText(120, seed + i);
      const hands = new TestHands(desktop.x11);
      const at = below(120);
      const ways = {
        killed: async () => {
          kills += 1;
          await killedTyping(desktop, text.repeat(4), below(700));
          left += mapOf(desktop) === before ? 0 : 1;
          await hands.recover();
        },
        stopped: async () => {
          const stop = new AbortController();
          await hands.typeText(text, { signal: stop.signal, onProgress: (done) => done >= at && stop.abort() });
        },
        failed: async () => {
          const onProgress = (done: number) => done === at && focus(otherWindow);
          const failed = await hands.typeText(text, { keysFor: { window }, onProgress }).then(
            () => false,
            () => true,
          );
          if (!failed && at > 0) throw new Error("the focus went to another window and typing went on");
          focus(window);
        },
        refused: async () => {
          const refused = await hands.typeText(`${text}\u0007`).then(
            () => "",
            (error: unknown) => String(error),
          );
          if (!refused.includes("␇ at 120")) throw new Error(`not refused by name: ${refused}`);
        },
        typed: () => hands.typeText(text),
      };
      const names = Object.keys(ways) as (keyof typeof ways)[];
      const way = names[i % names.length] ?? "typed";
      await ways[way]();
      if (mapOf(desktop) !== before) throw new Error(`${way}, number ${i}: the map is another one`);
      const held = await hands.pressedKeys();
      if (held.length > 0) throw new Error(`${way}, number ${i}: the keys ${held.join(" ")} are down`);
    }
    void other;
    return `${count} endings, ${kills} of them kills, ${left} of which left the map bound until the next start: all put back`;
  } finally {
    await desktop.close();
  }
}

/** The whole map as XKB describes it: keys, types, groups, modifiers. */
function mapOf(desktop: TestDesktop): string {
  return execFileSync("xkbcomp", ["-w", "0", "-xkb", desktop.display, "-"], {
    env: desktop.env,
    encoding: "utf8",
    maxBuffer: 1 << 24,
  });
}

/** Kills a process (SIGKILL) `ms` after it has begun to type. */
async function killedTyping(desktop: TestDesktop, text: string, ms: number): Promise<void> {
  const child = fork(join(import.meta.dirname, "typist.ts"), [desktop.display, desktop.authority, text]);
  await once(child, "message");
  await sleep(ms);
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
