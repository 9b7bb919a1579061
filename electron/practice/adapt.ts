/** Scripts are written once, in the words of the newest tool; here they are put into what the request's tool has. */
import { isObject, type JsonObject, listOf } from "./json.ts";
import { TOOL_MEMBERS, TOOLSET } from "./models.ts";
import { type CallPart, call, type Part, type ScriptedTurn, type ScriptRequest } from "./script.ts";

/**
 * The turn for this request's tool version: zooming becomes a screenshot where there is none, and under
 * `computer_20241022`, whose clicks go where the pointer is, a click becomes a move and a click, and so on. Throws an
 * Error for an action that has no such stand-in.
 */
export function adaptTurn(turn: ScriptedTurn, request: ScriptRequest): ScriptedTurn {
  const parts = turn.parts.flatMap((part): readonly Part[] =>
    part.kind === "call" ? adaptCall(part, request) : [part],
  );
  return { ...turn, parts };
}

/**
 * The turns Claude takes for one turn of the script: with `disable_parallel_tool_use` one for each call, what is said
 * before a call going with it. The first has the turn's trouble, the last its stop reason; a first one whose stream
 * breaks off is the only one, because it will be asked for again.
 */
export function oneCallEach(turn: ScriptedTurn, request: ScriptRequest): readonly ScriptedTurn[] {
  const choice = request.body.tool_choice;
  if (!isObject(choice) || choice.disable_parallel_tool_use !== true) return [turn];
  const calls = turn.parts.flatMap((part, i) => (part.kind.endsWith("call") ? [i + 1] : []));
  if (calls.length < 2) return [turn];
  const { trouble, stopReason, stopDetails, stopSequence, ...plain } = turn;
  const ending = Object.fromEntries(
    Object.entries({ stopReason, stopDetails, stopSequence }).filter(([, value]) => value !== undefined),
  );
  const ends = [...calls.slice(0, -1), turn.parts.length];
  const pieces = ends.map((end, n) => ({
    ...plain,
    parts: turn.parts.slice(ends[n - 1] ?? 0, end),
    ...(n === 0 && trouble !== undefined ? { trouble } : {}),
    ...(n === ends.length - 1 ? ending : {}),
  }));
  const breaksOff = trouble?.some(({ kind }) => kind === "cut" || kind === "error" || kind === "malformed") ?? false;
  return breaksOff ? pieces.slice(0, 1) : pieces;
}

function adaptCall(part: CallPart, request: ScriptRequest): readonly CallPart[] {
  const tool = request.toolVersion ?? TOOLSET;
  const known = TOOL_MEMBERS[TOOLSET].find((member) => member === part.member);
  if (tool === TOOLSET || known === undefined) return [part];
  const calls = tool === "computer_20241022" ? fromCursor(part) : [part];
  const named = calls.map((each) => (zooms(each) && !canZoom(request.body) ? call("screenshot") : each));
  const missing = named.find((each) => !TOOL_MEMBERS[tool].some((member) => member === each.member));
  if (missing !== undefined) throw new Error(`the script asks for ${missing.member}, which ${tool} does not have`);
  const { id } = part;
  return named.map((each, i) => (id === undefined || i < named.length - 1 ? each : { ...each, id }));
}

function zooms({ member }: CallPart): boolean {
  return member === "zoom";
}

function canZoom(body: JsonObject): boolean {
  return listOf(body.tools).some((tool) => isObject(tool) && tool.enable_zoom === true);
}

const CLICKS = ["left_click", "right_click", "middle_click", "double_click", "triple_click"];
const PAGE_KEYS: Readonly<Record<string, string>> = { up: "Page_Up", down: "Page_Down", left: "Left", right: "Right" };

/** The first version: the pointer is moved first, and there is no wheel, no third click and no waiting. */
function fromCursor(part: CallPart): readonly CallPart[] {
  const { member, input } = part;
  const { coordinate, start_coordinate: start, ...rest } = input;
  const move = coordinate === undefined ? [] : [call("mouse_move", { coordinate })];
  if (member === "triple_click") return [...move, call("left_click"), call("key", { text: "ctrl+a" })];
  if (CLICKS.includes(member)) return [...move, { kind: "call", member, input: rest }];
  switch (member) {
    case "left_click_drag":
      return [call("mouse_move", { coordinate: start }), call("left_click_drag", { coordinate })];
    case "scroll":
      return [...move, call("key", { text: PAGE_KEYS[String(input.scroll_direction)] ?? "Page_Down" })];
    case "hold_key":
      return [call("key", { text: input.text })];
    case "wait":
      return [call("screenshot")];
    default:
      return [part];
  }
}
