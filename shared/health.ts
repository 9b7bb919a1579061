/** Whether this machine has what the app needs, one thing after another: the same list for the window and for `--health`. Pure. */

import { HEALTH_GROUPS, type HealthItem, type HealthState } from "./ipc-health.ts";
import type { KeyEntry, KeyList } from "./ipc-keys.ts";
import { type Installer, installCommand, missingPrograms, NEEDED_PROGRAMS } from "./needed-programs.ts";
import { sentence } from "./sentence.ts";

/** What the operator's own display said. */
export type DisplayFact =
  /** No display to ask (none is set, or not this kind of system). */
  | { readonly kind: "none" }
  | { readonly kind: "answers"; readonly monitors: number }
  | { readonly kind: "silent"; readonly why: string };

/** macOS: what `systemPreferences` says. */
export type MacPermissions = {
  /** `not-determined`: never asked for yet. */
  readonly screen: "granted" | "denied" | "restricted" | "not-determined" | "unknown";
  readonly accessibility: boolean;
};

export type HealthFacts = {
  /** Node's name of the system. */
  readonly platform: string;
  /** Why no session can work on the operator's own desktop, in words; null when nothing speaks against it. */
  readonly thisDesktopProblem: string | null;
  readonly display: DisplayFact;
  readonly isFound: (program: string) => boolean;
  /** Null when none of those known is there. */
  readonly installer: Installer | null;
  readonly asRoot: boolean;
  /** Null where the system asks for none. */
  readonly permissions: MacPermissions | null;
  readonly keys: KeyList;
  /** Whether there is a file of stored keys that can't be looked into now (without a window there is no keychain). */
  readonly sealedKeys: boolean;
  /** The proxy that requests go through; null for none. */
  readonly proxy: string | null;
  readonly data: {
    readonly folder: string;
    /** Why it can't be written; null when it can. */
    readonly problem: string | null;
    /** Null when it can't be told. */
    readonly freeBytes: number | null;
  };
  /** What is wrong with settings.json, each with its path. */
  readonly settingsProblems: readonly string[];
  /** False where Chromium's sandbox is off (as uid 0). */
  readonly sandboxed: boolean;
  /** Why no session may start in this process at all; null when one may. */
  readonly startProblem: string | null;
};

/** A session's pictures and a day's work need about this much, bytes. */
const LEAST_FREE = 1_000_000_000;

type Made = Pick<HealthItem, "state" | "words"> & Partial<Pick<HealthItem, "command" | "page">>;

/** Everything there is to check, in the order it is shown. */
export function healthOf(facts: HealthFacts): readonly HealthItem[] {
  const item = (group: HealthItem["group"], id: string, title: string, made: Made): HealthItem => ({
    ...{ id, group, title, command: null, page: null },
    ...made,
  });
  const { permissions } = facts;
  return [
    item("Desktops", "own-desktop", "A desktop of Claude's own", ownDesktop(facts)),
    item("Desktops", "this-desktop", "This desktop", thisDesktop(facts)),
    ...(permissions === null
      ? [item("Permissions", "permissions", "Permissions of the system", { state: "good", words: noPermission(facts) })]
      : [
          item("Permissions", "screen-recording", "Screen recording", screenRecording(permissions)),
          item("Permissions", "accessibility", "Accessibility", accessibility(permissions)),
        ]),
    ...programs(facts).map(({ program, ...made }) => item("Programs", program.toLowerCase(), program, made)),
    item("API key", "key", "API key", key(facts)),
    item("API key", "keychain", "Keychain", keychain(facts)),
    ...(facts.proxy === null
      ? []
      : [item("API key", "proxy", "Proxy", { state: "note", words: `Requests go through the proxy ${facts.proxy}.` })]),
    item("This machine", "data", "Data folder", dataFolder(facts)),
    item("This machine", "settings", "Settings", settings(facts)),
    item("This machine", "sandbox", "The window's sandbox", sandbox(facts)),
    ...(facts.startProblem === null
      ? []
      : [item("This machine", "debugger", "Debugger", { state: "bad", words: facts.startProblem })]),
  ];
}

/** The worst of the states. */
export function worstOf(items: readonly HealthItem[]): HealthState {
  if (items.some(({ state }) => state === "bad")) return "bad";
  return items.some(({ state }) => state === "note") ? "note" : "good";
}

const MARKS: Readonly<Record<HealthState, string>> = { good: "ok", note: "note", bad: "TO DO" };

/** The list as plain text, as `--health` prints it. */
export function healthText(items: readonly HealthItem[]): string {
  const lines = HEALTH_GROUPS.flatMap((group) => {
    const own = items.filter((each) => each.group === group);
    return own.length === 0 ? [] : ["", group, ...own.flatMap(linesOf)];
  });
  const todo = items.filter(({ state }) => state === "bad").length;
  const last = todo === 0 ? "Everything needed is here." : `${todo} ${todo === 1 ? "thing" : "things"} to do.`;
  return [...lines.slice(1), "", last].join("\n");
}

function linesOf({ title, state, words, command }: HealthItem): readonly string[] {
  return [
    `  ${`[${MARKS[state]}]`.padEnd(8)} ${title}: ${words}`,
    ...(command === null ? [] : [`           ${command}`]),
  ];
}

function ownDesktop(facts: HealthFacts): Made {
  if (facts.platform !== "linux") return { state: "note", words: "A virtual display for Claude alone needs Linux." };
  const missing = missingPrograms("desktop", facts.isFound);
  if (missing.length === 0)
    return {
      state: "good",
      words: "Can be started: Xvfb and openbox are here. Your mouse and windows are not touched.",
    };
  const names = missing.map(({ program }) => program).join(" and ");
  return { state: "bad", words: `Needs ${names}. ${howTo(facts)}`, command: installCommand(missing, ...here(facts)) };
}

