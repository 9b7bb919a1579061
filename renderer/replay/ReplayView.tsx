import { Button, SegmentedControl } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { type SessionView, stepOf } from "../../shared/session-view.ts";
import { InterruptedNotice } from "../sessions/Interrupted.tsx";
import { useApp, useVerbs } from "../store/use-app.ts";
import { counted, formatDateTime, formatTokens, totalTokens } from "../ui/format.ts";
import { Notice } from "../ui/Notice.tsx";
import { costWords, END_WORDS } from "../ui/words.ts";
import { Compare } from "./Compare.tsx";
import { Replay } from "./Replay.tsx";
import { useRecording } from "./use-recording.ts";
import { useReview } from "./use-review.ts";

const Charts = lazy(() => import("./Charts.tsx").then(({ Charts }) => ({ default: Charts })));

type Mode = "replay" | "charts" | "compare";

/** One session of the journal, to look at, to search and to measure. */
export function ReplayView({ session }: { readonly session: string }) {
  const { recording, last, error } = useRecording(session);
  const { open } = useVerbs();
  const [mode, setMode] = useState<Mode>("replay");
  const interrupted = useApp((state) => state.info?.interrupted.includes(session) ?? false);
  const review = useReview(session);
  const view = recording?.view ?? null;
  const linked = useApp((state) => state.openedAt);
  const missing = view !== null && view.seq === last && linked !== null && stepOf(view, linked) === null;
  return (
    <div className="replay">
      <div className="replay-top">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowLeft size={16} aria-hidden="true" />}
          onClick={() => open(null)}
        >
          All sessions
        </Button>
        <div className="replay-title">
          <h2 className="session-task" title={view?.config?.task}>
            {view?.config?.task ?? (error === null ? "Reading the record" : "Nothing to show")}
          </h2>
          {view === null ? null : (
            <p className="dim small">
              {view.seq < last
                ? `Reading the record, ${Math.floor((view.seq / last) * 100)} %`
                : factsOf(view, interrupted)}
            </p>
          )}
        </div>
        <SegmentedControl
          aria-label="Show"
          size="xs"
          value={mode}
          data={[
            { value: "replay", label: "Replay" },
            { value: "charts", label: "Charts" },
            { value: "compare", label: "Compare" },
          ]}
          onChange={(value) => setMode(value as Mode)}
        />
      </div>
      {error === null ? null : (
        <Notice tone="bad" alert>
          {error}
        </Notice>
      )}
      {missing ? (
        <Notice tone="bad">{`This session has no step ${linked}: the link leads to its beginning.`}</Notice>
      ) : null}
      {interrupted && view !== null ? <InterruptedNotice view={view} /> : null}
      {recording === null || view === null || view.startedAt === null ? null : mode === "replay" ? (
        <Replay recording={recording} interrupted={interrupted} review={review} />
      ) : mode === "compare" ? (
        <Compare recording={recording} />
      ) : (
        <Suspense fallback={<p className="dim">Drawing.</p>}>
          <Charts recording={recording} />
        </Suspense>
      )}
    </div>
  );
}

function factsOf(view: SessionView, interrupted: boolean): string {
  const open = interrupted ? "Interrupted" : "Open now";
  const outcome = view.phase.kind === "ended" ? END_WORDS[view.phase.reason] : open;
  const detail = view.phase.kind === "ended" && view.phase.detail !== null ? ` (${view.phase.detail})` : "";
  return [
    `${outcome}${detail}`,
    view.startedAt === null ? "" : formatDateTime(view.startedAt),
    view.config?.model ?? "",
    counted(view.steps.filter((step) => step.executed !== null).length, "step"),
    `${formatTokens(totalTokens(view.usage))} tokens`,
    costWords(view),
  ]
    .filter((fact) => fact !== "")
    .join(" · ");
}
