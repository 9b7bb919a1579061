import { Button, Textarea } from "@mantine/core";
import { IconFlag, IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { TurnView } from "../../shared/session-view.ts";
import { useHold, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { endOfTurn } from "../ui/words.ts";
import { SidePanel } from "./SidePanel.tsx";
import { Thinking } from "./Thinking.tsx";
import { TakeOverButton } from "./WorkingPanels.tsx";

type Props = { readonly session: string; readonly turn: TurnView | null };

/** Claude ended its turn with words: the operator replies, or the task is finished. */
export function AnswerPanel({ session, turn }: Props) {
  const { reply, control } = useVerbs();
  const offered = turn?.stopReason === "max_tokens" ? "Please go on." : "";
  const [text, setText] = useState(offered);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const empty = text.trim() === "";
  useHold(!empty && text !== offered);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (empty || busy) return;
    setBusy(true);
    const outcome = await reply(session, text);
    setBusy(false);
    setError(outcome.ok ? null : outcome.error);
  };
  const end = turn === null ? null : endOfTurn(turn.stopReason);
  const toReply = end === null || end.way === "reply";
  // The strong button is the one that does something.
  const sends = toReply && !empty;
  const said = turn?.text ?? "";
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
            <Button
              type="submit"
              size="md"
              {...(sends ? { color: "amber.5" } : { variant: "default" })}
              aria-disabled={empty || busy}
              leftSection={<IconSend size={18} aria-hidden="true" />}
            >
              Send
            </Button>
            <Button
              size="md"
              {...(sends ? { variant: "default" } : { color: "amber.5" })}
              leftSection={<IconFlag size={18} aria-hidden="true" />}
              onClick={() => void control(session, "finish")}
            >
              Finish
            </Button>
            <TakeOverButton session={session} />
          </div>
        </form>
      }
    >
      <h2>{end?.title ?? "Claude answered"}</h2>
      {end === null ? null : <Notice tone="bad">{end.words}</Notice>}
      {said === "" ? (
        <p className="dim">Claude wrote no words in this turn.</p>
      ) : (
        <ScrollBox label="Claude's answer" className="answer">
          <ShownText text={said} as="prose" />
        </ScrollBox>
      )}
      <Thinking turn={turn} live={null} />
    </SidePanel>
  );
}
