import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconEye,
  IconHandStop,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlugX,
  IconUser,
  IconUserOff,
  IconX,
} from "@tabler/icons-react";
import { type ShownStatus, STEP_WORDS, type Tone } from "./words.ts";

const LOOKS: Readonly<Record<ShownStatus, readonly [icon: typeof IconCheck, tone: Tone]>> = {
  undecided: [IconCircleMinus, "quiet"],
  unrun: [IconCircleMinus, "quiet"],
  upcoming: [IconCircleDashed, "quiet"],
  deciding: [IconHandStop, "waiting"],
  executing: [IconPlayerPlay, "busy"],
  done: [IconCheck, "good"],
  failed: [IconAlertTriangle, "bad"],
  rejected: [IconX, "bad"],
  denied: [IconBan, "bad"],
  nobody: [IconUserOff, "quiet"],
  watch: [IconEye, "quiet"],
  skipped: [IconPlayerSkipForward, "quiet"],
  invalid: [IconAlertTriangle, "bad"],
  taken_over: [IconUser, "good"],
  interrupted: [IconPlugX, "bad"],
};

/** How a step ended, or where it stands: icon and word, the colour only repeats them. */
export function StepOutcome({ status }: { readonly status: ShownStatus }) {
  const [Icon, tone] = LOOKS[status];
  return (
    <span className={`icon-line small tone-${tone}`}>
      <Icon size={15} stroke={2.2} aria-hidden="true" />
      {STEP_WORDS[status]}
    </span>
  );
}
