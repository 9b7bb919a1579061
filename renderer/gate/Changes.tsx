import type { Proposal } from "../../shared/session-event.ts";
import type { Returned } from "../../shared/session-view.ts";
import { Notice } from "../ui/Notice.tsx";
import { ShownText } from "../ui/ShownText.tsx";
import { RETURN_WORDS } from "../ui/words.ts";

type Props = { readonly proposal: Proposal; readonly returned: Returned | null };

/** Whether the desktop is still what Claude saw, and why a proposal came back. */
export function Changes({ proposal, returned }: Props) {
  if (returned !== null) {
    return (
      <Notice tone="waiting">
        <strong>Came back, nothing was sent: {RETURN_WORDS[returned.reason].toLowerCase()}.</strong>{" "}
        <ShownText text={returned.detail} as="prose" />
      </Notice>
    );
  }
  if (proposal.now === null) return <p className="small dim">Changed since: no, and compared before it runs.</p>;
  // Steps of one turn are planned on one picture: that the first of them change it is what they are for.
  if (proposal.index > 0 && proposal.rev === 1)
    return <p className="small dim">Changed by the steps before it in this turn.</p>;
  return (
    <Notice tone="waiting">
      <strong>Changed since: the desktop differs from what Claude saw.</strong>
    </Notice>
  );
}
