import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useVerbs } from "../store/use-app.ts";
import { ANTHROPIC } from "./words.ts";

type Props = {
  /** Whether there are keys already: then a name tells them apart from the start. */
  readonly another?: boolean;
};

/** The field for a key. It goes to the main process, which asks the API about it, and never comes back. */
export function KeyForm({ another = false }: Props) {
  const { setKey } = useVerbs();
  const [key, setText] = useState("");
  const [name, setName] = useState("");
  const [baseUrl, setBaseUrl] = useState("");
  const [more, setMore] = useState(another);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || key.trim() === "") return;
    setBusy(true);
    const outcome = await setKey(key, {
      check: true,
      ...(name.trim() === "" ? {} : { name }),
      ...(baseUrl.trim() === "" ? {} : { baseUrl }),
    });
    setBusy(false);
    setError(outcome.ok ? null : outcome.error);
    if (!outcome.ok) return;
    setText("");
    setName("");
  };
  return (
    <form className="key-form" onSubmit={(event) => void save(event)}>
      <div className="key-entry">
        <PasswordInput
          aria-label="API key"
          placeholder="sk-ant-..."
          autoComplete="off"
          maxLength={500}
          value={key}
          error={error}
          visibilityToggleButtonProps={{ "aria-label": "Show the key", tabIndex: 0 }}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setError(null);
          }}
        />
        <Button type="submit" variant="default" aria-disabled={busy}>
          {busy ? "Asking the API ..." : "Use this key"}
        </Button>
      </div>
      {more ? (
        <div className="key-more">
          <TextInput
            label="Name"
            placeholder="as you like"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Address"
            description="The key is sent there and nowhere else."
            placeholder={ANTHROPIC}
            maxLength={2000}
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.currentTarget.value)}
          />
        </div>
      ) : (
        <button type="button" className="link-button small key-more-button" onClick={() => setMore(true)}>
          Give it a name or another address
        </button>
      )}
    </form>
  );
}
