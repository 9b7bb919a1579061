/** What differs between tool versions, and the ways on from every stop reason, against the strict practice API. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../shared/jcs.ts";
import { BETA_HEADERS, TOOL_VERSIONS, type ToolVersion } from "../../shared/model.ts";
import type { ParsedCall } from "../../shared/session-event.ts";
import { call, rawCall, type Script, stopping, strayCall, text, thinking, turn } from "../practice/script.ts";
import { type FetchedRequest, practiceFetch } from "../practice/test-fetch.ts";
import type { CallResult, ConversationSetup, UserContent } from "./claude.ts";
import { createConversation } from "./conversation.ts";
import { depsFor, done, finished, hooksFor, picture, setupOf } from "./test-support.ts";

function opened(setup: ConversationSetup, script: Script) {
  const requests: FetchedRequest[] = [];
  const fetch = practiceFetch(script, (request) => {
    requests.push(request);
  });
  const claude = createConversation(setup, { ...depsFor("http://api.invalid"), fetch });
  claude.say({ kind: "task", text: "Go.", image: picture() });
  return { claude, requests, errors: () => requests.map(({ error }) => error) };
}

function answered(call: ParsedCall): CallResult {
  return "error" in call.parsed
    ? { call, text: call.parsed.error, isError: true, images: [] }
    : done(call, [picture()]);
}

function lastMessage(requests: readonly FetchedRequest[]): {
  readonly role: string;
  readonly content: readonly Json[];
} {
  return JSON.parse(JSON.stringify(requests.at(-1)?.body.messages)).at(-1);
}

describe.each(TOOL_VERSIONS)("%s", (version) => {
  it("goes through batches, broken and misshapen calls, notes and contexts, and nothing is refused", async () => {
    const { claude, requests, errors } = opened(setupOf(version), [
      turn(thinking("A form."), call("left_click", { coordinate: [4, 5] }), call("type", { text: "Hi" })),
      turn(
        call("zoom", { region: [0, 0, 50, 50] }),
        rawCall("left_click", '{"coordinate": [4'),
        rawCall("left_click", "[4, 5]"),
        rawCall("teleport", "{}"),
        strayCall("screenshot"),
      ),
      turn(text("All done.")),
      turn(text("Bye.")),
    ]);
    const image = picture(90);
    for (let n = 0; n < 2; n += 1) {
      const { calls } = finished(await claude.turn(hooksFor()));
      const results = calls.map(answered);
      expect(results.filter(({ isError }) => isError)).toHaveLength(n === 0 ? 0 : 4);
      const context = n === 0 ? null : { text: "The session goes on.", image };
      claude.say({ kind: "results", results, notes: ["Slowly."], context });
    }
    expect(finished(await claude.turn(hooksFor())).text).toBe("All done.");
    expect(lastMessage(requests).content.slice(-3)).toMatchObject([
      { type: "text", text: "Note from the operator: Slowly." },
      { type: "text", text: "The session goes on." },
      { type: "image" },
    ]);
    claude.say({ kind: "context", text: "The desktop is a new one.", image });
    finished(await claude.turn(hooksFor()));
    expect(errors()).toEqual([null, null, null, null]);
    const clearing = version === "computer_20241022" ? [] : ["context-management-2025-06-27"];
    const betas = [BETA_HEADERS[version], ...clearing].filter((beta) => beta !== null).join(",");
    expect(requests[0]?.headers["anthropic-beta"]).toBe(betas);
    const images = JSON.stringify(requests.at(-1)?.body.messages).match(/"type":"image"/g)?.length;
    const unshrunk = JSON.stringify(requests.at(-1)?.body.messages).match(/"oversized_image":"error"/g)?.length ?? 0;
    expect(unshrunk).toBe(version === "computer_toolset_20260801" ? 0 : images);
  });

  it("gives one action per turn when asked for it", async () => {
    const { claude, errors } = opened(setupOf(version, { onePerTurn: true }), [
      turn(thinking("Both."), call("mouse_move", { coordinate: [4, 5] }), call("type", { text: "Hi" })),
      turn(text("Done.")),
    ]);
    for (let n = 0; n < 2; n += 1) {
      const { calls } = finished(await claude.turn(hooksFor()));
      expect(calls).toHaveLength(1);
      claude.say({ kind: "results", results: calls.map(answered), notes: [], context: null });
    }
    expect(finished(await claude.turn(hooksFor())).text).toBe("Done.");
    expect(errors()).toEqual([null, null, null]);
  });

  const cut = [call("mouse_move", { coordinate: [1, 1] }), rawCall("type", '{"text": "rm -r')];
  const ways: readonly ((image: ReturnType<typeof picture>) => UserContent)[] = [
    (image) => ({ kind: "reply", text: "Go on.", image }),
    (image) => ({ kind: "context", text: "Go on.", image }),
    (image) => ({ kind: "results", results: [], notes: ["Go on."], context: { text: "So it is now.", image } }),
  ];
  it.each(["max_tokens", "refusal", "pause_turn", "model_context_window_exceeded", "gone_fishing"])(
    "runs nothing on %s, and goes on in every way",
    async (reason) => {
      for (const way of ways) {
        const { claude, errors } = opened(setupOf(version), [stopping(reason, turn(...cut)), turn(text("Yes."))]);
        expect(finished(await claude.turn(hooksFor()))).toMatchObject({ stopReason: reason, calls: [] });
        const stored = claude.say(way(picture()));
        const said = Array.isArray(stored.content) ? stored.content : [];
        expect(said.at(-1)).toMatchObject({ type: "image" });
        expect(said.slice(0, 3)).toMatchObject([
          { type: "tool_result", is_error: true, content: [{ text: expect.stringContaining(reason) }] },
          { type: "tool_result", is_error: true },
          { type: "text" },
        ]);
        expect(finished(await claude.turn(hooksFor())).text).toBe("Yes.");
        expect(errors()).toEqual([null, null]);
      }
    },
  );

  it("answers the calls of a paused turn, should it hold some, before it is sent again", async () => {
    const { claude, errors, requests } = opened(setupOf(version), [
      stopping("pause_turn", turn(...cut)),
      turn(text("Yes.")),
    ]);
    finished(await claude.turn(hooksFor()));
    expect(finished(await claude.turn(hooksFor())).text).toBe("Yes.");
    expect(errors()).toEqual([null, null]);
    expect(lastMessage(requests).content).toMatchObject([{ is_error: true }, { is_error: true }]);
  });

  it("sends a paused turn again as it came, and goes on after an empty one", async () => {
    const { claude, requests, errors } = opened(setupOf(version), [
      stopping("pause_turn", turn(thinking("So far."), text("Still at it."))),
      stopping("pause_turn", turn()),
      turn(text("There.")),
    ]);
    for (const words of ["Still at it.", "", "There."])
      expect(finished(await claude.turn(hooksFor())).text).toBe(words);
    expect(errors()).toEqual([null, null, null]);
    expect(lastMessage(requests).role).toBe("assistant");
  });
});

it("drags from where the first version's cursor is: the session's, then what comes before in the turn", async () => {
  const version: ToolVersion = "computer_20241022";
  const { claude, errors } = opened(setupOf(version), [
    turn(
      rawCall("left_click_drag", '{"coordinate": [9, 9]}'),
      call("left_click_drag", { start_coordinate: [1, 2], coordinate: [3, 4] }),
      rawCall("left_click_drag", '{"coordinate": [5, 6]}'),
    ),
    turn(rawCall("left_click_drag", '{"coordinate": [9, 9]}')),
  ]);
  const first = finished(await claude.turn(hooksFor()));
  expect(first.calls.map(({ parsed }) => parsed)).toMatchObject([
    { error: expect.stringMatching(/use mouse_move/) },
    { action: { action: "mouse_move", coordinate: [1, 2] } },
    { action: { action: "left_click_drag", start_coordinate: [1, 2], coordinate: [3, 4] } },
    { action: { action: "left_click_drag", start_coordinate: [3, 4], coordinate: [5, 6] } },
  ]);
  claude.say({ kind: "results", results: first.calls.map(answered), notes: [], context: null });
  const second = finished(await claude.turn({ ...hooksFor(), cursor: [7, 7] }));
  expect(second.calls[0]?.parsed).toMatchObject({ action: { start_coordinate: [7, 7] } });
  expect(errors()).toEqual([null, null]);
});
