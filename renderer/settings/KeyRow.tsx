import { Button } from "@mantine/core";
import { useCallback, useState } from "react";
import { useKeyCapture } from "../gate/edit/use-key-capture.ts";

type Props = {
  readonly label: string;
  /** The keys as they are now, for people. */
  readonly shown: string;
  /** Told the combination that was pressed anew, in the notation of shared/keys.ts. */
  readonly onKeys: (combo: string) => void;
};

/** One thing that keys do, and a button to press others for it. */
export function KeyRow({ label, shown, onKeys }: Props) {
  const [capturing, setCapturing] = useState(false);
  const end = useCallback(() => setCapturing(false), []);
  useKeyCapture(capturing, onKeys, end);
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <kbd className="mono">{shown}</kbd>
        <Button
          variant="default"
          size="xs"
          aria-label={`Change the keys of ${label}`}
          aria-pressed={capturing}
          onClick={() => setCapturing(true)}
          onBlur={end}
        >
          {capturing ? "Press them now" : "Change"}
        </Button>
      </dd>
    </div>
  );
}