function thisDesktop(facts: HealthFacts): Made {
  const { thisDesktopProblem, display, platform } = facts;
  // With a desktop of its own to work on, the other is a choice and no need.
  const otherwise = platform === "linux" && missingPrograms("desktop", facts.isFound).length === 0 ? "note" : "bad";
  if (thisDesktopProblem !== null) return { state: otherwise, words: thisDesktopProblem };
  switch (display.kind) {
    case "answers":
      return {
        state: "good",
        words: `An X11 session with ${display.monitors === 1 ? "one display: Claude can work on it" : `${display.monitors} displays: Claude can work on the one you pick`}.`,
      };
    case "silent":
      return { state: otherwise, words: `The display does not answer: ${display.why}` };
    case "none":
      return { state: otherwise, words: "There is no display to work on." };
  }
}

function noPermission({ platform }: HealthFacts): string {
  if (platform === "linux")
    return "None to give: under X11 every program of yours may look and click. So give Claude a desktop of its own for what you do not trust.";
  return "This system asks for none.";
}

function screenRecording({ screen }: MacPermissions): Made {
  const page = "screen-recording" as const;
  switch (screen) {
    case "granted":
      return { state: "good", words: "Given.", page };
    case "restricted":
      return { state: "bad", words: "Forbidden by whoever manages this computer; ask them.", page };
    case "denied":
      return {
        state: "bad",
        words:
          "Not given. Switch Countersign on in the system's list; macOS takes it up when Countersign starts again.",
        page,
      };
    case "not-determined":
    case "unknown":
      return {
        state: "bad",
        words: "Not asked for yet. Open the system's list and switch Countersign on; it counts from the next start.",
        page,
      };
  }
}

function accessibility({ accessibility: given }: MacPermissions): Made {
  const words = given
    ? "Given."
    : "Not given. Switch Countersign on in the system's list: without it no click and no key arrives. It counts at once.";
  return { state: given ? "good" : "bad", words, page: "accessibility" };
}

function programs(facts: HealthFacts): readonly (Made & { readonly program: string })[] {
  if (facts.platform !== "linux") return [];
  return NEEDED_PROGRAMS.map((each) => {
    const { program, why } = each;
    if (facts.isFound(program)) return { program, state: "good", words: `Here: ${why}.` };
    return {
      program,
      // What an own desktop lacks is said there, with one command for all of it.
      state: "note",
      words: `Not found: ${why}. ${howTo(facts)}`,
      command: installCommand([each], ...here(facts)),
    };
  });
}

function key({ keys, sealedKeys }: HealthFacts): Made {
  const chosen = keys.entries.find(({ id }) => id === keys.chosen);
  if (chosen !== undefined) return checked(chosen);
  if (keys.entries.length > 0)
    return { state: "bad", words: "There are several keys and none is chosen. Choose one in Settings." };
  if (sealedKeys)
    return { state: "note", words: "Keys are stored; only the window can open them, with the system's keychain." };
  return {
    state: "bad",
    words: "There is none. Enter one in the window, or set ANTHROPIC_API_KEY. The practice session needs none.",
  };
}

function checked(entry: KeyEntry): Made {
  const { name, tail, baseUrl, check } = entry;
  const named = `${name}${tail === "" ? "" : `, ending in ${tail}`}, for ${baseUrl ?? "Anthropic's own address"}`;
  if (check === null) return { state: "good", words: `${named}. Not checked yet.` };
  const message = sentence(check.message);
  const said = check.advice === null ? message : `${message} ${check.advice}`;
  const state = {
    accepted: "good",
    wrong_key: "bad",
    no_access: "bad",
    no_network: "bad",
    later: "note",
    other_server: "note",
  };
  return { state: state[check.verdict] as HealthState, words: `${named}. ${said}` };
}

function keychain({ keys }: HealthFacts): Made {
  if (keys.keychain === null) return { state: "note", words: "Can be asked by the window only." };
  return keys.keychain
    ? { state: "good", words: "Keys you enter are stored in this system's keychain." }
    : {
        state: "note",
        words: "This system has no keychain that can keep a key: one you enter stays in memory until the app ends.",
      };
}

function dataFolder({ data: { folder, problem, freeBytes } }: HealthFacts): Made {
  if (problem !== null) return { state: "bad", words: `${folder} can't be written: ${problem}` };
  if (freeBytes === null) return { state: "good", words: folder };
  const free = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes < LEAST_FREE)
    return { state: "bad", words: `${folder}: only ${free}. A session stops when its record can't be written.` };
  return { state: "good", words: `${folder}, ${free}` };
}

function settings({ settingsProblems }: HealthFacts): Made {
  if (settingsProblems.length === 0) return { state: "good", words: "Read without a fault." };
  return { state: "bad", words: `${settingsProblems.join(" ")} Everything else is kept.` };
}

function sandbox({ sandboxed }: HealthFacts): Made {
  return sandboxed
    ? { state: "good", words: "On." }
    : { state: "note", words: "Off: the app runs as root, and Chromium does not sandbox for root." };
}

function howTo({ installer }: HealthFacts): string {
  return installer === null ? "Install it with your system's package manager; on Debian:" : "Install with:";
}

function here({ installer, asRoot }: HealthFacts): readonly [Installer | null, boolean] {
  return [installer, asRoot];
}
