import { IconAppWindow, IconClick } from "@tabler/icons-react";
import { isKeyboardAction, isPointerAction } from "../../shared/action.ts";
import type { WindowInfo } from "../../shared/digest.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { ShownText } from "../ui/ShownText.tsx";

/** Which program the action meets: the window under its point, or the one that has the keyboard. */
export function WindowLine({ proposal }: { readonly proposal: Proposal }) {
  const { action, target, window } = proposal;
  if (isPointerAction(action)) {
    const other = target !== null && window !== null && target.id !== window.id;
    return (
      <div className="window-lines">
        <ControlLine controls={proposal.controls ?? []} />
        <Line word="On" window={target} nothing="nothing: no window is under the point" />
        {other ? <Line word="In front" window={window} nothing="" /> : null}
      </div>
    );
  }
  if (isKeyboardAction(action))
    return <Line word="Into" window={window} nothing="nothing: no window has the keyboard" />;
  return <Line word="In front" window={window} nothing="no window" />;
}

function Line({
  word,
  window,
  nothing,
}: {
  readonly word: string;
  readonly window: WindowInfo | null;
  readonly nothing: string;
}) {
  return (
    <p className="window-line">
      <IconAppWindow size={16} aria-hidden="true" />
      <span className="dim">{word}</span>
      {window === null ? (
        <span>{nothing}</span>
      ) : (
        <span>
          <strong>
            <ShownText text={window.class === "" ? "a program without a name" : window.class} as="prose" />
          </strong>{" "}
          {window.title === "" ? null : (
            <>
              “<ShownText text={window.title} as="prose" />”
            </>
          )}
        </span>
      )}
    </p>
  );
}

/** What the accessibility bus calls what is under the point, or under both ends of a drag. */
function ControlLine({ controls }: { readonly controls: readonly (string | null)[] }) {
  const names = controls.filter((name) => name !== null && name !== "");
  if (names.length === 0) return null;
  return (
    <p className="window-line">
      <IconClick size={16} aria-hidden="true" />
      <span className="dim">On</span>
      <strong>
        <ShownText text={names.join(" → ")} as="prose" />
      </strong>
    </p>
  );
}
