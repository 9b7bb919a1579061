import { Button } from "@mantine/core";
import type { StepView } from "../../shared/session-view.ts";
import { ActionPayload } from "../ui/ActionPayload.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { StepOutcome } from "../ui/StepOutcome.tsx";
import { sentenceOf } from "../ui/words.ts";
import { actionOf, chipStatus } from "./storyboard.ts";

type Props = { readonly step: StepView; readonly of: number; readonly onClose: () => void };

/** An action of the turn in full, in the place of the steps: nothing moves when one looks at it. */
export function BatchLook({ step, of, onClose }: Props) {
  const action = actionOf(step);
  const status = chipStatus(step);
  const open = step.status === "upcoming";
  return (
    <div className="batch-look">
      <ScrollBox label={`Action ${step.index + 1} in full`} className="batch-look-body">
        <p className="row small dim">
          Action {step.index + 1} of {of}
          {status === "approved" || status === "returned" ? null : <StepOutcome status={status} />}
          {status === "approved" ? "Approved ahead; checked once more just before it runs." : null}
          {status === "upcoming" ? "Checked just before it runs." : null}
        </p>
        <p className="batch-look-sentence">{action?.action === "type" ? "Type this text" : sentenceOf(step)}</p>
        {action === null ? null : <ActionPayload action={action} />}
        {"error" in step.call.parsed ? (
          <p className="tone-bad">
            <ShownText text={step.call.parsed.error} as="prose" />
          </p>
        ) : null}
        {open || step.result === null ? null : (
          <p className="dim">
            Claude reads: <ShownText text={step.result.text} as="prose" />
          </p>
        )}
      </ScrollBox>
      <Button size="xs" variant="default" onClick={onClose}>
        Back to steps
      </Button>
    </div>
  );
}
