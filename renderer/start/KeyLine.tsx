import { Button, PasswordInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { AppInfo } from "../../shared/ipc.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";

/** Where the API key comes from, in words that promise nothing more than what is done with it. */
export function keyWords(key: AppInfo["key"]): string {
  switch (key.kind) {
    case "none":
      return "No API key yet.";
    case "environment":
      return "The API key comes from ANTHROPIC_API_KEY in the environment.";
    case "entered":
      return key.persisted
        ? "An API key is stored in this system's keychain."
        : "An API key is kept in memory only, until the app ends: this system has no keychain that can keep it.";
  }
}

/** The field for a key; the key goes to the main process and never comes back. */
export function KeyForm() {
  const { setKey } = useVerbs();
  const [key, setText] = useState("");
  const [error, setError] = useState<string | null>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() === "") return;
    const outcome = await setKey(key);
    setError(outcome.ok ? null : outcome.error);
    if (outcome.ok) setText("");
  };
  return (
    <form className="key-form" onSubmit={(event) => void save(event)}>
      <PasswordInput
        aria-label="API key"
        placeholder="Anthropic API key"
        autoComplete="off"
        maxLength={500}
        value={key}
        error={error}
        visibilityToggleButtonProps={{ "aria-label": "Show the key", tabIndex: 0 }}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Use this key
      </Button>
    </form>
  );
}

/** The start view's line about the key; without one, the way to enter it and the way to try the app without. */
export function KeyLine({ info }: { readonly info: AppInfo }) {
  const { practice } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const tryPractice = async () => {
    const outcome = await practice();
    setError(outcome.ok ? null : outcome.error);
  };
  return (
    <section className="panel" aria-label="API key">
      <p className="icon-line">
        <IconKey size={16} aria-hidden="true" />
        <span>{keyWords(info.key)}</span>
      </p>
      {info.baseUrl === null ? null : (
        <Notice tone="quiet">
          Requests go to <span className="mono">{info.baseUrl}</span>, not to Anthropic's own address.
        </Notice>
      )}
      {info.key.kind === "none" ? (
        <>
          <KeyForm />
          <div className="practice-line">
            <p className="dim">
              Or try it without a key: a scripted Claude and a program of its own, on this machine only. You approve
              every step.
            </p>
            <Button variant="default" disabled={info.ownDesktopProblem !== null} onClick={() => void tryPractice()}>
              Try the practice session
            </Button>
          </div>
          {error === null ? null : (
            <Notice tone="bad" alert>
              {error}
            </Notice>
          )}
        </>
      ) : null}
    </section>
  );
}
