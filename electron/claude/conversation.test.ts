/** The conversation against the strict practice server: what it accepts, the API accepts. */
import { afterEach, describe, expect, it } from "vitest";
import type { Json } from "../../shared/jcs.ts";
import { call, rawCall, type Script, stopping, text, thinking, turn } from "../practice/script.ts";
import { type PracticeServer, startPracticeServer } from "../practice/server.ts";
import { createConversation } from "./conversation.ts";
import { depsFor, done, finished, hooksFor, picture, setupFor } from "./test-support.ts";

const servers: PracticeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(script: Script): Promise<PracticeServer> {
  const server = await startPracticeServer({ script });
  servers.push(server);
  return server;
}

function withoutMarkers(value: unknown): string {
  return JSON.stringify(value, (key, member) => (key === "cache_control" ? undefined : member));
}

/** The messages of the n-th request (from 0), as JSON without cache markers. */
function sent(
  server: PracticeServer,
  n: number,
): readonly { readonly role: string; readonly content: readonly Json[] }[] {
  return JSON.parse(withoutMarkers(server.requests[n]?.body?.messages));
}

describe("a conversation", () => {
  it("goes through five turns with batches, thinking, errors and notes, and nothing is refused", async () => {
    const server = await serving([
      turn(thinking("A form."), text("I'll click."), call("left_click", { coordinate: [4, 5] })),
      turn(
        thinking("Now type."),
        call("left_click", { coordinate: [8, 9] }),
        call("type", { text: "Hi" }),
        call("screenshot"),
      ),
      turn(call("left_click", { coordinate: [900, 5] }), call("key", { text: "ctrl+s" })),
      turn(thinking("Again."), call("wait", { duration: 1 })),
      turn(thinking("Done."), text("All done.")),
    ]);
    const claude = createConversation(setupFor(), depsFor(server.url));
    claude.say({ kind: "task", text: "Fill in the form.", image: picture() });
    const replies: Json[] = [];
    for (let n = 1; n <= 5; n += 1) {
      const hooks = hooksFor();
      const outcome = finished(await claude.turn(hooks));
      replies.push(outcome.message);
      expect(hooks.thinking.join("")).toBe(outcome.thinking);
      expect(hooks.text.join("")).toBe(outcome.text);
      expect(outcome.costUsd).toBeGreaterThan(0);
      if (outcome.calls.length === 0) break;
      const results = outcome.calls.map((each) =>
        "error" in each.parsed
          ? { call: each, text: each.parsed.error, isError: true, images: [] }
          : done(each, each === outcome.calls.at(-1) ? [picture(n)] : []),
      );
      claude.say({ kind: "results", results, notes: n === 2 ? ["Use the second field."] : [], context: null });
    }
    expect(server.requests.map((request) => request.status)).toEqual([200, 200, 200, 200, 200]);
    for (let n = 1; n < 5; n += 1) {
      const before = sent(server, n - 1);
      const now = sent(server, n);
      expect(JSON.stringify(now.slice(0, before.length))).toBe(JSON.stringify(before));
      expect(JSON.stringify(now[before.length])).toBe(
        JSON.stringify({ role: "assistant", content: (replies[n - 1] as { content: Json }).content }),
      );
    }
    expect(replies.map((reply) => (reply as { stop_reason: Json }).stop_reason)).toEqual([
      "tool_use",
      "tool_use",
      "tool_use",
      "tool_use",
      "end_turn",
    ]);
    const third = sent(server, 2).at(-1)?.content ?? [];
    expect(third.at(-1)).toEqual({ type: "text", text: "Note from the operator: Use the second field." });
    expect(sent(server, 3).at(-1)?.content[0]).toMatchObject({
      is_error: true,
      toolset_name: "computer",
      content: [{ type: "text", text: "coordinate[0]: 900 is outside the 320x200 screenshot" }],
    });
    expect(server.requests.at(-1)?.usage?.cacheRead).toBeGreaterThan(0);
  });

  it("sends the task before the picture and stores the picture by its hash", async () => {
    const server = await serving([turn(text("Which form?")), turn(text("Thanks."))]);
    const claude = createConversation(setupFor(), depsFor(server.url));
    const image = picture();
    const blob = {
      type: "image",
      source: { type: "blob", sha256: image.ref.sha256, media_type: "image/png", w: 320, h: 200 },
    };
    expect(claude.say({ kind: "task", text: "Fill in.", image })).toEqual({
      role: "user",
      content: [{ type: "text", text: "Fill in." }, blob],
    });
    expect(finished(await claude.turn(hooksFor()))).toMatchObject({
      stopReason: "end_turn",
      calls: [],
      text: "Which form?",
    });
    expect(claude.say({ kind: "reply", text: "The first \ud83d one.", image })).toEqual({
      role: "user",
      content: [{ type: "text", text: "The first \ufffd one." }, blob],
    });
    finished(await claude.turn(hooksFor()));
    expect(
      sent(server, 1)
        .at(-1)
        ?.content.map((block) => (block as { type: string }).type),
    ).toEqual(["text", "image"]);
  });

  it("answers broken and unknown calls, one result each, and goes on", async () => {
    const server = await serving([
      turn(
        thinking("Hm."),
        rawCall("left_click", '{"coordinate": [4'),
        rawCall("left_click", "[4, 5]"),
        rawCall("computer", '{"action":"screenshot"}', null),
        rawCall("teleport", "{}"),
        call("left_click", { coordinate: ["4", 5] }),
      ),
      turn(thinking("I'll ask."), text("Sorry.")),
      turn(text("Bye.")),
    ]);
    const claude = createConversation(setupFor(), depsFor(server.url));
    claude.say({ kind: "task", text: "Go.", image: picture() });
    const { calls } = finished(await claude.turn(hooksFor()));
    const errors = calls.map((each) => ("error" in each.parsed ? each.parsed.error : "no error"));
    expect(errors).toEqual([
      "input: is not valid JSON",
      "input: expected an object, got a list of 2",
      expect.stringMatching(/^toolset_name: is missing/),
      expect.stringMatching(/^action: unknown action "teleport"/),
      'coordinate[0]: expected a number, got "4"',
    ]);
    const results = calls.map((each, i) => ({ call: each, text: errors[i] ?? "", isError: true, images: [] }));
    claude.say({ kind: "results", results, notes: [], context: null });
    expect(finished(await claude.turn(hooksFor())).text).toBe("Sorry.");
    claude.say({ kind: "reply", text: "Never mind.", image: null });
    finished(await claude.turn(hooksFor()));
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each(["max_tokens", "refusal", "model_context_window_exceeded", "stop_sequence", "a_reason_of_next_year"])(
    "runs nothing on %s, and can still be replied to",
    async (reason) => {
      const server = await serving([
        stopping(
          reason,
          turn(thinking("So."), call("left_click", { coordinate: [1, 1] }), rawCall("type", '{"text": "rm -r')),
        ),
        turn(thinking("Ah."), text("Yes?")),
        turn(text("Bye.")),
      ]);
      const claude = createConversation(setupFor(), depsFor(server.url));
      claude.say({ kind: "task", text: "Go.", image: picture() });
      expect(finished(await claude.turn(hooksFor()))).toMatchObject({ stopReason: reason, calls: [] });
      const stored = claude.say({ kind: "reply", text: "Go on.", image: picture() });
      expect(stored.content).toMatchObject([
        {
          type: "tool_result",
          is_error: true,
          content: [{ text: expect.stringContaining(`Not executed: the turn ended with ${reason}`) }],
        },
        { type: "tool_result", is_error: true },
        { type: "text", text: "Go on." },
        { type: "image" },
      ]);
      finished(await claude.turn(hooksFor()));
      claude.say({ kind: "reply", text: "Bye.", image: null });
      finished(await claude.turn(hooksFor()));
      expect(server.requests.map(({ error }) => error)).toEqual([null, null, null]);
    },
  );

  it("sends the history again as it is after pause_turn", async () => {
    const server = await serving([stopping("pause_turn", turn(text("Still at it."))), turn(text("There."))]);
    const claude = createConversation(setupFor(), depsFor(server.url));
    claude.say({ kind: "task", text: "Go.", image: picture() });
    expect(finished(await claude.turn(hooksFor())).stopReason).toBe("pause_turn");
    expect(finished(await claude.turn(hooksFor())).text).toBe("There.");
    expect(sent(server, 1).map(({ role }) => role)).toEqual(["user", "assistant"]);
  });

  it("stays valid after a turn without any content", async () => {
    const server = await serving([turn(), turn(text("Yes."))]);
    const claude = createConversation(setupFor(), depsFor(server.url));
    claude.say({ kind: "task", text: "Go.", image: picture() });
    expect(finished(await claude.turn(hooksFor()))).toMatchObject({ stopReason: "end_turn", calls: [], text: "" });
    claude.say({ kind: "reply", text: "Are you there?", image: null });
    expect(finished(await claude.turn(hooksFor())).text).toBe("Yes.");
    expect(sent(server, 1)).toHaveLength(1);
  });

  it("refuses what would break the protocol", async () => {
    const server = await serving([turn(call("screenshot"), call("wait", { duration: 1 })), turn(text("End."))]);
    const claude = createConversation(setupFor(), depsFor(server.url));
    const image = picture();
    await expect(claude.turn(hooksFor())).rejects.toThrow("nothing to answer");
    expect(() => claude.say({ kind: "reply", text: "Hi.", image })).toThrow("can't come here");
    claude.say({ kind: "task", text: "Go.", image });
    expect(() => claude.say({ kind: "task", text: "Go.", image })).toThrow("can't come here");
    const running = claude.turn(hooksFor());
    await expect(claude.turn(hooksFor())).rejects.toThrow("running already");
    expect(() => claude.say({ kind: "reply", text: "Hi.", image })).toThrow("a turn is running");
    const { calls } = finished(await running);
    const results = calls.map((each) => done(each));
    await expect(claude.turn(hooksFor())).rejects.toThrow("nothing to answer");
    expect(() => claude.say({ kind: "reply", text: "Hi.", image })).toThrow("expected results for");
    expect(() => claude.say({ kind: "results", results: results.slice(1), notes: [], context: null })).toThrow(
      "expected results for",
    );
    expect(() => claude.say({ kind: "results", results: results.toReversed(), notes: [], context: null })).toThrow(
      "expected results for",
    );
    claude.say({ kind: "results", results, notes: [], context: null });
    finished(await claude.turn(hooksFor()));
    expect(() => claude.say({ kind: "reply", text: " ", image: null })).toThrow("nothing to say");
  });
});
