import { Button } from "@mantine/core";
import type { AppInfo } from "../../shared/ipc.ts";
import { RetentionQuestion } from "../settings/RetentionQuestion.tsx";
import { useVerbs } from "../store/use-app.ts";
import { About } from "./About.tsx";
import { Checks } from "./Checks.tsx";
import { KeyStep } from "./KeyStep.tsx";

/** Shown above the start form until the operator says that they are done with it. */
export function FirstStart({ info }: { readonly info: AppInfo }) {
  const { setPreferences } = useVerbs();
  return (
    <div className="first-start">
      <h2>Welcome to Countersign</h2>
      <p>
        It puts you between Claude and a computer: nothing is clicked or typed before you, or a rule of yours, allow it.
      </p>
      <About info={info} />
      <KeyStep info={info} />
      <section className="panel" aria-labelledby="first-machine">
        <h3 id="first-machine">What it needs of this machine</h3>
        <Checks />
      </section>
      {info.retention === null ? <RetentionQuestion /> : null}
      <div className="row">
        <Button variant="default" onClick={() => void setPreferences({ welcomed: true })}>
          Done with this page
        </Button>
        <span className="dim">It stays reachable as Health, on the left.</span>
      </div>
    </div>
  );
}
