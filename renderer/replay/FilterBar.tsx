import { Button, NativeSelect, Popover, TextInput } from "@mantine/core";
import { IconFilter, IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { counted, formatClock } from "../ui/format.ts";
import { type Choice, FACETS, type Facet, type Filter, isEmpty, NO_FILTER } from "./filters.ts";

const NAMES: Readonly<Record<Facet, readonly [label: string, all: string]>> = {
  action: ["Kind of action", "All actions"],
  end: ["Outcome", "All outcomes"],
  who: ["Decided by", "Anyone"],
  rule: ["Rule", "Any rule"],
  program: ["Program", "All programs"],
  risk: ["Risk", "Any risk"],
};

type Props = {
  readonly filter: Filter;
  readonly choices: Readonly<Record<Facet, readonly Choice[]>>;
  readonly flagged: number;
  readonly listed: number;
  readonly of: number;
  /** When the session began and the moment looked at, ms since 1970. */
  readonly start: number;
  readonly at: number;
  readonly end: number;
  /** How many steps are picked one by one. */
  readonly picked: number;
  readonly onUnpick: () => void;
  readonly onChange: (filter: Filter) => void;
};

/** What the list is narrowed to, with the number of steps behind each choice. */
export function FilterBar({ filter, choices, flagged, listed, of, start, at, end, picked, onUnpick, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const set = FACETS.filter((facet) => filter[facet] !== null).length + (filter.flagged ? 1 : 0);
  return (
    <div className="filter-bar">
      <div className="filter-line">
        <TextInput
          size="xs"
          className="filter-text"
          aria-label="Find in this session"
          placeholder="Find in this session"
          leftSection={<IconSearch size={15} aria-hidden="true" />}
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
        />
        <Popover opened={open} onChange={setOpen} position="right-start" shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFilter size={15} aria-hidden="true" />}
              onClick={() => setOpen(!open)}
            >
              {set === 0 ? "Filters" : `Filters (${set})`}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <div className="filter-facets">
              {FACETS.map((facet) => (
                <NativeSelect
                  key={facet}
                  size="xs"
                  label={NAMES[facet][0]}
                  disabled={choices[facet].length === 0}
                  value={filter[facet] ?? ""}
                  data={[
                    { value: "", label: NAMES[facet][1] },
                    ...choices[facet].map(({ value, name, count }) => ({ value, label: `${name} (${count})` })),
                  ]}
                  onChange={(event) => onChange({ ...filter, [facet]: event.currentTarget.value || null })}
                />
              ))}
              <div className="filter-buttons">
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => onChange({ ...filter, window: [at, filter.window?.[1] ?? end] })}
                >
                  From here
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => onChange({ ...filter, window: [filter.window?.[0] ?? start, at] })}
                >
                  Up to here
                </Button>
                <Button
                  size="compact-sm"
                  variant={filter.flagged ? "filled" : "default"}
                  aria-pressed={filter.flagged}
                  onClick={() => onChange({ ...filter, flagged: !filter.flagged })}
                >
                  Flagged ({flagged})
                </Button>
              </div>
            </div>
          </Popover.Dropdown>
        </Popover>
      </div>
      <p className="filter-count small dim" role="status" aria-label="Listed steps">
        <span>{isEmpty(filter) ? counted(of, "step") : `${listed} of ${counted(of, "step")}`}</span>
        {filter.window === null ? null : (
          <span>
            {formatClock(filter.window[0] - start)} to {formatClock(filter.window[1] - start)}
          </span>
        )}
        {isEmpty(filter) ? null : (
          <button type="button" className="link-button" onClick={() => onChange(NO_FILTER)}>
            <IconX size={13} aria-hidden="true" /> Show all
          </button>
        )}
        {picked === 0 ? null : (
          <>
            <span>{picked} picked</span>
            <button type="button" className="link-button" onClick={onUnpick}>
              <IconX size={13} aria-hidden="true" /> Pick none
            </button>
          </>
        )}
      </p>
    </div>
  );
}
