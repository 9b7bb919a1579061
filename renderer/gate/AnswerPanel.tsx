import { Button, Textarea } from "@mantine/core";
import { IconFlag, IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { TurnView } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { Thinking } from "./Thinking.tsx";

type Props = { readonly session: string; readonly turn: TurnView | null };

/** Claude ended its turn with words: the operator replies, or the task is finished. */
export function AnswerPanel({ session, turn }: Props) {
  const { reply, control } = useVerbs();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    const outcome = await reply(session, text);
    setBusy(false);
    setError(outcome.ok ? null : outcome.error);
  };
  const cut = turn?.stopReason === "max_tokens";
  return (
    <SidePanel
      foot={
        <form className="reply-form" onSubmit={(event) => void send(event)}>
          {error === null ? null : (
            <Notice tone="bad" alert>
              {error}
            </Notice>
          )}
          <Textarea
            aria-label="Reply"
            placeholder="Reply to go on; Ctrl+Enter sends"
            rows={3}
            maxLength={20_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) void send();
            }}
          />
          <div className="decision-buttons">
            <Button type="submit" size="md" color="amber.5" leftSection={<IconSend size={18} aria-hidden="true" />}>
              Send
            </Button>
            <Button
              size="md"
              variant="default"
              leftSection={<IconFlag size={18} aria-hidden="true" />}
              onClick={() => void control(session, "finish")}
            >
              Finish
            </Button>
          </div>
        </form>
      }
    >
      <h2>Claude answered</h2>
      {cut ? <Notice tone="bad">The answer was cut off: it reached the output limit.</Notice> : null}
      <ScrollBox label="Claude's answer" className="answer">
        <ShownText text={turn?.text ?? ""} as="prose" />
      </ScrollBox>
      <Thinking turn={turn} live={null} />
    </SidePanel>
  );
}
