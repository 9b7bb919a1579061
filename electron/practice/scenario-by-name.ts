import {
  answerOnly,
  answerThenReply,
  batchOfFive,
  brokenInput,
  contextWindowExceeded,
  maxTokensMidToolUse,
  mousepadParagraph,
  oneClick,
  overloaded,
  pauseTurn,
  rateLimitedThenFine,
  refusal,
  type ScenarioParams,
  streamCut,
  typeLong,
  unauthorised,
  unknownStopReason,
  unparsableInput,
} from "./scenarios.ts";
import type { Script } from "./script.ts";

const SCENARIOS = {
  answerOnly,
  oneClick,
  typeLong,
  batchOfFive,
  brokenInput,
  unparsableInput,
  unauthorised,
  rateLimitedThenFine,
  overloaded,
  streamCut,
  answerThenReply,
  mousepadParagraph,
  maxTokensMidToolUse,
  refusal,
  pauseTurn,
  contextWindowExceeded,
  unknownStopReason,
} as const;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

/** The script of this name, made anew. Throws a RangeError that lists the names when there is none. */
export function scenarioByName(name: string, params: ScenarioParams = {}): Script {
  const found = SCENARIO_NAMES.find((each) => each === name);
  if (found === undefined) throw new RangeError(`no scenario "${name}"; there are ${SCENARIO_NAMES.join(", ")}`);
  return SCENARIOS[found](params);
}
