import { Button } from "@mantine/core";
import { StatusPill } from "../frame/StatusPill.tsx";
import type { Mirror } from "../store/merge.ts";
import { useVerbs } from "../store/use-app.ts";
import { ExpandButton } from "./ExpandButton.tsx";
import { StripCard, waitingOf } from "./StripCard.tsx";

/** The compact strip: what waits, where, and the two decisions; or what goes on meanwhile. */
export function StripView({ mirror }: { readonly mirror: Mirror | null }) {
  const waiting = mirror === null ? null : waitingOf(mirror.view);
  return (
    <main className="strip">
      {waiting === null ? <Quiet mirror={mirror} /> : <StripCard key={waiting.id} {...waiting.card} />}
    </main>
  );
}

function Quiet({ mirror }: { readonly mirror: Mirror | null }) {
  const { control } = useVerbs();
  const view = mirror?.view ?? null;
  const kind = view?.phase.kind ?? null;
  const runs = kind === "thinking" || kind === "retrying" || kind === "executing";
  const stops = runs || kind === "paused" || kind === "answered" || kind === "takenOver";
  return (
    <>
      <div className="strip-quiet">
        <StatusPill mirror={mirror} />
        <p className="strip-task">{view?.config?.task ?? "No session is open."}</p>
      </div>
      <div className="strip-buttons">
        {runs && view !== null ? (
          <Button variant="default" onClick={() => void control(view.id, "pause")}>
            Pause
          </Button>
        ) : null}
        {kind === "paused" && view !== null ? (
          <Button color="amber.5" onClick={() => void control(view.id, "resume")}>
            Resume
          </Button>
        ) : null}
        {stops && view !== null ? (
          <Button variant="default" className="stop" onClick={() => void control(view.id, "stop")}>
            Stop session
          </Button>
        ) : null}
        <span className="strip-space" />
        <ExpandButton />
      </div>
    </>
  );
}
