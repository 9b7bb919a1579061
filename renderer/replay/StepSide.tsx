import { Button, Tabs } from "@mantine/core";
import { IconCode, IconLink } from "@tabler/icons-react";
import { memo, useState } from "react";
import type { ImageRef } from "../../shared/digest.ts";
import { riskOfProposal } from "../../shared/risk.ts";
import type { StepView, TurnView } from "../../shared/session-view.ts";
import { formatStepLink } from "../../shared/step-link.ts";
import { RiskLine } from "../gate/RiskLine.tsx";
import { useVerbs } from "../store/use-app.ts";
import { formatCost, formatDuration, formatTime, formatTokens } from "../ui/format.ts";
import { ScrollBox } from "../ui/ScrollBox.tsx";
import { Fact, StepFacts, StepReasons } from "../ui/StepFacts.tsx";
import { turnWords } from "./ItemList.tsx";
import type { Item } from "./items.ts";
import { NotesPanel } from "./NotesPanel.tsx";
import { type Recording, stepIn } from "./recording.ts";
import type { Reviewing } from "./use-review.ts";
import { WireDialog } from "./WireDialog.tsx";

type Props = {
  readonly item: Item;
  readonly recording: Recording;
  readonly over: boolean;
  readonly review: Reviewing;
};

/** Everything recorded of the item that is looked at. */
export const StepSide = memo(function StepSide({ item, recording, over, review }: Props) {
  const [tab, setTab] = useState<string | null>("step");
  const step = item.kind === "step" ? item.key : null;
  const noteCount = review.notes.filter((note) => note.step === step).length;
  return (
    <Tabs
      value={tab}
      onChange={setTab}
      keepMounted={false}
      className="replay-side"
      classNames={{ panel: "replay-panel" }}
    >
      <Tabs.List grow>
        <Tabs.Tab value="step">{item.kind === "step" ? "Step" : "Turn"}</Tabs.Tab>
        <Tabs.Tab value="claude">Claude</Tabs.Tab>
        <Tabs.Tab value="record">Record</Tabs.Tab>
        <Tabs.Tab value="notes">{noteCount === 0 ? "Notes" : `Notes (${noteCount})`}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="step">
        <ScrollBox label="Facts" className="step-facts replay-facts">
          {item.kind === "step" ? <StepPart item={item} over={over} /> : <TurnPart item={item} />}
        </ScrollBox>
      </Tabs.Panel>
      <Tabs.Panel value="claude">
        <ScrollBox label="What Claude said" className="step-facts replay-facts">
          {item.turn === null ? null : <ClaudePart session={recording.session} turn={item.turn} />}
        </ScrollBox>
      </Tabs.Panel>
      <Tabs.Panel value="record">
        <ScrollBox label="Events and hashes" className="step-facts replay-facts">
          <RecordPart item={item} recording={recording} />
        </ScrollBox>
      </Tabs.Panel>
      <Tabs.Panel value="notes">
        <NotesPanel key={step} step={step} review={review} />
      </Tabs.Panel>
    </Tabs>
  );
});

function StepPart({
  item: { step, turn },
  over,
}: {
  readonly item: Extract<Item, { kind: "step" }>;
  readonly over: boolean;
}) {
  const { proposal, verdict } = step;
  const rule = verdict?.rule ?? null;
  return (
    <>
      <StepFacts step={step} over={over} />
      {rule === null ? null : <Fact name="Rule">{rule}</Fact>}
      <StepReasons step={step} />
      {proposal === null ? null : <RiskLine risk={riskOfProposal(proposal, step, turn)} />}
      {proposal === null ? null : <Where step={step} />}
    </>
  );
}

function Where({ step: { proposal } }: { readonly step: StepView }) {
  const shown = proposal?.target ?? proposal?.window ?? null;
  if (shown === null) return null;
  return <Fact name="Program">{`${shown.class}: ${shown.title}`}</Fact>;
}

