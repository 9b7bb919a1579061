import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Outcome } from "../../shared/ipc.ts";
import { Notice } from "../ui/Notice.tsx";

type Props<Name extends string> = {
  /** Of the heading, for what it labels. */
  readonly id: string;
  readonly title: string;
  readonly help: string;
  /** In the order of the list. */
  readonly names: readonly Name[];
  readonly keys: Readonly<Record<Name, string>>;
  readonly defaults: Readonly<Record<Name, string>>;
  /** What is wrong with such keys, in words; null for nothing. */
  readonly problemOf: (next: Readonly<Record<Name, string>>) => string | null;
  readonly onSave: (next: Readonly<Record<Name, string>>) => Promise<Outcome>;
  /** One of them, and where what was pressed for it goes. */
  readonly row: (name: Name, onKeys: (combo: string) => void) => ReactNode;
  /** The button that brings all of them back. */
  readonly reset: string;
};

/** A section of Settings with keys, each to be pressed anew; what can't be is said and changes nothing. */
export function KeyList<Name extends string>(props: Props<Name>) {
  const { id, title, help, names, keys, defaults, problemOf, onSave, row, reset } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (next: Readonly<Record<Name, string>>) => {
    const wrong = problemOf(next);
    if (wrong !== null) return setProblem(wrong);
    const outcome = await onSave(next);
    setProblem(outcome.ok ? null : outcome.error);
  };
  const changed = names.some((name) => keys[name] !== defaults[name]);
  return (
    <section className="panel" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <p className="dim">{help}</p>
      <dl className="settings-keys">
        {names.map((name) => row(name, (combo) => void save({ ...keys, [name]: combo })))}
      </dl>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          Not changed: {problem}
        </Notice>
      )}
      {changed ? (
        <div>
          <Button variant="default" onClick={() => void save(defaults)}>
            {reset}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
