import type { AppInfo } from "../../shared/ipc.ts";
import { About } from "./About.tsx";
import { Checks } from "./Checks.tsx";
import { KeyStep } from "./KeyStep.tsx";

/** The first-start page as it stays reachable. */
export function HealthView({ info }: { readonly info: AppInfo }) {
  return (
    <div className="page">
      <div className="page-inner health">
        <h2>Health</h2>
        <section className="panel" aria-label="This machine">
          <Checks />
        </section>
        <KeyStep info={info} />
        <About info={info} />
      </div>
    </div>
  );
}
