import { Button, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { AppInfo } from "../../shared/ipc.ts";
import { FirstStart } from "../health/FirstStart.tsx";
import { RetentionQuestion } from "../settings/RetentionQuestion.tsx";
import { useVerbs } from "../store/use-app.ts";
import { wordsOf } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { checkForm, type Errors, emptyForm, errorsOf, type StartForm } from "./form.ts";
import { KeyLine } from "./KeyLine.tsx";
import { ModeField } from "./ModeField.tsx";
import { ModelField } from "./ModelField.tsx";
import { useOffer } from "./use-offer.ts";
import { WhereField } from "./WhereField.tsx";

/** Everything a new session needs, on one page. */
export function StartView({ info }: { readonly info: AppInfo }) {
  const { start, open, desktopOffer } = useVerbs();
  const [form, setForm] = useState<StartForm>(() => emptyForm(info.defaults));
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<StartForm>) => setForm((now) => ({ ...now, ...change }));
  const problem = form.where === "own" ? info.ownDesktopProblem : info.thisDesktopProblem;
  const offer = useOffer();
  const keyless = info.keys.entries.length === 0;
  const blocked = info.keys.chosen === null || problem !== null;
  const { welcomed } = info.preferences;

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || blocked) return;
    setBusy(true);
    try {
      // Whoever is quicker than the look around waits for it.
      const checked = checkForm(form, offer ?? (await desktopOffer()));
      setErrors(checked.ok ? {} : checked.errors);
      if (!checked.ok) return;
      const outcome = await start(checked.request);
      if (!outcome.ok) setErrors(errorsOf(outcome.error));
    } catch (thrown) {
      setErrors({ form: wordsOf(thrown) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="page">
      <div className="page-inner start">
        {info.interrupted.map((session) => (
          <Notice key={session} tone="waiting">
            <div className="row">
              <span>A session was interrupted when the app ended.</span>
              <Button size="xs" variant="default" onClick={() => open(session)}>
                Look at it
              </Button>
            </div>
          </Notice>
        ))}
        {welcomed && info.retention === null ? <RetentionQuestion /> : null}
        {welcomed ? null : <FirstStart info={info} />}
        <h2>New session</h2>
        {welcomed && keyless ? <KeyLine info={info} /> : null}
        <form className="start-grid" onSubmit={(event) => void submit(event)} noValidate>
          <div className="start-column">
            <div className="panel">
              <Textarea
                label="Task"
                description="What Claude should do, in your words."
                placeholder="Open notes.txt, add a line with today's date, and save it"
                rows={5}
                // The first-start page above it is read first.
                autoFocus={welcomed}
                data-autofocus={welcomed || undefined}
                value={form.task}
                error={errors.task}
                onChange={(event) => set({ task: event.currentTarget.value })}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) void submit();
                }}
              />
              <ModelField form={form} errors={errors} onChange={setForm} />
              <div className="limits">
                <Limit
                  label="Steps limit"
                  value={form.steps}
                  error={errors.steps}
                  onChange={(steps) => set({ steps })}
                />
                <Limit
                  label="Minutes limit"
                  value={form.minutes}
                  error={errors.minutes}
                  onChange={(minutes) => set({ minutes })}
                />
                <Limit label="USD limit" value={form.usd} error={errors.usd} onChange={(usd) => set({ usd })} />
              </div>
              <p className="dim small">At a limit the session pauses and asks. Empty is no limit.</p>
            </div>
            <ModeField form={form} error={errors.mode} onChange={set} />
          </div>
          <div className="start-column">
            <WhereField {...{ form, errors, offer, problem }} monitors={info.monitors} onChange={set} />
          </div>
          <div className="start-send">
            {errors.form === undefined ? null : (
              <Notice tone="bad" alert>
                {errors.form}
              </Notice>
            )}
            <div className="row">
              <Button
                type="submit"
                size="md"
                className="strong"
                disabled={blocked}
                loading={busy}
                aria-keyshortcuts="Control+Enter"
              >
                Start session
              </Button>
              <span className="dim small start-waits">{waitsFor(info, form.where, problem)}</span>
            </div>
          </div>
        </form>
        {keyless ? null : <KeyLine info={info} />}
      </div>
    </div>
  );
}

type LimitProps = {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
};

function Limit({ label, value, error, onChange }: LimitProps) {
  return (
    <TextInput
      type="number"
      label={label}
      min={0}
      step="any"
      placeholder="none"
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function waitsFor(info: AppInfo, where: StartForm["where"], problem: string | null): string {
  if (problem !== null) return "Can't start: something the desktop needs is missing.";
  if (info.keys.entries.length === 0) return "Needs an API key, above.";
  if (info.keys.chosen === null) return "Choose one of the API keys first.";
  const what = where === "own" ? "Screenshots of the session's desktop" : "Screenshots of your own screen";
  const leaves = `${what}, the task and your notes go to`;
  return info.baseUrl === null
    ? `${leaves} the Claude API.`
    : `${leaves} ${info.baseUrl}, not to Anthropic's own address.`;
}
