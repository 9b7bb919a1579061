import { memo, useCallback, useDeferredValue, useMemo, useState } from "react";
import { isOver, stepId } from "../../shared/session-view.ts";
import { brokenStep } from "../sessions/told.ts";
import { useApp } from "../store/use-app.ts";
import { counted } from "../ui/format.ts";
import { costWords, statusOf } from "../ui/words.ts";
import { nextSought } from "./ends.ts";
import { FilterBar } from "./FilterBar.tsx";
import { choicesOf, filtered } from "./filters.ts";
import { ItemList } from "./ItemList.tsx";
import { type Item, itemsOf } from "./items.ts";
import { PlayBar } from "./PlayBar.tsx";
import { ReplayStage } from "./ReplayStage.tsx";
import type { Recording } from "./recording.ts";
import {
  AT_START,
  choose,
  type KeyWish,
  moveTo,
  pick,
  playedSide,
  type ReplayState,
  selectedSteps,
  stepBy,
  togglePlay,
} from "./replay-state.ts";
import { ShareMenu } from "./ShareMenu.tsx";
import { StepSide } from "./StepSide.tsx";
import { Timeline } from "./Timeline.tsx";
import { timeScale } from "./time-scale.ts";
import { useCalm } from "./use-calm.ts";
import { usePlaying } from "./use-playing.ts";
import { useReplayKeys } from "./use-replay-keys.ts";
import type { Reviewing } from "./use-review.ts";

type ReplayProps = {
  readonly recording: Recording;
  readonly interrupted: boolean;
  readonly review: Reviewing;
};

/** A session along its time: the timeline, its steps, and everything about the one that is looked at. */
export function Replay({ recording, interrupted, review }: ReplayProps) {
  const [state, change] = useState<ReplayState>(AT_START);
  const [scrubbing, setScrubbing] = useState(false);
  const { view } = recording;
  const over = interrupted || isOver(view.phase);
  const items = useMemo(() => itemsOf(recording.view, recording), [recording]);
  const scale = useMemo(() => timeScale(recording.times, state.folded), [recording, state.folded]);
  const { flags, noted } = review;
  const listed = useMemo(() => filtered(items, state.filter, flags), [items, state.filter, flags]);
  const choices = useMemo(() => choicesOf(items, state.filter, flags), [items, state.filter, flags]);

  const linked = useApp((all) => all.openedAt);
  const broken = interrupted ? brokenStep(view) : null;
  const wanted = linked ?? (broken === null ? null : stepId(broken));
  const first = items.find(({ key }) => key === wanted) ?? items[0] ?? null;
  const chosen = items.find(({ key }) => key === state.chosen) ?? first;
  const index = chosen === null ? -1 : items.indexOf(chosen);
  const here: ReplayState = { ...state, at: state.at ?? chosen?.at ?? scale.start, chosen: chosen?.key ?? null };
  const at = here.at ?? scale.start;

  usePlaying(state, change, items, scale);
  const wish = (asked: KeyWish) =>
    change(() => {
      switch (asked.kind) {
        case "step":
          return { ...stepBy(here, listed, asked.by), playing: false };
        case "end": {
          const item = asked.which === "first" ? listed[0] : listed.at(-1);
          return item === undefined ? here : { ...choose(here, item), playing: false };
        }
        case "play":
          return togglePlay(here, items, scale);
        case "side":
          return { ...here, side: asked.side, playing: false };
        case "seek": {
          const from =
            chosen?.kind === "step"
              ? chosen.number - 1
              : view.steps.findIndex((step) => step.turn >= (chosen?.turn.turn ?? 0)) - 1;
          const found = nextSought(view.steps, from, asked.sought);
          const item = items.find((each) => each.kind === "step" && each.number - 1 === found);
          return item === undefined ? here : { ...choose(here, item), playing: false };
        }
      }
    });
  useReplayKeys(wish);

  const onScrub = useCallback(
    (ms: number, going: boolean) => {
      setScrubbing(going);
      change((now) => ({ ...moveTo(now, items, ms), playing: false }));
    },
    [items],
  );
  const onPick = useCallback(
    (key: string, through: boolean) =>
      change((now) => pick({ ...now, chosen: now.chosen ?? first?.key ?? null }, listed, key, through)),
    [listed, first],
  );
  const onChoose = useCallback((item: Item) => change((now) => ({ ...choose(now, item), playing: false })), []);
  // While the timeline is dragged, the picture goes first; list, facts and figures follow when there is time.
  const calm = useCalm(chosen, scrubbing || here.playing);
  const calmAt = useDeferredValue(at);
  return (
    <>
      <Timeline
        items={items}
        scale={scale}
        at={at}
        window={state.filter.window}
        flags={flags}
        noted={noted}
        onScrub={onScrub}
        onWindow={(window) => change({ ...here, filter: { ...here.filter, window } })}
      />
      <div className="replay-controls">
        <PlayBar
          state={here}
          start={scale.start}
          end={scale.end}
          onWish={wish}
          onSpeed={(speed) => change({ ...here, speed })}
          onFolded={(folded) => change({ ...here, folded })}
        />
        <Then recording={recording} at={calmAt} />
        <ShareMenu
          session={recording.session}
          selected={selectedSteps(here, items, listed)}
          of={view.steps.length}
          kept={review.kept}
          onKeep={(keep) => void review.keep(keep)}
        />
      </div>
      <div className="replay-body">
        <div className="replay-left">
          <FilterBar
            filter={state.filter}
            choices={choices}
            flagged={flags.size}
            listed={listed.filter(({ kind }) => kind === "step").length}
            of={view.steps.length}
            start={scale.start}
            at={at}
            end={scale.end}
            picked={here.picked.size}
            onChange={(filter) => change({ ...here, filter })}
            onUnpick={() => change({ ...here, picked: AT_START.picked })}
          />
          <ItemList
            items={listed}
            chosen={calm?.key ?? null}
            of={view.steps.length}
            over={over}
            start={scale.start}
            flags={flags}
            noted={noted}
            picked={here.picked}
            onChoose={onChoose}
            onPick={onPick}
          />
        </div>
        <ReplayStage
          item={chosen}
          side={playedSide(here, chosen)}
          next={items[index + 1] ?? null}
          onSide={(side) => change({ ...here, side, playing: false })}
        />
        {calm === null ? (
          <div className="replay-side" />
        ) : (
          <StepSide item={calm} recording={recording} over={over} review={review} />
        )}
      </div>
    </>
  );
}

/** How the session stood at the moment that is looked at: the same fold as the live gate's. */
const Then = memo(function Then({ recording, at }: { readonly recording: Recording; readonly at: number }) {
  const view = recording.viewAt(recording.seqAt(at));
  return (
    <p className="replay-then small dim" title="How the session stood at this moment">
      At this moment: <strong>{view.phase.kind === "starting" ? "Starting" : statusOf(view.phase, null)}</strong>
      {view.captureOff ? " · capture paused" : ""}
      {" · "}
      {counted(view.steps.filter((step) => step.executed !== null).length, "step")}
      {" · "}
      {costWords(view)}
    </p>
  );
});
