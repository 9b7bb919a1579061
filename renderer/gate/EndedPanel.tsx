import { Button } from "@mantine/core";
import { reviewFigures } from "../../shared/review.ts";
import type { EndReason } from "../../shared/session-event.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { useVerbs } from "../store/use-app.ts";
import { counted, formatClock, formatSeconds } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { costWords, END_WORDS, endTone } from "../ui/words.ts";
import { SidePanel } from "./SidePanel.tsx";

type Props = { readonly view: SessionView; readonly reason: EndReason; readonly detail: string | null };

const NEXT: Readonly<Record<EndReason, string>> = {
  finished: "The record is complete.",
  stopped: "Keys and buttons are released and nothing more runs. The record is complete up to here.",
  limit: "Start a new session with wider limits to go on.",
  api_error: "Check the connection, the key and the address in Settings, then start again.",
  refused: "Claude declined to go on with this task. Put it differently, or do it by hand.",
  error:
    "Nothing more runs, and the record up to here is intact. Start a new session for what is left; if it happens again, restart the app and look at logs/main.log in its data folder.",
  app_closed: "The app was closed while the session was open. Start a new session for what is left.",
  interrupted: "The session did not end by itself: see its last step for what is unknown before you start a new one.",
};

/** How a session ended, and what one can do next. */
export function EndedPanel({ view, reason, detail }: Props) {
  const { newSession, open } = useVerbs();
  const last = view.turns.at(-1);
  const took =
    view.startedAt === null || view.endedAt === null ? 0 : Date.parse(view.endedAt) - Date.parse(view.startedAt);
  return (
    <SidePanel
      foot={
        <div className="decision-buttons ended-buttons">
          <Button size="md" className="strong" onClick={newSession}>
            New session
          </Button>
          <Button size="md" variant="default" onClick={() => open(view.id)}>
            Open its record
          </Button>
        </div>
      }
    >
      <h2>{END_WORDS[reason]}</h2>
      <Notice tone={endTone(reason)}>
        {detail === null ? null : (
          <p>
            <ShownText text={detail} as="prose" />
          </p>
        )}
        <p>{NEXT[reason]}</p>
      </Notice>
      <p className="dim">
        {counted(view.steps.filter((step) => step.executed !== null).length, "step")}, {formatClock(took)},{" "}
        {costWords(view)}
      </p>
      <Reviewed view={view} />
      {last === undefined || last.text === "" ? null : (
        <div className="claude-said">
          <h3>Claude's last words</h3>
          <ShownText text={last.text} as="prose" />
        </div>
      )}
    </SidePanel>
  );
}

/** How it was decided: a second look at oneself. */
function Reviewed({ view }: { readonly view: SessionView }) {
  const { decisions, medianMs, longestStreak } = reviewFigures(view);
  if (medianMs === null) return null;
  return (
    <p className="dim">
      You decided {counted(decisions, "time")}, in {formatSeconds(medianMs)} as the median; at most{" "}
      {counted(longestStreak, "approval")} in a row.
    </p>
  );
}
