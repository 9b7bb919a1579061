import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Retention, retentionSchema } from "../../shared/ipc-journal.ts";
import { useVerbs } from "../store/use-app.ts";

/** What is suggested before the operator has answered. */
const SUGGESTED: Retention = { days: 90, gigabytes: 20 };

/** How long sessions stay: the question at first start, and its setting. */
export function RetentionForm({ retention }: { readonly retention: Retention | null }) {
  const { setRetention } = useVerbs();
  const now = retention ?? SUGGESTED;
  const [days, setDays] = useState(shown(now.days));
  const [gigabytes, setGigabytes] = useState(shown(now.gigabytes));
  const [said, setSaid] = useState<string | null>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = retentionSchema.safeParse({ days: read(days), gigabytes: read(gigabytes) });
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      setSaid(`${issue?.path[0] === "days" ? "Days" : "GB"}: a whole number above 0, or empty for no limit`);
      return;
    }
    const outcome = await setRetention(parsed.data);
    setSaid(outcome.ok ? "Saved." : outcome.error);
  };
  return (
    <form className="row retention" onSubmit={(event) => void save(event)} noValidate>
      <TextInput
        type="number"
        label="Days"
        min={1}
        placeholder="no limit"
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <TextInput
        type="number"
        label="GB in all"
        min={0}
        step="any"
        placeholder="no limit"
        value={gigabytes}
        onChange={(event) => setGigabytes(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {retention === null ? "Keep sessions this long" : "Save"}
      </Button>
      <span className="small dim" aria-live="polite">
        {said}
      </span>
    </form>
  );
}

function shown(value: number | null): string {
  return value === null ? "" : String(value);
}

/** What is no number stays one that the schema refuses. */
function read(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
