import { Radio } from "@mantine/core";
import type { AppInfo } from "../../shared/ipc.ts";
import { MODELS_DATE } from "../../shared/model.ts";
import { KeysPanel } from "../keys/KeysPanel.tsx";
import { useVerbs } from "../store/use-app.ts";
import { ChordsSection } from "./ChordsSection.tsx";
import { DecidingSection } from "./DecidingSection.tsx";
import { KeysSection } from "./KeysSection.tsx";
import { PrivacyForm } from "./PrivacyForm.tsx";
import { RetentionForm } from "./RetentionForm.tsx";

const THEMES = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export function SettingsView({ info }: { readonly info: AppInfo }) {
  const { setPreferences } = useVerbs();
  return (
    <div className="page">
      <div className="page-inner">
        <h2>Settings</h2>
        <section className="panel" aria-labelledby="settings-key">
          <h3 id="settings-key">API keys</h3>
          <KeysPanel list={info.keys} />
        </section>
        <section className="panel" aria-labelledby="settings-look">
          <h3 id="settings-look">Look</h3>
          <Radio.Group
            label="Theme"
            value={info.preferences.theme}
            onChange={(value) => {
              const theme = THEMES.find((each) => each.value === value);
              if (theme !== undefined) void setPreferences({ theme: theme.value });
            }}
          >
            <div className="row theme-options">
              {THEMES.map((theme) => (
                <Radio key={theme.value} value={theme.value} label={theme.label} />
              ))}
            </div>
          </Radio.Group>
        </section>
        <DecidingSection />
        <KeysSection />
        <ChordsSection />
        <section className="panel" aria-labelledby="settings-record">
          <h3 id="settings-record">The record</h3>
          <p className="dim">
            Sessions older or larger than this are deleted, the oldest first; kept ones and open ones never are. A note
            of each deletion stays. Empty is no limit.
          </p>
          <RetentionForm retention={info.retention} />
        </section>
        <section className="panel" aria-labelledby="settings-privacy">
          <h3 id="settings-privacy">Blacked out</h3>
          <p className="dim">
            Painted black in every picture as it is taken: neither Claude nor the record nor an export has what is
            there. Counts from the next session on.
          </p>
          <PrivacyForm privacy={info.privacy} />
        </section>
        <section className="panel" aria-labelledby="settings-leaves">
          <h3 id="settings-leaves">What leaves this machine</h3>
          <p>
            The task, screenshots of the session's desktop, results, replies and notes go to the Claude API
            {info.baseUrl === null ? "." : ", at "}
            {info.baseUrl === null ? null : <span className="mono">{info.baseUrl}</span>}
            {info.baseUrl === null ? null : "."} Nothing else does: no telemetry, no crash reports.
          </p>
          <p className="dim">
            Everything is recorded in the journal on this machine, pictures included. Typed text and screenshots can
            hold secrets; so can the journal.
          </p>
        </section>
        <section className="panel" aria-labelledby="settings-about">
          <h3 id="settings-about">About</h3>
          <p>
            Countersign {info.version} on {info.platform}. Models and prices as of {MODELS_DATE}.
          </p>
        </section>
      </div>
    </div>
  );
}
