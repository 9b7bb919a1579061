import { Radio } from "@mantine/core";
import type { MonitorInfo } from "../../shared/ipc.ts";
import { Notice } from "../ui/Notice.tsx";
import { MonitorField } from "./MonitorField.tsx";
import { OwnDesktopFields, type OwnProps } from "./OwnDesktopFields.tsx";

type Props = OwnProps & {
  /** Why no session can start on the chosen desktop, with what to do; null when it can. */
  readonly problem: string | null;
  readonly monitors: readonly MonitorInfo[];
};

export function WhereField({ problem, monitors, ...own }: Props) {
  const { form, errors, onChange } = own;
  return (
    <div className="panel">
      <Radio.Group
        label="Where"
        value={form.where}
        error={form.where === "this" ? errors.where : undefined}
        onChange={(value) => onChange({ where: value === "this" ? "this" : "own" })}
      >
        <div className="options">
          <Radio
            value="own"
            label="A desktop of its own"
            description="A virtual display: your mouse, windows and focus are not touched."
          />
          <Radio
            value="this"
            label="This desktop"
            description="Your own screen, mouse and keyboard. This window steps aside while Claude looks or acts; Claude sees everything else on the display."
          />
        </div>
      </Radio.Group>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      )}
      {form.where === "own" ? (
        <OwnDesktopFields {...own} />
      ) : (
        <MonitorField monitors={monitors} value={form.monitor} onChange={(monitor) => onChange({ monitor })} />
      )}
    </div>
  );
}
