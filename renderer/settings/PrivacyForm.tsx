import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Privacy, privacySchema } from "../../shared/ipc-journal.ts";
import { useVerbs } from "../store/use-app.ts";

/** Programs and regions that are painted black in every picture. */
export function PrivacyForm({ privacy }: { readonly privacy: Privacy }) {
  const { setPrivacy } = useVerbs();
  const [programs, setPrograms] = useState(privacy.programs.join("\n"));
  const [regions, setRegions] = useState(privacy.regions.map((region) => region.join(", ")).join("\n"));
  const [said, setSaid] = useState<string | null>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = privacySchema.safeParse({
      programs: linesOf(programs),
      regions: linesOf(regions).map((line) => line.split(",").map(Number)),
    });
    const bad = parsed.success ? parsed.data.regions.findIndex(([x0, y0, x1, y1]) => x1 <= x0 || y1 <= y0) : -1;
    if (!parsed.success || bad >= 0) {
      setSaid("Regions: four whole numbers a line, left, top, right, bottom; right of left and below top");
      return;
    }
    const outcome = await setPrivacy(parsed.data);
    setSaid(outcome.ok ? "Saved." : outcome.error);
  };
  return (
    <form className="privacy" onSubmit={(event) => void save(event)}>
      <Textarea
        label="Programs"
        description="One a line, as a card names it or by the name of the program's file: all its windows are black."
        placeholder="keepassxc"
        autosize
        minRows={2}
        value={programs}
        onChange={(event) => setPrograms(event.currentTarget.value)}
      />
      <Textarea
        label="Regions"
        description="One a line, pixels of the session's desktop: left, top, right, bottom."
        placeholder="0, 0, 1280, 24"
        autosize
        minRows={2}
        value={regions}
        onChange={(event) => setRegions(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" variant="default">
          Save
        </Button>
        <span className="small dim" aria-live="polite">
          {said}
        </span>
      </div>
    </form>
  );
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
