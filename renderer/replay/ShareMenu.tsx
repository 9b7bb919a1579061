import { Button, Menu } from "@mantine/core";
import { IconShare2 } from "@tabler/icons-react";
import { useState } from "react";
import type { Saved } from "../../shared/ipc-journal.ts";
import { useVerbs } from "../store/use-app.ts";
import { counted, wordsOf } from "../ui/format.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";

type Props = {
  readonly session: string;
  /** The ids of the selected steps: picked ones, else those a filter or a stretch of time lists; null when it is all. */
  readonly selected: readonly string[] | null;
  /** How many steps the session has. */
  readonly of: number;
  readonly kept: boolean;
  readonly onKeep: (keep: boolean) => void;
};

/** Handing a session on, whole or only the selected steps; checking it; keeping it. */
export function ShareMenu({ session, selected, of, kept, onKeep }: Props) {
  const { journal } = useVerbs();
  const [said, setSaid] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const some = selected === null || selected.length === 0 ? null : [...selected];
  const save = async (asked: Promise<Saved>, steps: readonly string[] | null = null) => {
    const part = steps === null ? "" : `, ${steps.length} of ${counted(of, "step")}`;
    setSaid("Writing");
    const saved = await asked.catch((error: unknown): Saved => ({ ok: false, error: wordsOf(error) }));
    setSaid(saved.ok ? (saved.file === null ? null : `Written to ${saved.file}${part}`) : saved.error);
  };
  const verify = async () => {
    setSaid("Checking every event and picture");
    try {
      const result = await journal.verify(session);
      setSaid(
        result.ok
          ? `Unchanged: ${counted(result.events, "event")}, ${counted(result.pictures, "picture")}. Head ${result.head.slice(0, 16)}…`
          : `Damaged at ${result.where}: ${result.problem}`,
      );
    } catch (error) {
      setSaid(wordsOf(error));
    }
  };
  return (
    <>
      <span role="status" aria-label="Export and check" className="share-said small" title={said ?? undefined}>
        {said}
      </span>
      {deleting ? <DeleteDialog session={session} kept={kept} onClose={() => setDeleting(false)} /> : null}
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false} shadow="md">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconShare2 size={15} aria-hidden="true" />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void verify()}>Check the record</Menu.Item>
          <Menu.Item onClick={() => onKeep(!kept)}>{kept ? "Let it go by age and size" : "Keep it for good"}</Menu.Item>
          <Menu.Item onClick={() => setDeleting(true)}>Delete it</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void save(journal.exportZip({ session, steps: null, pictures: true }))}>
            Export with pictures (zip)
          </Menu.Item>
          <Menu.Item onClick={() => void save(journal.exportZip({ session, steps: null, pictures: false }))}>
            Export without pictures (zip)
          </Menu.Item>
          <Menu.Item onClick={() => void save(journal.report({ session, steps: null }))}>Report (HTML)</Menu.Item>
          {some === null ? null : (
            <>
              <Menu.Divider />
              <Menu.Label>{`The ${counted(some.length, "selected step")}`}</Menu.Label>
              <Menu.Item onClick={() => void save(journal.exportZip({ session, steps: some, pictures: true }), some)}>
                Export the selected steps (zip)
              </Menu.Item>
              <Menu.Item onClick={() => void save(journal.report({ session, steps: some }), some)}>
                Report of the selected steps (HTML)
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
