import { IconAlertTriangle, IconCircleCheck, IconHandStop, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = {
  readonly tone: "quiet" | "waiting" | "bad" | "good";
  /** Read out as soon as it appears. */
  readonly alert?: boolean;
  readonly children: ReactNode;
};

const ICONS = { quiet: IconInfoCircle, waiting: IconHandStop, bad: IconAlertTriangle, good: IconCircleCheck };

/** A few words that matter, with a colour and an icon that say the same. */
export function Notice({ tone, alert = false, children }: Props) {
  const Icon = ICONS[tone];
  return (
    <div className={`notice notice-${tone}`} {...(alert ? { role: "alert" } : {})}>
      <Icon size={16} aria-hidden="true" className={`tone-${tone}`} />
      <div>{children}</div>
    </div>
  );
}
