import { NativeSelect, Radio, Textarea } from "@mantine/core";
import type { MonitorInfo } from "../../shared/ipc.ts";
import { Notice } from "../ui/Notice.tsx";
import { SIZES, type StartForm } from "./form.ts";
import { MonitorField } from "./MonitorField.tsx";

type Props = {
  readonly form: StartForm;
  readonly error: string | undefined;
  /** Why no session can start on the chosen desktop, with what to do; null when it can. */
  readonly problem: string | null;
  readonly monitors: readonly MonitorInfo[];
  readonly onChange: (change: Partial<StartForm>) => void;
};

export function WhereField({ form, error, problem, monitors, onChange }: Props) {
  return (
    <div className="panel">
      <Radio.Group
        label="Where"
        value={form.where}
        error={form.where === "this" ? error : undefined}
        onChange={(value) => onChange({ where: value === "this" ? "this" : "own" })}
      >
        <div className="options">
          <Radio
            value="own"
            label="A desktop of its own"
            description="A virtual display: your mouse, windows and focus are not touched. Programs there run as you and can reach your files."
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
        <OwnFields form={form} error={error} onChange={onChange} />
      ) : (
        <MonitorField monitors={monitors} value={form.monitor} onChange={(monitor) => onChange({ monitor })} />
      )}
    </div>
  );
}

function OwnFields({ form, error, onChange }: Pick<Props, "form" | "error" | "onChange">) {
  return (
    <div className="where-fields">
      <NativeSelect
        label="Size"
        description="Of the display, in px."
        value={form.size}
        data={SIZES.map((size) => ({ value: size, label: size.replace("x", " × ") }))}
        onChange={(event) => onChange({ size: event.currentTarget.value })}
      />
      <Textarea
        label="Programs"
        description="Opened at the start, one per line."
        placeholder="mousepad"
        rows={2}
        className="programs"
        value={form.programs}
        error={error}
        onChange={(event) => onChange({ programs: event.currentTarget.value })}
      />
    </div>
  );
}
