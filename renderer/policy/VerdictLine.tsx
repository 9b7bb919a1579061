import type { Verdict } from "../../shared/policy.ts";
import { ShownText } from "../ui/ShownText.tsx";

/** Why it waits, passed or was denied; behind it every rule that was looked at. */
export function VerdictLine({ verdict }: { readonly verdict: Verdict }) {
  const { looks = [] } = verdict;
  if (looks.length === 0)
    return (
      <p className="small dim">
        <ShownText text={verdict.explanation} as="prose" />
      </p>
    );
  return (
    <details className="verdict small">
      <summary>
        <ShownText text={verdict.explanation} as="prose" />
      </summary>
      <ul>
        {looks.map((look) => (
          <li key={look.rule} className={look.matched ? undefined : "dim"}>
            <span className="mono">{look.rule}</span> ({look.effect}) {look.matched ? "matches" : "does not match"}
            {look.why === "" ? "" : ": "}
            <ShownText text={look.why} as="prose" />
            {look.unknown ? " (not known, so the strict reading counts)" : ""}
          </li>
        ))}
      </ul>
    </details>
  );
}
