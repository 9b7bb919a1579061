import { Button, MantineProvider } from "@mantine/core";
import "@mantine/core/styles.css";
import { useEffect, useSyncExternalStore } from "react";
import { GateView } from "../gate/GateView.tsx";
import { HealthView } from "../health/HealthView.tsx";
import "../health/health.css";
import "../keys/keys.css";
import { PolicyView } from "../policy/PolicyView.tsx";
import { SessionsView } from "../sessions/SessionsView.tsx";
import { SettingsView } from "../settings/SettingsView.tsx";
import { StartView } from "../start/StartView.tsx";
import { StripView } from "../strip/StripView.tsx";
import "../strip/strip.css";
import type { App } from "../store/app-store.ts";
import { AppContext, useApp, useMirror, useQueue, useVerbs } from "../store/use-app.ts";
import { Notice } from "../ui/Notice.tsx";
import { theme } from "../ui/theme.ts";
import { LeaseBar } from "./LeaseBar.tsx";
import { Nav } from "./Nav.tsx";
import { SessionQueue } from "./SessionQueue.tsx";
import "../gate/edit/edit.css";
import "../gate/gate.css";
import "../gate/batch.css";
import "../policy/policy.css";
import "../replay/charts.css";
import "../replay/compare.css";
import "../replay/replay.css";
import "../replay/stage.css";
import "../replay/timeline.css";
import "../sessions/sessions.css";
import "../settings/settings.css";
import "../start/start.css";
import "../ui/base.css";
import "../ui/picture.css";
import "../ui/steps.css";
import "./frame.css";
import "./lease.css";
import "./queue.css";
import { Palette } from "./Palette.tsx";
import { TopBar } from "./TopBar.tsx";

type Props = {
  readonly app: App;
  /** The nonce that the page's policy allows style elements by. */
  readonly nonce: string;
};

/** The whole window over an app handle. */
export function AppFrame({ app, nonce }: Props) {
  useEffect(() => app.connect(), [app]);
  return (
    <AppContext value={app}>
      <Themed nonce={nonce} />
    </AppContext>
  );
}

function Themed({ nonce }: { readonly nonce: string }) {
  const chosen = useApp((state) => state.info?.preferences.theme ?? "auto");
  const system = useSyncExternalStore(watchSystemTheme, systemTheme);
  return (
    <MantineProvider theme={theme} forceColorScheme={chosen === "auto" ? system : chosen} getStyleNonce={() => nonce}>
      <Window />
    </MantineProvider>
  );
}

function Window() {
  const info = useApp((state) => state.info);
  const view = useApp((state) => state.view);
  const problem = useApp((state) => state.problem);
  const mirror = useMirror(useApp((state) => state.gate));
  const queue = useQueue();
  const { dismiss } = useVerbs();
  useTouches();
  if (info === null) return problem === null ? null : <Notice tone="bad">{problem}</Notice>;
  if (info.strip) return <StripView mirror={mirror} />;
  return (
    <div className="app">
      <TopBar mirror={mirror} elsewhere={view !== "gate"} />
      <Palette view={mirror?.view ?? null} />
      <div className="problems">
        <SessionQueue queue={queue} gate={mirror?.view.id ?? null} />
        {mirror === null ? null : <LeaseBar key={mirror.view.id} view={mirror.view} />}
        {info.problem === null ? null : (
          <Notice tone="bad" alert>
            {info.problem}
          </Notice>
        )}
        {problem === null ? null : (
          <Notice tone="bad" alert>
            <div className="row">
              <span>{problem}</span>
              <Button size="xs" variant="default" onClick={dismiss}>
                Dismiss
              </Button>
            </div>
          </Notice>
        )}
      </div>
      <Nav
        view={view}
        waiting={queue.waiting.some(
          ({
            mirror: {
              view: { phase },
            },
          }) => phase.kind === "deciding",
        )}
      />
      <main className="view">
        {view === "gate" ? (
          mirror === null ? (
            <StartView info={info} />
          ) : (
            <GateView key={mirror.view.id} mirror={mirror} />
          )
        ) : null}
        {view === "sessions" ? <SessionsView /> : null}
        {view === "policy" ? <PolicyView /> : null}
        {view === "settings" ? <SettingsView info={info} /> : null}
        {view === "health" ? <HealthView info={info} /> : null}
      </main>
    </div>
  );
}

/** A view that moves by itself waits until the operator's hands are still. */
function useTouches(): void {
  const { touched } = useVerbs();
  useEffect(() => {
    const kinds = ["keydown", "keyup", "pointerdown", "pointerup", "pointermove", "wheel"] as const;
    for (const kind of kinds) window.addEventListener(kind, touched, { capture: true, passive: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, touched, { capture: true });
    };
  }, [touched]);
}

const DARK = "(prefers-color-scheme: dark)";

function watchSystemTheme(changed: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

function systemTheme(): "light" | "dark" {
  return window.matchMedia(DARK).matches ? "dark" : "light";
}
