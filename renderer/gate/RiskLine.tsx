import { IconAlertTriangle } from "@tabler/icons-react";
import type { Risk, RiskLevel } from "../../shared/risk.ts";
import { ShownText } from "../ui/ShownText.tsx";

const LEVEL_WORDS: Readonly<Record<RiskLevel, string>> = {
  look: "Risk: none, it only looks.",
  ordinary: "Risk: ordinary.",
  risky: "Risky",
};

/** How much harm it could do, and by which rules. */
export function RiskLine({ risk }: { readonly risk: Risk }) {
  if (risk.level !== "risky") return <p className="small dim">{LEVEL_WORDS[risk.level]}</p>;
  return (
    <div className="risk">
      <p className="risk-word">
        <IconAlertTriangle size={16} aria-hidden="true" />
        <strong>{LEVEL_WORDS.risky}</strong>
      </p>
      <ul>
        {risk.reasons.map(({ words }) => (
          <li key={words}>
            <ShownText text={words} as="prose" />
          </li>
        ))}
      </ul>
    </div>
  );
}
