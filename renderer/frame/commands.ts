/** Everything the window can do now, as the palette lists it. */
import { BINDING_LABELS, BINDING_NAMES, type BindingName } from "../../shared/key-bindings.ts";
import type { SessionView } from "../../shared/session-view.ts";
import type { Verbs } from "../store/app-store.ts";

export type Command = {
  readonly label: string;
  /** The binding whose key does the same; null for none. */
  readonly binding: BindingName | null;
  readonly run: () => void;
};

/**
 * @param byKey what the keys of the window do now
 */
export function commandsNow(
  view: SessionView | null,
  verbs: Verbs,
  byKey: ReadonlyMap<BindingName, () => void>,
): readonly Command[] {
  const keyed = BINDING_NAMES.filter((name) => name !== "palette" && byKey.has(name)).map((name) => ({
    label: BINDING_LABELS[name],
    binding: name,
    run: byKey.get(name) ?? (() => undefined),
  }));
  return [...keyed, ...sessionCommands(view, verbs), ...viewCommands(verbs)];
}

function sessionCommands(view: SessionView | null, verbs: Verbs): readonly Command[] {
  const { kind } = view?.phase ?? { kind: null };
  const command = (label: string, run: () => void): Command => ({ label, binding: null, run });
  if (view === null || kind === "ended") return [command("New session", () => verbs.newSession())];
  const control = (verb: Parameters<Verbs["control"]>[1]) => () => void verbs.control(view.id, verb);
  return [
    ...(kind === "paused" ? [command("Resume", control("resume"))] : []),
    ...(kind === "retrying" ? [command("Try now", control("tryNow"))] : []),
    ...(kind === "answered" ? [command("Finish", control("finish"))] : []),
    ...(kind === "thinking" || kind === "retrying" || kind === "answered"
      ? [command("Take over", control("takeOver"))]
      : []),
    ...(kind === "takenOver"
      ? view.captureOff
        ? [command("Resume capture", control("resumeCapture"))]
        : [
            command("Hand back", () => void verbs.handBack(view.id, null)),
            command("Pause capture", control("pauseCapture")),
          ]
      : []),
    ...(kind === "stopping" ? [] : [command("Stop session", control("stop"))]),
    command("Open this session's record", () => verbs.open(view.id)),
    command("Start another session", () => verbs.newSession()),
  ];
}

function viewCommands(verbs: Verbs): readonly Command[] {
  const views = [
    ["Gate", "gate"],
    ["Sessions", "sessions"],
    ["Policy", "policy"],
    ["Settings", "settings"],
    ["Health", "health"],
  ] as const;
  const themes = [
    ["As the system", "auto"],
    ["Light", "light"],
    ["Dark", "dark"],
  ] as const;
  return [
    ...views.map(([name, view]) => ({ label: `Go to ${name}`, binding: null, run: () => verbs.go(view) })),
    ...themes.map(([name, theme]) => ({
      label: `Theme: ${name}`,
      binding: null,
      run: () => void verbs.setPreferences({ theme }),
    })),
  ];
}

/** The commands whose words are all in what was typed, in their order. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
}
