import { Button, Menu } from "@mantine/core";
import { useEffect, useState } from "react";
import type { PolicyList } from "../../shared/ipc-policy.ts";
import { SAMPLES } from "../../shared/policy/samples.ts";
import { useVerbs } from "../store/use-app.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/Notice.tsx";
import type { DraftPolicy } from "./draft.ts";
import { Editor } from "./Editor.tsx";

type Open = { readonly id: string | null; readonly start: DraftPolicy; readonly key: number };

/** The stored policies, and one of them open. */
export function PolicyView() {
  const { policies } = useVerbs();
  const [list, setList] = useState<PolicyList>({ policies: [], broken: [] });
  const [open, setOpen] = useState<Open | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = () => policies.list().then(setList, (error: unknown) => setProblem(String(error)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the view opens
  useEffect(() => void refresh(), []);
  const show = (id: string | null, start: DraftPolicy) => setOpen({ id, start, key: (open?.key ?? 0) + 1 });
  const importIt = async () => {
    const outcome = await policies.importFile();
    setProblem(outcome.ok ? null : `The file was not imported. ${outcome.error}`);
    if (outcome.ok && outcome.policy !== null) show(null, outcome.policy);
  };
  const remove = async (id: string) => {
    const outcome = await policies.delete(id);
    setDeleting(null);
    setProblem(outcome.ok ? null : outcome.error);
    if (outcome.ok) setOpen(null);
    await refresh();
  };
  return (
    <div className="page">
      <div className="page-inner policy-page">
        <div className="row">
          <h2>Policy</h2>
          <Menu position="bottom-start">
            <Menu.Target>
              <Button size="xs" variant="default">
                New policy
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {SAMPLES.map((sample) => (
                <Menu.Item key={sample.name} onClick={() => show(null, sample.policy)}>
                  <strong>{sample.name}</strong>
                  <div className="small dim sample-about">{sample.about}</div>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Button size="xs" variant="default" onClick={() => void importIt()}>
            Import…
          </Button>
        </div>
        <p className="dim">
          A policy says what may run without asking you. The main process applies it; this window can't loosen it, and
          nothing Claude does can.
        </p>
        {problem === null ? null : (
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        )}
        {list.broken.map(({ file, error }) => (
          <Notice key={file} tone="bad">
            <span className="mono">{file}</span> does not load: {error}
          </Notice>
        ))}
        <ul className="policy-list" aria-label="Stored policies">
          {list.policies.map(({ id, policy }) => (
            <li key={id}>
              <button
                type="button"
                className="policy-item"
                aria-pressed={open?.id === id}
                onClick={() => show(id, policy)}
              >
                {policy.name}
                <span className="small dim">
                  {policy.rules.length} {policy.rules.length === 1 ? "rule" : "rules"}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {list.policies.length === 0 && open === null ? (
          <Notice tone="quiet">
            No policy is stored yet. Begin with a sample under New policy, import a file, or allow single actions from
            their cards.
          </Notice>
        ) : null}
        {open === null ? null : (
          <Editor
            key={open.key}
            id={open.id}
            start={open.start}
            onSaved={(id) => {
              setOpen({ ...open, id });
              void refresh();
            }}
            onDuplicate={(copy) => show(null, copy)}
            onDelete={() => setDeleting(open.id)}
          />
        )}
        {deleting === null ? null : (
          <Dialog small title="Delete this policy?" onClose={() => setDeleting(null)}>
            <p>Sessions that ran under it keep their record. A session that runs now keeps its rules.</p>
            <div className="row">
              <Button variant="default" className="stop" onClick={() => void remove(deleting)}>
                Delete policy
              </Button>
            </div>
          </Dialog>
        )}
      </div>
    </div>
  );
}
