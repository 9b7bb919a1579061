import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { healthText, worstOf } from "../../shared/health.ts";
import { HEALTH_GROUPS, type HealthItem, type HealthState } from "../../shared/ipc-health.ts";
import { useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { useHealth } from "./use-health.ts";

const SHOWN: Readonly<
  Record<HealthState, { readonly word: string; readonly tone: string; readonly Icon: typeof IconInfoCircle }>
> = {
  good: { word: "Good", tone: "tone-good", Icon: IconCircleCheck },
  note: { word: "Note", tone: "tone-quiet", Icon: IconInfoCircle },
  bad: { word: "To do", tone: "tone-bad", Icon: IconAlertTriangle },
};

/** What this machine has of what the app needs, one thing after another, kept up to date while it is in sight. */
export function Checks() {
  const { items, problem } = useHealth();
  const { copyText } = useVerbs();
  if (items === null) return <p className="dim">{problem ?? "Looking at this machine."}</p>;
  const todo = items.filter(({ state }) => state === "bad").length;
  return (
    <>
      <div className="checks-head">
        <p role="status" aria-label="Health">
          {worstOf(items) === "bad"
            ? `${todo} ${todo === 1 ? "thing" : "things"} to do. Whatever you change is noticed here within seconds.`
            : "Everything needed is here."}
        </p>
        <Button size="xs" variant="default" onClick={() => void copyText(healthText(items))}>
          Copy as text
        </Button>
      </div>
      {problem === null ? null : <Notice tone="bad">Not looked at anew: {problem}</Notice>}
      {HEALTH_GROUPS.map((group) => {
        const own = items.filter((item) => item.group === group);
        return own.length === 0 ? null : (
          <section key={group} aria-label={group}>
            <h4 className="dim">{group}</h4>
            <ul className="checks">
              {own.map((item) => (
                <Check key={item.id} item={item} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function Check({ item: { title, state, words, command, page } }: { readonly item: HealthItem }) {
  const { health, copyText } = useVerbs();
  const [error, setError] = useState<string | null>(null);
  const { word, tone, Icon } = SHOWN[state];
  const openPage = async () => {
    if (page === null) return;
    const outcome = await health.open(page);
    setError(outcome.ok ? null : outcome.error);
  };
  return (
    <li className={`check check-${state}`}>
      <span className={`check-state ${tone}`}>
        <Icon size={16} aria-hidden="true" />
        {word}
      </span>
      <span className="check-title">{title}</span>
      <div className="check-words">
        <p>{words}</p>
        {command === null ? null : (
          <div className="check-command">
            <code className="mono">{command}</code>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Copy the command for ${title}`}
              onClick={() => void copyText(command)}
            >
              Copy
            </Button>
          </div>
        )}
        {page === null || state === "good" ? null : (
          <div>
            <Button size="xs" variant="default" onClick={() => void openPage()}>
              Open the system's page for {title}
            </Button>
          </div>
        )}
        {error === null ? null : <p className="tone-bad">{error}</p>}
      </div>
    </li>
  );
}
