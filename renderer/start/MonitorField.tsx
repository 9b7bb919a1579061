import { Radio } from "@mantine/core";
import type { MonitorInfo } from "../../shared/ipc.ts";

type Props = {
  readonly monitors: readonly MonitorInfo[];
  /** Null: the primary one. */
  readonly value: string | null;
  readonly onChange: (name: string) => void;
};

/** Which display Claude works on; nothing to choose where there is one. */
export function MonitorField({ monitors, value, onChange }: Props) {
  const [first] = monitors;
  if (first === undefined || monitors.length === 1) return null;
  return (
    <Radio.Group
      label="Display"
      description="Claude sees and uses this one only. On another one this window stays in sight."
      value={value ?? first.name}
      onChange={onChange}
    >
      <div className="options">
        {monitors.map((monitor) => (
          <Radio key={monitor.name} value={monitor.name} label={titleOf(monitor)} description={factsOf(monitor)} />
        ))}
      </div>
    </Radio.Group>
  );
}

function titleOf({ name, label }: MonitorInfo): string {
  return label === "" ? name : `${label} (${name})`;
}

function factsOf({ w, h, x, y, scale, primary }: MonitorInfo): string {
  const facts = [`${w} × ${h} px at ${x}, ${y}`];
  if (scale !== 1) facts.push(`scale ${Math.round(scale * 100)} %`);
  if (primary) facts.push("primary");
  return facts.join(" · ");
}
