/** Ready-made scripts for tests, each a short story with parameters. Coordinates are px in screenshot space. */
import {
  call,
  httpFault,
  lastUserText,
  rawCall,
  type Script,
  type ScriptEntry,
  stopping,
  strayCall,
  text,
  thinking,
  troubled,
  turn,
  withSettings,
} from "./script.ts";

export type ScenarioParams = {
  /** Where to click: [x, y], px in screenshot space. */
  readonly at?: readonly [number, number];
  /** What to type. */
  readonly text?: string;
  /** The final answer. */
  readonly answer?: string;
  /** `retry-after` in seconds. */
  readonly retryAfter?: number;
  /** Pause between stream deltas, in ms. */
  readonly pace?: number;
};

const CENTRE: readonly [number, number] = [640, 400];

function answerOf(params: ScenarioParams, otherwise: string): string {
  return params.answer ?? otherwise;
}

/** One turn without any action. */
export function answerOnly(params: ScenarioParams = {}): Script {
  return [
    withSettings(
      { pace: params.pace ?? 0 },
      turn(
        thinking("Nothing has to be clicked for this; I can answer from the screenshot."),
        text(answerOf(params, "The screen shows a plain desktop.")),
      ),
    ),
  ];
}

/** One left click, then an answer. */
export function oneClick(params: ScenarioParams = {}): Script {
  return [
    withSettings(
      { pace: params.pace ?? 0 },
      turn(
        thinking("The button I need is in view. One click on it should be enough."),
        call("left_click", { coordinate: params.at ?? CENTRE }),
      ),
    ),
    turn(text(answerOf(params, "I clicked it once, and I am done."))),
  ];
}

/** Characters of the long text: seconds of typing even into a terminal. */
export const LONG_TEXT = 20_000;

/** A click into an editor, then one long text: for stopping in the middle of it. */
export function typeLong(params: ScenarioParams = {}): Script {
  const line = "The quick brown fox jumps over the lazy dog, and then it does so again. ";
  const long = params.text ?? line.repeat(Math.ceil(LONG_TEXT / line.length)).slice(0, LONG_TEXT);
  return [
    turn(thinking("First I put the caret into the editor."), call("left_click", { coordinate: params.at ?? CENTRE })),
    turn(thinking("The caret is in the editor. Now the whole text in one go."), call("type", { text: long })),
    turn(text(answerOf(params, "The text is in the editor."))),
  ];
}

/** Five actions in one turn: move, click, type, key, wait. */
export function batchOfFive(params: ScenarioParams = {}): Script {
  const at = params.at ?? CENTRE;
  return [
    turn(
      thinking("These five steps belong together, so I ask for them in one go."),
      call("mouse_move", { coordinate: at }),
      call("left_click", { coordinate: at }),
      call("type", { text: params.text ?? "batch" }),
      call("key", { text: "ctrl+a" }),
      call("wait", { duration: 1 }),
    ),
    turn(text(answerOf(params, "All five steps have been answered."))),
  ];
}

/** Wrong inputs of several kinds, one per turn (off-screen, wrong type, unknown action, malformed name), then an answer. */
export function brokenInput(params: ScenarioParams = {}): Script {
  return [
    turn(thinking("I click far to the right."), call("left_click", { coordinate: [99_999, 20] })),
    turn(thinking("I give the place as words."), rawCall("left_click", '{"coordinate": "the middle"}')),
    turn(thinking("I try an action that does not exist."), rawCall("fly_away", '{"to": "the moon"}')),
    turn(thinking("I forget which family the call belongs to."), strayCall("screenshot")),
    turn(text(answerOf(params, "None of that was possible, so I stop here."))),
  ];
}

/** A tool_use whose input is no JSON at all, then an answer. */
export function unparsableInput(params: ScenarioParams = {}): Script {
  return [
    turn(thinking("I click the button."), rawCall("left_click", '{"coordinate": [12, oops')),
    turn(text(answerOf(params, "That came out garbled, so I stop here."))),
  ];
}

/** 401 for every request: the key is wrong. */
export function unauthorised(): Script {
  return () => httpFault(401, "authentication_error", "invalid x-api-key");
}

