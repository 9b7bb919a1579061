import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconCopy, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Rule } from "../../shared/policy/format.ts";
import { ruleWords, type Warning } from "../../shared/policy/summary.ts";
import { Notice } from "../ui/Notice.tsx";
import { type DraftRule, ruleProblem, textOf } from "./draft.ts";
import { RuleFields } from "./RuleFields.tsx";

type Props = {
  readonly rule: DraftRule;
  readonly problem: string | null;
  readonly warnings: readonly Warning[];
  readonly open: boolean;
  readonly first: boolean;
  readonly last: boolean;
  readonly onToggle: () => void;
  readonly onChange: (rule: DraftRule) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
};

/** One rule: its sentence, what is wrong or too wide about it, and its fields when it is open. */
export function RuleCard(props: Props) {
  const { rule, problem, warnings, open, first, last } = props;
  const id = textOf(rule.id) || "(no id)";
  const read: Rule | null = ruleProblem(rule).rule;
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) card.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  return (
    <li ref={card} className={`rule rule-${textOf(rule.effect)}`}>
      <div className="rule-head">
        <button type="button" className="rule-open" aria-expanded={open} onClick={props.onToggle}>
          <span className="rule-effect">{EFFECT_WORDS[textOf(rule.effect)] ?? "?"}</span>
          <span className="mono">{id}</span>
          <span className="rule-words">{read === null ? "This rule is not whole yet." : ruleWords(read)}</span>
        </button>
        <span className="rule-buttons">
          <Tool label={`Move ${id} up`} disabled={first} onClick={() => props.onMove(-1)}>
            <IconChevronUp size={16} />
          </Tool>
          <Tool label={`Move ${id} down`} disabled={last} onClick={() => props.onMove(1)}>
            <IconChevronDown size={16} />
          </Tool>
          <Tool label={`Duplicate ${id}`} disabled={false} onClick={props.onDuplicate}>
            <IconCopy size={16} />
          </Tool>
          <Tool label={`Remove ${id}`} disabled={first && last} onClick={props.onRemove}>
            <IconTrash size={16} />
          </Tool>
        </span>
      </div>
      {warnings.map(({ words }) => (
        <p key={words} className="rule-warning small">
          Too wide? {words}
        </p>
      ))}
      {problem === null ? null : <Notice tone="bad">{problem}</Notice>}
      {open ? <RuleFields rule={rule} onChange={props.onChange} /> : null}
    </li>
  );
}

const EFFECT_WORDS: Readonly<Record<string, string>> = { allow: "Allow", ask: "Ask", deny: "Deny" };

type ToolProps = {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
};

function Tool({ label, disabled, onClick, children }: ToolProps) {
  return (
    <ActionIcon variant="subtle" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}
