import { IconHeartbeat, IconHistory, IconSettings, IconShieldCheck, IconTargetArrow } from "@tabler/icons-react";
import type { ViewName } from "../store/app-store.ts";
import { useVerbs } from "../store/use-app.ts";

const VIEWS = [
  { view: "gate", label: "Gate", Icon: IconTargetArrow },
  { view: "sessions", label: "Sessions", Icon: IconHistory },
  { view: "policy", label: "Policy", Icon: IconShieldCheck },
  { view: "settings", label: "Settings", Icon: IconSettings },
  { view: "health", label: "Health", Icon: IconHeartbeat },
] as const;

type Props = { readonly view: ViewName; readonly waiting: boolean };

export function Nav({ view, waiting }: Props) {
  const { go } = useVerbs();
  return (
    <nav className="nav" aria-label="Views">
      {VIEWS.map(({ view: name, label, Icon }) => (
        <a
          key={name}
          href={`#${name}`}
          aria-current={view === name ? "page" : undefined}
          className={name === "gate" && waiting && view !== "gate" ? "nav-waiting" : undefined}
          onClick={(event) => {
            event.preventDefault();
            go(name);
          }}
        >
          <Icon size={20} aria-hidden="true" />
          {label}
        </a>
      ))}
    </nav>
  );
}
