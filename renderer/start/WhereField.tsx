import { NativeSelect, Radio, Textarea } from "@mantine/core";
import { Notice } from "../ui/Notice.tsx";
import { SIZES, type StartForm } from "./form.ts";

type Props = {
  readonly form: StartForm;
  readonly error: string | undefined;
  /** Why no desktop can be started here, with what to do; null when it can. */
  readonly problem: string | null;
  readonly onChange: (change: Partial<StartForm>) => void;
};

export function WhereField({ form, error, problem, onChange }: Props) {
  return (
    <div className="panel">
      <Radio.Group label="Where" value="own">
        <div className="options">
          <Radio
            value="own"
            label="A desktop of its own"
            description="A virtual display: your mouse, windows and focus are not touched. Programs there run as you and can reach your files."
          />
        </div>
      </Radio.Group>
      {problem === null ? null : (
        <Notice tone="bad" alert>
          {problem}
        </Notice>
      )}
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
    </div>
  );
}
