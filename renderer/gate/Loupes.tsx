import type { Action } from "../../shared/action.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { Loupe } from "../ui/Loupe.tsx";
import { focusOf } from "../ui/overlay.ts";

/** The pixels around each point of the action: as Claude saw them and, where they differ, as they are now. */
export function Loupes({ proposal, action }: { readonly proposal: Proposal; readonly action: Action }) {
  const { cursor, screenshot, now } = proposal;
  const points = focusOf(action, cursor);
  if (points.length === 0) return null;
  const views = points.flatMap(({ name, at }) => [
    { name: now === null ? name : `${name}, as Claude saw it`, at, image: screenshot },
    ...(now === null ? [] : [{ name: `${name}, now`, at, image: now }]),
  ]);
  return (
    <div className={views.length > 2 ? "loupes loupes-many" : "loupes"}>
      {views.map((view) => (
        <Loupe key={view.name} image={view.image} at={view.at} name={view.name} />
      ))}
    </div>
  );
}
