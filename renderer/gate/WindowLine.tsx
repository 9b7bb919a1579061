import { IconAppWindow, IconClick } from "@tabler/icons-react";
import { Fragment } from "react";
import { isKeyboardAction, isPointerAction } from "../../shared/action.ts";
import type { WindowInfo } from "../../shared/digest.ts";
import { controlsOf, type SeenControl } from "../../shared/policy/facts.ts";
import type { Proposal } from "../../shared/session-event.ts";
import { ShownText } from "../ui/ShownText.tsx";

/** Which program the action meets: the window under its point, or the one that has the keyboard. */
export function WindowLine({ proposal }: { readonly proposal: Proposal }) {
  const { action, target, window } = proposal;
  const controls = controlsOf(action, proposal);
  if (isPointerAction(action)) {
    const other = target !== null && window !== null && target.id !== window.id;
    return (
      <div className="window-lines">
        <ControlLine word="On" controls={controls} />
        <Line word="On" window={target} nothing="nothing: no window is under the point" />
        {other ? <Line word="In front" window={window} nothing="" /> : null}
      </div>
    );
  }
  if (isKeyboardAction(action))
    return (
      <div className="window-lines">
        <ControlLine word="Into" controls={controls} />
        <Line word="Into" window={window} nothing="nothing: no window has the keyboard" />
      </div>
    );
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

/** What the accessibility bus calls what is under the point (under both ends of a drag), or what has the keyboard. */
function ControlLine({ word, controls }: { readonly word: string; readonly controls: readonly SeenControl[] }) {
  if (controls.length === 0) return null;
  return (
    <p className="window-line">
      <IconClick size={16} aria-hidden="true" />
      <span className="dim">{word}</span>
      <span>
        {controls.map(({ name, role, password }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the ends of a drag, in their order
          <Fragment key={i}>
            {i === 0 ? null : " → "}
            {name === "" ? null : (
              <strong>
                <ShownText text={name} as="prose" />{" "}
              </strong>
            )}
            <span className={name === "" ? "" : "dim"}>{password ? "password field" : role}</span>
          </Fragment>
        ))}
      </span>
    </p>
  );
}
