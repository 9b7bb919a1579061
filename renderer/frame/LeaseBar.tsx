import { Button } from "@mantine/core";
import { IconHandStop, IconRosetteDiscountCheck } from "@tabler/icons-react";
import { type LeaseNow, leaseNow } from "../../shared/policy/lease.ts";
import type { SessionView } from "../../shared/session-view.ts";
import { useNow, useVerbs } from "../store/use-app.ts";
import { counted, formatClock } from "../ui/format.ts";
import { ShownText } from "../ui/ShownText.tsx";

/** How far auto-approval may still go, and the clicks that change it; nothing where no rule approves anything. */
export function LeaseBar({ view }: { readonly view: SessionView }) {
  const { lease } = view.trust;
  const ticking = lease !== null && lease.granted.minutes !== null && lease.since !== null;
  const now = useNow(ticking && view.endedAt === null, 1000);
  if (lease === null || view.phase.kind === "ended" || view.phase.kind === "stopping") return null;
  const state = leaseNow(lease, now);
  const active = state.state === "active";
  return (
    <section className={active ? "lease" : "lease lease-stopped"} aria-label="Auto-approval">
      {active ? (
        <IconRosetteDiscountCheck size={18} aria-hidden="true" />
      ) : (
        <IconHandStop size={18} aria-hidden="true" />
      )}
      <strong>{active ? "Auto-approval is on" : "Auto-approval has stopped"}</strong>
      <span className="lease-words">
        <ShownText text={active ? leftWords(state) : (state.why ?? "Everything waits for you.")} as="prose" />
      </span>
      <LeaseButtons
        session={view.id}
        state={state}
        bounded={Object.values(lease.granted).some((each) => each !== null)}
      />
    </section>
  );
}

type ButtonsProps = { readonly session: string; readonly state: LeaseNow; readonly bounded: boolean };

function LeaseButtons({ session, state, bounded }: ButtonsProps) {
  const { lease } = useVerbs();
  if (state.state !== "active")
    return (
      <Button size="xs" variant="default" onClick={() => void lease(session, "extend")}>
        {state.state === "ended" ? "Extend lease" : "Let it go on"}
      </Button>
    );
  return (
    <span className="row lease-buttons">
      {bounded ? (
        <Button size="xs" variant="default" title="Starts it anew" onClick={() => void lease(session, "extend")}>
          Extend lease
        </Button>
      ) : null}
      {bounded ? (
        <Button size="xs" variant="default" title="Half of what is left" onClick={() => void lease(session, "narrow")}>
          Narrow lease
        </Button>
      ) : null}
      <Button size="xs" variant="default" onClick={() => void lease(session, "suspend")}>
        Ask me from now on
      </Button>
    </span>
  );
}

function leftWords({ left }: LeaseNow): string {
  const parts = [
    left.actions === null ? null : `${counted(left.actions, "action")} left`,
    left.minutes === null ? null : `${formatClock(left.minutes * 60_000)} left`,
    left.costUsd === null ? null : `$${left.costUsd.toFixed(2)} left`,
    left.consecutive === null ? null : `${left.consecutive} more in a row`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "no end of its own; anything unexpected stops it" : parts.join("  ·  ");
}
