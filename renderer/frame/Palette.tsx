import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useId, useState } from "react";
import type { SessionView } from "../../shared/session-view.ts";
import { parseStepLink } from "../../shared/step-link.ts";
import { COMMANDS, shortcutHint, useShortcut } from "../gate/use-shortcuts.ts";
import type { Verbs } from "../store/app-store.ts";
import { usePreferences, useVerbs } from "../store/use-app.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { type Command, commandsNow, matching } from "./commands.ts";

/** The command palette: everything the window can do now, found by typing. */
export function Palette({ view }: { readonly view: SessionView | null }) {
  const [open, setOpen] = useState(false);
  const verbs = useVerbs();
  useShortcut("strip", () => void verbs.strip(true));
  useShortcut("palette", () => setOpen(true));
  useShortcut("nextWaiting", () => verbs.nextWaiting(1));
  useShortcut("previousWaiting", () => verbs.nextWaiting(-1));
  if (!open) return null;
  const run = (command: Command) => {
    setOpen(false);
    // Behind an open dialog nothing of the window is decided.
    setTimeout(command.run);
  };
  return (
    <Dialog small bare title="Everything the window can do" onClose={() => setOpen(false)}>
      <CommandList
        commandsFor={(typed) => linked(typed, verbs) ?? matching(commandsNow(view, verbs, COMMANDS), typed)}
        onRun={run}
      />
    </Dialog>
  );
}

/** What a pasted link leads to; null for any other text. */
function linked(typed: string, verbs: Verbs): readonly Command[] | null {
  const link = parseStepLink(typed);
  if (link === null) return null;
  const label =
    link.step === null ? `Open session ${link.session}` : `Open step ${link.step} of session ${link.session}`;
  return [{ label, binding: null, run: () => verbs.open(link.session, link.step) }];
}

type ListProps = {
  /** What can be done for what was typed. */
  readonly commandsFor: (typed: string) => readonly Command[];
  readonly onRun: (command: Command) => void;
};

function CommandList({ commandsFor, onRun }: ListProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const { keys } = usePreferences();
  const id = useId();
  const found = commandsFor(typed);
  const chosen = Math.min(at, found.length - 1);
  const mac = navigator.platform.startsWith("Mac");
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (to !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((to + found.length) % found.length);
    }
    const command = found[chosen];
    if (event.key !== "Enter" || event.repeat || command === undefined) return;
    event.preventDefault();
    onRun(command);
  };
  return (
    <div className="palette">
      <TextInput
        data-autofocus
        autoFocus
        role="combobox"
        aria-label="Command"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${chosen}`}
        placeholder="Type what you want to do, or paste a link to a step"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" role="listbox" id={id} aria-label="Commands">
        {found.map((command, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the chosen one
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field does it
          <div
            key={command.label}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === chosen}
            onClick={() => onRun(command)}
            onPointerMove={() => setAt(i)}
          >
            {command.label}
            {command.binding === null ? null : (
              <kbd className="mono dim">{shortcutHint(keys[command.binding], mac).label}</kbd>
            )}
          </div>
        ))}
        {found.length === 0 ? <p className="dim">Nothing the window can do now has these words.</p> : null}
      </div>
    </div>
  );
}
