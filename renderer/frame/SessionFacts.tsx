import { modelById } from "../../shared/model.ts";
import { whereFacts } from "../../shared/own-desktop.ts";
import { reviewFigures } from "../../shared/review.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { counted, formatCost, formatDateTime, formatSeconds } from "../ui/format.ts";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";

/** The whole task and everything that was chosen at the start. */
export function SessionFacts({ view }: { readonly view: SessionView }) {
  const { config } = view;
  if (config === null) return <p className="dim">The session is being started.</p>;
  const { steps, minutes, usd } = config.limits;
  const { decisions, medianMs, streak, longestStreak } = reviewFigures(view);
  const facts: readonly (readonly [string, string])[] = [
    ["Model", modelById(config.model)?.name ?? config.model],
    ["Tool version", config.toolVersion],
    ["Actions", config.onePerTurn ? "one per turn" : "several per turn, as Claude plans them"],
    ...whereFacts(config.where),
    ["Mode", config.mode.kind === "ask" && config.mode.askAll ? "ask, also before looking" : config.mode.kind],
    ["Steps limit", steps === null ? "none" : String(steps)],
    ["Minutes limit", minutes === null ? "none" : String(minutes)],
    ["USD limit", usd === null ? "none" : formatCost(usd)],
    ["API address", config.baseUrl ?? "Anthropic's own"],
    ["Started", view.startedAt === null ? "not yet" : formatDateTime(view.startedAt)],
    ["Your decisions", decisions === 0 ? "none yet" : counted(decisions, "decision")],
    ["Median decision time", medianMs === null ? "none yet" : formatSeconds(medianMs)],
    ["Approvals in a row", `${streak} now, ${longestStreak} at most`],
    ["Session", view.id],
  ];
  return (
    <ScrollBox label="This session" className="session-facts">
      <h3>Task</h3>
      <p>
        <ShownText text={config.task} as="prose" />
      </p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="dim">{name}</dt>
            <dd>
              <ShownText text={value} as="prose" />
            </dd>
          </div>
        ))}
      </dl>
    </ScrollBox>
  );
}