/** One 429 with `retry-after` (1 s), then one click and an answer. */
export function rateLimitedThenFine(params: ScenarioParams = {}): Script {
  const limited = httpFault(
    429,
    "rate_limit_error",
    "This request would exceed the rate limit for your organization of 50 requests per minute.",
    params.retryAfter ?? 1,
  );
  return [limited, ...listed(oneClick(params))];
}

/** Two 529, then an answer. */
export function overloaded(params: ScenarioParams = {}): Script {
  const busy = httpFault(529, "overloaded_error", "Overloaded");
  return [busy, busy, ...listed(answerOnly(params))];
}

/** A click whose stream breaks off in the middle of its input, then the same turn whole, then an answer. */
export function streamCut(params: ScenarioParams = {}): Script {
  const [first, ...rest] = listed(oneClick(params));
  const cut: ScriptEntry[] =
    first === undefined || first.kind !== "turn" ? [] : [troubled(first, { kind: "cut", after: 12 }), first];
  return [...cut, ...rest];
}

/** An answer that asks something; after the operator's reply a click and a second answer that quotes the reply. */
export function answerThenReply(params: ScenarioParams = {}): Script {
  let reply = "";
  return (request, index) => {
    if (index === 0) return turn(text("I see two forms. Which one shall I fill in?"));
    if (index === 1) {
      reply = lastUserText(request);
      return turn(
        thinking("The operator told me which form it is."),
        call("left_click", { coordinate: params.at ?? CENTRE }),
      );
    }
    return turn(text(answerOf(params, `Done, as you said: ${reply}`)));
  };
}

/** Click into an open editor, type the text, press ctrl+s. */
export function mousepadParagraph(params: ScenarioParams = {}): Script {
  return [
    turn(
      thinking("The file is open in the editor. I put the caret into the text area."),
      call("left_click", { coordinate: params.at ?? CENTRE }),
    ),
    turn(
      thinking("Now the paragraph, exactly as given."),
      call("type", { text: params.text ?? "Hello from Countersign." }),
    ),
    turn(thinking("Saved with the keyboard, so that no dialog is in the way."), call("key", { text: "ctrl+s" })),
    turn(text(answerOf(params, "The paragraph is in the file, and the file is saved."))),
  ];
}

/** A reply cut off by `max_tokens` in the middle of a tool_use: nothing of it may run. Then an answer. */
export function maxTokensMidToolUse(params: ScenarioParams = {}): Script {
  return [
    stopping(
      "max_tokens",
      turn(thinking("I start typing the report."), rawCall("type", '{"text": "This report is about')),
    ),
    turn(text(answerOf(params, "I was cut off before I could type; nothing was typed."))),
  ];
}

/** A refusal, with a tool_use beside it that must not run. */
export function refusal(): Script {
  const stopDetails = {
    type: "refusal",
    category: "general_harms",
    explanation: "The request was declined by the safety system.",
    fallback_credit_token: null,
    fallback_has_prefill_claim: null,
    recommended_model: null,
  };
  return [
    withSettings(
      { stopReason: "refusal", stopDetails },
      turn(text("I can't help with that."), call("left_click", { coordinate: CENTRE })),
    ),
  ];
}

/** A paused turn, to be sent again as it is; then its continuation. */
export function pauseTurn(params: ScenarioParams = {}): Script {
  return [
    stopping("pause_turn", turn(thinking("This takes me a little longer."), text("Still looking at the screen."))),
    turn(text(answerOf(params, "Now I have seen everything."))),
  ];
}

/** The context window is full: a cut-off text. */
export function contextWindowExceeded(): Script {
  return [stopping("model_context_window_exceeded", turn(text("I was about to say")))];
}

/** A stop reason nobody knows, with a tool_use that must not run. */
export function unknownStopReason(params: ScenarioParams = {}): Script {
  return [
    stopping("gone_fishing", turn(text("One moment."), call("left_click", { coordinate: params.at ?? CENTRE }))),
    turn(text(answerOf(params, "That click was not made, was it?"))),
  ];
}

function listed(script: Script): readonly ScriptEntry[] {
  return typeof script === "function" ? [] : script;
}
