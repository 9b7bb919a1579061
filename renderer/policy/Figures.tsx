import { useEffect, useState } from "react";
import type { SessionFigures } from "../../shared/policy/backtest.ts";
import { useVerbs } from "../store/use-app.ts";
import { formatDateTime } from "../ui/format.ts";

/** How sessions under this policy went: how often they asked, how often you disagreed. */
export function Figures({ name }: { readonly name: string }) {
  const { policies } = useVerbs();
  const [figures, setFigures] = useState<readonly SessionFigures[] | null>(null);
  useEffect(() => {
    let here = true;
    void policies.figures(name).then((found) => {
      if (here) setFigures(found);
    });
    return () => {
      here = false;
    };
  }, [name, policies]);
  if (figures === null) return null;
  return (
    <section className="panel" aria-labelledby="figures-title">
      <h3 id="figures-title">Over time</h3>
      {figures.length === 0 ? (
        <p className="dim">No session has run under a policy of this name yet.</p>
      ) : (
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col">Steps</th>
              <th scope="col">Passed</th>
              <th scope="col">Asked</th>
              <th scope="col">You disagreed</th>
              <th scope="col">Denied</th>
            </tr>
          </thead>
          <tbody>
            {figures.toReversed().map((each) => (
              <tr key={each.session}>
                <th scope="row">{formatDateTime(each.at)}</th>
                <td>{each.steps}</td>
                <td>{each.passed}</td>
                <td>
                  {each.asked} ({share(each.asked, each.steps)})
                </td>
                <td>
                  {each.disagreed} ({share(each.disagreed, each.asked)})
                </td>
                <td>{each.denied}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? "0 %" : `${Math.round((100 * part) / whole)} %`;
}