function TurnPart({ item }: { readonly item: Extract<Item, { kind: "turn" }> }) {
  const { title, words } = turnWords(item);
  const rest = item.turn.calls > 0 ? item.told.slice(1) : item.told;
  return (
    <>
      <h2>{title}</h2>
      <p className="small dim">
        Turn {item.turn.turn}, {formatTime(item.turn.startedAt)}
      </p>
      {rest.map(({ kind, text }) => (
        <Fact
          key={`${kind} ${text}`}
          name={kind === "note" ? "Your note" : kind === "reply" ? "You replied" : "The app told Claude"}
        >
          {text}
        </Fact>
      ))}
      {words === "" ? null : <Fact name={item.turn.calls > 0 ? "Told" : "Said"}>{words}</Fact>}
      {item.turn.error === null ? null : <Fact name="What to do">{item.turn.error.advice}</Fact>}
    </>
  );
}

function ClaudePart({ session, turn }: { readonly session: string; readonly turn: TurnView }) {
  const [wire, setWire] = useState(false);
  const { input, output, cacheWrite, cacheRead } = turn.usage;
  const took = turn.endedAt === null ? null : Date.parse(turn.endedAt) - Date.parse(turn.startedAt);
  return (
    <>
      <dl className="replay-figures small">
        <Figure name="Turn">{String(turn.turn)}</Figure>
        <Figure name="Took">{took === null ? "no reply" : formatDuration(took)}</Figure>
        <Figure name="Cost">{formatCost(turn.costUsd)}</Figure>
        <Figure name="Tokens in">{`${formatTokens(input + cacheWrite)} new, ${formatTokens(cacheRead)} cached`}</Figure>
        <Figure name="Tokens out">{formatTokens(output)}</Figure>
        <Figure name="Stopped for">{turn.stopReason ?? "nothing said"}</Figure>
      </dl>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconCode size={15} aria-hidden="true" />}
        onClick={() => setWire(true)}
      >
        Exact request and response
      </Button>
      {turn.text === "" ? null : <Fact name="Claude said">{turn.text}</Fact>}
      {turn.thinking === "" ? (
        <p className="dim">No thinking came with this turn.</p>
      ) : (
        <Fact name="Thinking">{turn.thinking}</Fact>
      )}
      {wire ? <WireDialog session={session} turn={turn.turn} onClose={() => setWire(false)} /> : null}
    </>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div className="replay-figure">
      <dt className="dim">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RecordPart({ item, recording }: { readonly item: Item; readonly recording: Recording }) {
  const { copyText } = useVerbs();
  const [copied, setCopied] = useState<string | null>(null);
  const step = item.kind === "step" ? item.key : null;
  const link = formatStepLink({ session: recording.session, step });
  const place = step === null ? null : recording.place(step);
  const events = recording.events.filter((event) =>
    step === null
      ? "turn" in event.body && event.body.turn === item.turn?.turn && stepIn(event) === null
      : place !== null && event.seq >= place.first && event.seq <= place.last && stepIn(event) === step,
  );
  const pictures = item.kind === "step" ? picturesOf(item.step) : [];
  return (
    <>
      <div className="row">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconLink size={15} aria-hidden="true" />}
          onClick={() => void copyText(link).then(() => setCopied(link))}
        >
          Copy link
        </Button>
        <span role="status" aria-label="Link" className="small dim">
          {copied === link ? "Copied. Open it by pasting it into the search of Sessions." : ""}
        </span>
      </div>
      <h3 className="dim">Events</h3>
      <ol className="replay-events">
        {events.map(({ seq, type, ts, hash }) => (
          <li key={seq}>
            <span>
              {seq} <strong>{type}</strong> <span className="dim">{formatTime(ts)}</span>
            </span>
            <code className="mono">{hash}</code>
          </li>
        ))}
      </ol>
      {pictures.length === 0 ? null : <h3 className="dim">Pictures (SHA-256)</h3>}
      <ol className="replay-events">
        {pictures.map(([name, image]) => (
          <li key={name}>
            <span>
              {name} <span className="dim">{`${image.w}×${image.h}`}</span>
            </span>
            <code className="mono">{image.sha256}</code>
          </li>
        ))}
      </ol>
    </>
  );
}

function picturesOf(step: StepView): readonly (readonly [name: string, image: ImageRef])[] {
  const all = [
    ["Before", step.proposal?.screenshot ?? null],
    ["At the gate", step.proposal?.now ?? null],
    ["After", step.after],
    ["Given to Claude", step.image],
  ] as const;
  return all.flatMap(([name, image]) => (image === null ? [] : [[name, image] as const]));
}
