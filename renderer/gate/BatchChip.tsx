import {
  IconCamera,
  IconClick,
  IconClock,
  IconKeyboard,
  IconQuestionMark,
  IconRotate,
  IconStack2,
  IconZoomIn,
} from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import type { Action } from "../../shared/action.ts";
import type { ImageRef } from "../../shared/digest.ts";
import type { Point } from "../../shared/geometry.ts";
import type { StepView } from "../../shared/session-view.ts";
import { focusOf, loupeRegion } from "../ui/overlay.ts";
import { usePictureUrl } from "../ui/picture-url.ts";
import { StepOutcome } from "../ui/StepOutcome.tsx";
import { STEP_WORDS } from "../ui/words.ts";
import { actionOf, chipStatus, splitSentence } from "./storyboard.ts";

type Props = {
  readonly step: StepView;
  readonly image: ImageRef | null;
  /** Claude's cursor when the step begins, px in screenshot space. */
  readonly cursor: Point | null;
  readonly now: boolean;
  readonly selected: boolean;
  /** Whether `Approve up to here` would approve it. */
  readonly inRange: boolean;
  /** One chip of the strip is reached with Tab, the others with the arrow keys. */
  readonly tabStop: boolean;
  readonly onSelect: () => void;
  readonly onHover: (on: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

/** The words of a chip's status, for eyes and for assistive technology alike. */
function statusWords(step: StepView): string {
  const status = chipStatus(step);
  if (status === "approved") return "Approved";
  return status === "returned" ? "Came back" : STEP_WORDS[status];
}

/** One action of the turn: where, what, how it stands. */
export function BatchChip({ step, image, cursor, now, selected, inRange, tabStop, ...on }: Props) {
  const action = actionOf(step);
  const status = chipStatus(step);
  const edited = step.decision?.decision.kind === "edit";
  const [what, place] = action === null ? ["Not a valid action", ""] : splitSentence(action);
  return (
    <li aria-current={now ? "step" : undefined}>
      <button
        type="button"
        className={`chip chip-${status}${inRange ? " chip-range" : ""}`}
        aria-pressed={selected}
        tabIndex={tabStop ? 0 : -1}
        data-chip={step.index}
        onFocus={on.onSelect}
        onClick={on.onSelect}
        onPointerEnter={() => on.onHover(true)}
        onPointerLeave={() => on.onHover(false)}
        onKeyDown={on.onKeyDown}
      >
        <span className="chip-number mono">{step.index + 1}</span>
        <Thumb action={action} image={image} cursor={cursor} />
        <span className="chip-words">
          <ChipOutcome step={step} />
          <span className="chip-sentence">
            {what}
            <span className="chip-place">{place}</span>
            {edited ? " (edited)" : ""}
          </span>
        </span>
      </button>
    </li>
  );
}

function ChipOutcome({ step }: { readonly step: StepView }) {
  const status = chipStatus(step);
  if (status === "approved")
    return (
      <span className="icon-line small">
        <IconStack2 size={15} stroke={2.2} aria-hidden="true" />
        {statusWords(step)}
      </span>
    );
  if (status === "returned")
    return (
      <span className="icon-line small tone-waiting">
        <IconRotate size={15} stroke={2.2} aria-hidden="true" />
        {statusWords(step)}
      </span>
    );
  return <StepOutcome status={status} />;
}

const KINDS: Readonly<Partial<Record<Action["action"], typeof IconClick>>> = {
  type: IconKeyboard,
  key: IconKeyboard,
  hold_key: IconKeyboard,
  wait: IconClock,
  screenshot: IconCamera,
  zoom: IconZoomIn,
};

/** px of the picture a thumbnail shows, and its size on screen in CSS px. */
const AREA = { w: 84, h: 84 } as const;
const THUMB = { w: 42, h: 42 } as const;

/** The picture's own pixels around the target; for actions without one, a sign of their kind. */
function Thumb({ action, image, cursor }: Pick<Props, "image" | "cursor"> & { readonly action: Action | null }) {
  const urlOf = usePictureUrl();
  const at = action === null ? undefined : focusOf(action, cursor)[0]?.at;
  if (at === undefined || image === null) {
    const Icon = action === null ? IconQuestionMark : (KINDS[action.action] ?? IconClick);
    return (
      <span className="chip-thumb">
        <Icon size={20} aria-hidden="true" />
      </span>
    );
  }
  const [x0, y0, x1, y1] = loupeRegion(at, image, AREA);
  const px = AREA.w / THUMB.w;
  return (
    <svg className="chip-thumb" viewBox={`${x0} ${y0} ${x1 - x0} ${y1 - y0}`} aria-hidden="true">
      <image href={urlOf(image.sha256)} x={0} y={0} width={image.w} height={image.h} />
      <circle className="mark-edge" cx={at[0] + 0.5} cy={at[1] + 0.5} r={7 * px} strokeWidth={4 * px} />
      <circle className="mark" cx={at[0] + 0.5} cy={at[1] + 0.5} r={7 * px} strokeWidth={2 * px} />
    </svg>
  );
}
