import { describe, expect, it } from "vitest";
import { ApiError } from "./api-error.ts";
import type { JsonObject } from "./json.ts";
import {
  click,
  firstRequest,
  imageBlock,
  result,
  sampleJpegHead,
  samplePng,
  secondRequest,
  unshrunk,
} from "./sample-request.ts";
import { signSummary } from "./signature.ts";
import { type ValidateOptions, validateRequest } from "./validate.ts";

function verdict(body: unknown, options: ValidateOptions = {}): string {
  try {
    validateRequest(body, options);
    return "ok";
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.message}`;
    throw error;
  }
}

const mark = { cache_control: { type: "ephemeral" } };
const user = (...content: JsonObject[]) => ({ role: "user", content });
const say = (text: string, more: JsonObject = {}) => ({ type: "text", text, ...more });
const talk = (...messages: JsonObject[]) => firstRequest({ messages });
const old = (model: string, type: string, more: JsonObject = {}, request: JsonObject = {}) => ({
  ...firstRequest({
    model,
    tools: [{ type, name: "computer", display_width_px: 1280, display_height_px: 800, ...more }],
    messages: [user(say("Fill in the form."), unshrunk())],
    ...request,
  }),
});
const budget = { thinking: { type: "enabled", budget_tokens: 2048 }, output_config: {} };
const jpeg = (width: number, height: number) => ({
  type: "image",
  source: { type: "base64", media_type: "image/jpeg", data: sampleJpegHead(width, height) },
});
const without = (key: string) => Object.fromEntries(Object.entries(firstRequest()).filter(([name]) => name !== key));
const image = (source: JsonObject) => talk(user(say("look"), { type: "image", source }));
const nov = { betas: ["computer-use-2025-11-24"] };
const jan = { betas: ["computer-use-2025-01-24"] };
const oct = { betas: ["computer-use-2024-10-22"] };
const edits = { edits: [{ type: "clear_tool_uses_20250919", keep: { type: "tool_uses", value: 3 } }] };

const CLEAR = "clear_tool_uses_20250919";
const summarized = (content: string | null = "So far so good.", more: JsonObject = {}) => ({
  role: "assistant",
  content: [{ type: "compaction", content, encrypted_content: null, signature: signSummary(content ?? ""), ...more }],
});
const compact = { betas: ["compact-2026-09-04"] };

const display = (w: number, h: number, image: JsonObject) =>
  old(
    "claude-sonnet-4-5",
    "computer_20250124",
    { display_width_px: w, display_height_px: h },
    { ...budget, messages: [user(say("a"), image)] },
  );
const answered = (action: string, ...content: JsonObject[]) =>
  old(
    "claude-opus-4-7",
    "computer_20251124",
    { enable_zoom: true },
    {
      messages: [
        user(say("a")),
        { role: "assistant", content: [{ type: "tool_use", id: "a", name: "computer", input: { action } }] },
        user({ type: "tool_result", tool_use_id: "a", content }),
      ],
    },
  );

type Row = {
  rule: string;
  bad: unknown;
  says: RegExp;
  good: unknown;
  options?: ValidateOptions;
  badOptions?: ValidateOptions;
};

const rows: Row[] = [
  {
    rule: "unknown top-level field",
    bad: firstRequest({ temperature: 1 }),
    says: /^400 temperature: Extra inputs are not permitted$/,
    good: firstRequest({ stop_sequences: ["x"] }),
  },
  {
    rule: "max_tokens is required",
    bad: without("max_tokens"),
    says: /^400 max_tokens: Field required/,
    good: firstRequest(),
  },
  { rule: "model is required", bad: without("model"), says: /^400 model: Field required/, good: firstRequest() },
  {
    rule: "messages are required",
    bad: without("messages"),
    says: /^400 messages: Field required/,
    good: firstRequest(),
  },
  {
    rule: "a known model",
    bad: firstRequest({ model: "claude-opus-9" }),
    says: /^404 model: claude-opus-9$/,
    good: firstRequest({ model: "claude-sonnet-5-5" }),
  },
  {
    rule: "max_tokens within the model",
    bad: firstRequest({ max_tokens: 200_000 }),
    says: /^400 max_tokens: 200000 > 128000/,
    good: firstRequest({ max_tokens: 128_000 }),
  },
  {
    rule: "first message from the user",
    bad: talk({ role: "assistant", content: "hi" }, user(say("x"))),
    says: /first message must use the "user" role/,
    good: talk(user(say("x"))),
  },
  {
    rule: "roles alternate",
    bad: talk(user(say("a")), user(say("b"))),
    says: /roles must alternate/,
    good: talk(user(say("a")), { role: "assistant", content: "b" }, user(say("c"))),
  },
  {
    rule: "ends with the user",
    bad: talk(user(say("a")), { role: "assistant", content: "b" }),
    says: /does not support assistant message prefill/,
    good: talk(user(say("a"))),
  },
  {
    rule: "no empty message",
    bad: talk(user()),
    says: /^400 messages\.0: all messages must have non-empty content/,
    good: talk(user(say("a"))),
  },
  {
    rule: "no empty text",
    bad: talk(user(say(""))),
    says: /text content blocks must be non-empty/,
    good: talk(user(say("a"))),
  },
  { rule: "no blank text", bad: talk(user(say(" \n"))), says: /non-whitespace/, good: talk(user(say(" a"))) },
  {
    rule: "no lone surrogate",
    bad: talk(user(say("\ud83d"))),
    says: /no low surrogate/,
    good: talk(user(say("\ud83d\ude00"))),
  },
  {
    rule: "every call is answered",
    bad: secondRequest([click("a"), click("b")], [result("a")]),
    says: /^400 messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: b\./,
    good: secondRequest([click("a"), click("b")], [result("a"), result("b")]),
  },
  {
    rule: "answered in the next message",
    bad: secondRequest([click("a")], [say("well")]),
    says: /^400 messages\.1: `tool_use` ids were found/,
    good: secondRequest([click("a")], [result("a"), say("well")]),
  },
  {
    rule: "one result per call",
    bad: secondRequest([click("a")], [result("a"), result("a")]),
    says: /^400 messages\.2\.content\.1: each tool_use must have a single result/,
    good: secondRequest([click("a")], [result("a")]),
  },
  {
    rule: "results before text",
    bad: secondRequest([click("a")], [say("note"), result("a")]),
    says: /^400 messages\.2\.content\.1: `tool_result` blocks must come before/,
    good: secondRequest([click("a")], [result("a"), say("note")]),
  },
  {
    rule: "no unexpected tool_use_id",
    bad: secondRequest([click("a")], [result("a"), result("z")]),
    says: /^400 messages\.2\.content\.1: unexpected `tool_use_id` found in `tool_result` blocks: z/,
    good: secondRequest([click("a")], [result("a")]),
  },
  {
    rule: "no result without a call",
    bad: talk(user(result("a"))),
    says: /^400 messages\.0\.content\.0: unexpected `tool_use_id`/,
    good: talk(user(say("a"))),
  },
  {
    rule: "unique call ids",
    bad: secondRequest([click("a"), click("a")], [result("a")]),
    says: /`tool_use` ids must be unique/,
    good: secondRequest([click("a"), click("b")], [result("a"), result("b")]),
  },
  {
    rule: "toolset_name on the result",
    bad: secondRequest([click()], [{ type: "tool_result", tool_use_id: "toolu_1", content: "Clicked." }]),
    says: /^400 messages\.2\.content\.0\.tool_result\.toolset_name: must be 'computer'/,
    good: secondRequest([click()], [result()]),
  },
  {
    rule: "the right toolset_name",
    bad: secondRequest([click()], [result("toolu_1", { toolset_name: "browser" })]),
    says: /toolset_name: must be 'computer'/,
    good: secondRequest([click()], [result()]),
  },
  {
    rule: "no toolset_name without a toolset",
    bad: secondRequest([{ type: "tool_use", id: "a", name: "computer", input: {} }], [result("a")]),
    says: /toolset_name: must be absent/,
    good: secondRequest(
      [{ type: "tool_use", id: "a", name: "computer", input: {} }],
      [result("a", { toolset_name: null })],
    ),
  },
  {
    rule: "no image in an error",
    bad: secondRequest([click()], [result("toolu_1", { is_error: true, content: [say("no"), imageBlock()] })]),
    says: /^400 messages\.2\.content\.0: all content must be type `text` if `is_error` is true$/,
    good: secondRequest([click()], [result("toolu_1", { content: [say("yes"), imageBlock()] })]),
  },
  {
    rule: "no empty error",
    bad: secondRequest([click()], [result("toolu_1", { is_error: true, content: [] })]),
    says: /content cannot be empty if `is_error` is true/,
    good: secondRequest([click()], [result("toolu_1", { is_error: true })]),
  },
  {
    rule: "text and images only in results",
    bad: secondRequest([click()], [result("toolu_1", { content: [{ type: "document", source: {} }] })]),
    says: /^400 messages\.2\.content\.0\.tool_result\.content\.0: Input tag 'document'/,
    good: secondRequest([click()], [result("toolu_1", { content: [imageBlock()] })]),
  },
  {
    rule: "long edge under the toolset",
    bad: talk(user(say("a"), imageBlock(2577, 100))),
    says: /^400 messages\.0\.content\.1\.image: image is 2577x100/,
    good: talk(user(say("a"), imageBlock(2576, 100))),
  },
  {
    rule: "visual tokens under the toolset",
    bad: talk(user(say("a"), imageBlock(2240, 1680))),
    says: /4800 visual tokens/,
    good: talk(user(say("a"), imageBlock(2240, 1652))),
  },
  {
    rule: "JPEG sizes are read too",
    bad: talk(user(say("a"), jpeg(2577, 100))),
    says: /image is 2577x100/,
    good: talk(user(say("a"), jpeg(1280, 800))),
  },
  {
    rule: "older tools: nothing above the tier",
    bad: display(1600, 100, unshrunk(1600, 100)),
    says: /^400 messages\.0\.content\.1\.image: image is 1600x100 pixels \(232 visual tokens\), above the maximum/,
    good: display(1280, 800, unshrunk()),
    options: jan,
  },
  {
    rule: "older tools: no silent shrinking",
    bad: display(1280, 800, imageBlock()),
    says: /^400 messages\.0\.content\.1\.image\.transformations\.oversized_image: Input should be 'error'$/,
    good: display(1280, 800, unshrunk()),
    options: jan,
  },
  {
    rule: "transformations have a known shape",
    bad: display(1280, 800, imageBlock(1280, 800, { transformations: { oversized_image: "error", crop: true } })),
    says: /image\.transformations\.crop: Extra inputs are not permitted/,
    good: display(1280, 800, unshrunk()),
    options: jan,
  },
  {
    rule: "older tools: pictures of the declared size",
    bad: display(1280, 800, unshrunk(1024, 640)),
    says: /image is 1024x640 pixels, but the tool declares a display of 1280x800/,
    good: display(1024, 640, unshrunk(1024, 640)),
    options: jan,
  },
  {
    rule: "older tools: only a zoom may be smaller",
    bad: answered("left_click", unshrunk(640, 300)),
    says: /^400 messages\.2\.content\.0\.tool_result\.content\.0\.image: image is 640x300 pixels, but/,
    good: answered("zoom", unshrunk(640, 300)),
    options: nov,
  },
  {
    rule: "a zoom no larger than the display",
    bad: answered("zoom", unshrunk(1300, 300)),
    says: /image is 1300x300 pixels, but/,
    good: answered("left_click", say("Proposed: Left click. Executed: Zoom into 0, 0"), unshrunk(640, 300)),
    options: nov,
  },
  {
    rule: "more than 20 images: 2000 px a side",
    bad: talk(user(say("a"), imageBlock(2001, 30), ...Array.from({ length: 20 }, () => imageBlock(9, 9)))),
    says: /many-image requests: 2000 pixels/,
    good: talk(user(say("a"), imageBlock(2001, 30), ...Array.from({ length: 19 }, () => imageBlock(9, 9)))),
  },
  {
    rule: "number of images",
    bad: talk(user(say("a"), ...Array.from({ length: 101 }, () => imageBlock(9, 9)))),
    says: /Too many images in the request: found 101/,
    good: talk(user(say("a"), ...Array.from({ length: 100 }, () => imageBlock(9, 9)))),
  },
  {
    rule: "media type fits the bytes",
    bad: image({ type: "base64", media_type: "image/jpeg", data: samplePng(9, 9) }),
    says: /the image\/jpeg media type, but the image appears to be a image\/png image/,
    good: image({ type: "base64", media_type: "image/png", data: samplePng(9, 9) }),
  },
  {
    rule: "base64 is base64",
    bad: image({ type: "base64", media_type: "image/png", data: `data:image/png;base64,${samplePng(9, 9)}` }),
    says: /Invalid base64 data/,
    good: image({ type: "base64", media_type: "image/png", data: samplePng(9, 9) }),
  },
  {
    rule: "bytes are an image",
    bad: image({ type: "base64", media_type: "image/png", data: "AAAA" }),
    says: /Could not process image/,
    good: image({ type: "base64", media_type: "image/png", data: samplePng(9, 9) }),
  },
  {
    rule: "four cache markers at most",
    bad: talk(user(...["a", "b", "c", "d"].map((t) => say(t, mark)))),
    says: /A maximum of 4 blocks with cache_control may be provided\. Found 5\./,
    good: talk(user(...["a", "b", "c"].map((t) => say(t, mark)))),
  },
  {
    rule: "markers inside results count",
    bad: secondRequest(
      [click()],
      [result("toolu_1", { ...mark, content: [say("a", mark), say("b", mark), say("c", mark)] })],
    ),
    says: /Found 5/,
    good: secondRequest([click()], [result("toolu_1", { content: [say("a", mark), say("b", mark), say("c", mark)] })]),
  },
  {
    rule: "cache_control has a known shape",
    bad: talk(user(say("a", { cache_control: { type: "forever" } }))),
    says: /cache_control\.type: Input should be 'ephemeral'/,
    good: talk(user(say("a", { cache_control: { type: "ephemeral", ttl: "1h" } }))),
  },
  {
    rule: "no marker on thinking",
    bad: secondRequest([{ type: "thinking", thinking: "", signature: "x", ...mark }, click()], [result()]),
    says: /^400 messages\.1\.content\.0\.thinking\.cache_control: Extra inputs/,
    good: secondRequest([click("toolu_1", mark)], [result()]),
  },
  {
    rule: "a forged signature",
    bad: secondRequest([{ type: "thinking", thinking: "hm", signature: "forged" }, click()], [result()]),
    says: /^400 messages\.1\.content\.0: Invalid `signature` in `thinking` block$/,
    good: secondRequest([click()], [result()]),
  },
  {
    rule: "the toolset takes no name",
    bad: firstRequest({ tools: [{ type: "computer_toolset_20260801", name: "computer" }] }),
    says: /^400 tools\.0\.computer_toolset_20260801\.name: Extra inputs/,
    good: firstRequest({ tools: [{ type: "computer_toolset_20260801", configs: { zoom: { enabled: false } } }] }),
  },
  {
    rule: "the toolset takes no display size",
    bad: firstRequest({ tools: [{ type: "computer_toolset_20260801", display_width_px: 1 }] }),
    says: /display_width_px: Extra inputs/,
    good: firstRequest({ tools: [{ type: "computer_toolset_20260801", ...mark }] }),
  },
  {
    rule: "the toolset takes no enable_zoom",
    bad: firstRequest({ tools: [{ type: "computer_toolset_20260801", enable_zoom: true }] }),
    says: /enable_zoom: Extra inputs/,
    good: firstRequest(),
  },
  {
    rule: "configs name members",
    bad: firstRequest({ tools: [{ type: "computer_toolset_20260801", configs: { fly: {} } }] }),
    says: /configs\.fly: Extra inputs/,
    good: firstRequest({ tools: [{ type: "computer_toolset_20260801", configs: null }] }),
  },
  {
    rule: "toolset models take nothing older",
    bad: old("claude-opus-5-5", "computer_20251124"),
    says: /'claude-opus-5-5' does not support tool types: computer_20251124\. Did you mean one of computer_toolset_20260801\?/,
    good: old("claude-opus-5", "computer_20251124", { enable_zoom: true }),
    options: nov,
  },
  {
    rule: "older models take no toolset",
    bad: firstRequest({ ...budget, model: "claude-sonnet-4-5" }),
    says: /does not support tool types: computer_toolset_20260801/,
    good: firstRequest({ model: "claude-opus-4-8" }),
  },
  {
    rule: "20251124 needs its beta",
    bad: old("claude-opus-4-7", "computer_20251124"),
    badOptions: {},
    says: /^400 tools\.0: Input tag 'computer_20251124' found using 'type' does not match/,
    good: old("claude-opus-4-7", "computer_20251124"),
    options: nov,
  },
  {
    rule: "20250124 needs its beta",
    bad: old("claude-haiku-4-5", "computer_20250124", {}, budget),
    badOptions: nov,
    says: /Input tag 'computer_20250124'/,
    good: old("claude-haiku-4-5", "computer_20250124", {}, budget),
    options: jan,
  },
  {
    rule: "20241022 belongs to Sonnet 3.5",
    bad: old("claude-sonnet-4-5", "computer_20241022", {}, budget),
    says: /does not support tool types: computer_20241022/,
    good: old(
      "claude-3-5-sonnet-20241022",
      "computer_20241022",
      { display_number: 1 },
      { max_tokens: 4096, thinking: { type: "disabled" }, output_config: {} },
    ),
    options: oct,
  },
  {
    rule: "older tools need a display size",
    bad: old("claude-opus-5", "computer_20251124", { display_width_px: undefined }),
    says: /display_width_px: Field required/,
    good: old("claude-opus-5", "computer_20251124"),
    options: nov,
  },
  {
    rule: "older tools are called computer",
    bad: old("claude-opus-5", "computer_20251124", { name: "desktop" }),
    says: /name: Input should be 'computer'/,
    good: old("claude-opus-5", "computer_20251124"),
    options: nov,
  },
  {
    rule: "enable_zoom belongs to 20251124",
    bad: old("claude-haiku-4-5", "computer_20250124", { enable_zoom: true }, budget),
    badOptions: jan,
    says: /enable_zoom: Extra inputs/,
    good: old("claude-opus-4-8", "computer_20251124", { enable_zoom: true }),
    options: nov,
  },
  {
    rule: "one computer tool",
    bad: firstRequest({ tools: [{ type: "computer_toolset_20260801" }, { type: "computer_toolset_20260801" }] }),
    says: /Tool names must be unique/,
    good: firstRequest(),
  },
  {
    rule: "thinking cannot be switched off",
    bad: firstRequest({ thinking: { type: "disabled" } }),
    says: /`thinking\.type\.disabled` is not supported for this model/,
    good: firstRequest({ model: "claude-sonnet-5-5", thinking: { type: "disabled" } }),
  },
  {
    rule: "no budget for adaptive models",
    bad: firstRequest(budget),
    says: /`thinking\.type\.enabled` is not supported for this model .* Use `thinking\.type\.adaptive`/,
    good: old("claude-opus-4-5", "computer_20251124", {}, budget),
    options: nov,
  },
  {
    rule: "no adaptive thinking for older models",
    bad: old("claude-sonnet-4-5", "computer_20250124", {}, { output_config: {} }),
    says: /adaptive thinking is not supported on this model/,
    good: old("claude-sonnet-4-5", "computer_20250124", {}, budget),
    options: jan,
  },
  {
    rule: "budget of 1024 and more",
    bad: old(
      "claude-sonnet-4-5",
      "computer_20250124",
      {},
      { ...budget, thinking: { type: "enabled", budget_tokens: 1000 } },
    ),
    says: /thinking\.enabled\.budget_tokens: Input should be greater than or equal to 1024/,
    good: old("claude-sonnet-4-5", "computer_20250124", {}, budget),
    options: jan,
  },
  {
    rule: "budget below max_tokens",
    bad: old("claude-sonnet-4-5", "computer_20250124", {}, { ...budget, max_tokens: 2048 }),
    says: /`max_tokens` must be greater than `thinking\.budget_tokens`/,
    good: old("claude-sonnet-4-5", "computer_20250124", {}, { ...budget, max_tokens: 2049 }),
    options: jan,
  },
  {
    rule: "known display of thinking",
    bad: firstRequest({ thinking: { type: "adaptive", display: "full" } }),
    says: /thinking\.adaptive\.display: Input should be 'summarized', 'omitted' or 'updates'/,
    good: firstRequest({ thinking: { type: "adaptive", display: "omitted" } }),
  },
  {
    rule: "no forced tool with thinking",
    bad: firstRequest({ tool_choice: { type: "any" } }),
    says: /Thinking may not be enabled when tool_choice forces tool use/,
    good: firstRequest({ tool_choice: { type: "auto", disable_parallel_tool_use: true } }),
  },
  {
    rule: "no forced tool where thinking is always on",
    bad: { ...without("thinking"), tool_choice: { type: "any" } },
    says: /Thinking may not be enabled/,
    good: without("thinking"),
  },
  {
    rule: "known effort",
    bad: firstRequest({ output_config: { effort: "extreme" } }),
    says: /output_config\.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'/,
    good: firstRequest({ output_config: { effort: "max" } }),
  },
  {
    rule: "effort only where supported",
    bad: old("claude-haiku-4-5", "computer_20250124", {}, { ...budget, output_config: { effort: "low" } }),
    says: /does not support the effort parameter/,
    good: old("claude-opus-4-5", "computer_20251124", {}, { ...budget, output_config: { effort: "low" } }),
    options: { betas: ["computer-use-2025-11-24", "computer-use-2025-01-24"] },
  },
  {
    rule: "context editing needs its beta",
    bad: firstRequest({ context_management: edits }),
    badOptions: {},
    says: /^400 context_management: Extra inputs/,
    good: firstRequest({ context_management: edits }),
    options: { betas: ["context-management-2025-06-27"] },
  },
  {
    rule: "compaction stands alone",
    bad: firstRequest({ context_management: edits, compaction: { type: "summarize" } }),
    says: /cannot be combined/,
    good: firstRequest({ compaction: { type: "summarize" } }),
    options: { betas: ["compact-2026-09-04"] },
  },
  {
    rule: "a clearing's numbers say of what",
    bad: firstRequest({ context_management: { edits: [{ type: CLEAR, trigger: { type: "images", value: 3 } }] } }),
    says: /edits\.0\.trigger\.type: Input should be 'input_tokens' or 'tool_uses'/,
    good: firstRequest({ context_management: { edits: [{ type: CLEAR, trigger: { type: "tool_uses", value: 3 } }] } }),
    options: { betas: ["context-management-2025-06-27"] },
  },
  {
    rule: "no unknown field in a clearing",
    bad: firstRequest({ context_management: { edits: [{ type: CLEAR, keep_last: 3 }] } }),
    says: /edits\.0\.keep_last: Extra inputs/,
    good: firstRequest({ context_management: { edits: [{ type: CLEAR, clear_tool_inputs: true }] } }),
    options: { betas: ["context-management-2025-06-27"] },
  },
  {
    rule: "a summary needs its beta",
    bad: talk(summarized(), user(say("a"))),
    badOptions: {},
    says: /Input tag 'compaction'/,
    good: talk(summarized(), user(say("a"))),
    options: compact,
  },
  {
    rule: "a summary comes first",
    bad: talk(user(say("a")), summarized(), user(say("b"))),
    says: /must be the first block of the conversation/,
    good: talk(summarized(), user(say("b"))),
    options: compact,
  },
  {
    rule: "a summary as it was signed",
    bad: talk(summarized("So far so bad.", { signature: signSummary("So far so good.") }), user(say("b"))),
    says: /Invalid `signature` in `compaction` block/,
    good: talk(summarized(), user(say("b"))),
    options: compact,
  },
  {
    rule: "one summary at most",
    bad: talk(
      { role: "assistant", content: [...summarized().content, ...summarized("More.").content] },
      user(say("b")),
    ),
    says: /more than one `compaction` block/,
    good: talk({ role: "assistant", content: [...summarized().content, ...summarized(null).content] }, user(say("b"))),
    options: compact,
  },
  {
    rule: "something to summarize",
    bad: { ...talk(summarized()), compaction: { type: "summarize" } },
    says: /no content to summarize/,
    good: { ...talk(summarized(), user(say("a"))), compaction: { type: "summarize" } },
    options: compact,
  },
  {
    rule: "a compaction asks for no reply",
    bad: firstRequest({ compaction: { type: "summarize" }, stop_sequences: ["x"] }),
    says: /cannot be combined with `stop_sequences`/,
    good: firstRequest({ compaction: { type: "summarize" }, tool_choice: { type: "auto" } }),
    options: compact,
  },
  {
    rule: "known block types",
    bad: talk(user({ type: "video" })),
    says: /^400 messages\.0\.content\.0: Input tag 'video'/,
    good: talk(user(say("a"))),
  },
  {
    rule: "no unknown field in a block",
    bad: talk(user(say("a", { color: "red" }))),
    says: /^400 messages\.0\.content\.0\.text\.color: Extra inputs/,
    good: talk(user(say("a", { citations: null }))),
  },
];

describe("validateRequest", () => {
  it.each(rows)("refuses: $rule", ({ bad, says, options, badOptions }) => {
    expect(verdict(bad, badOptions ?? options)).toMatch(says);
  });

  it.each(rows)("passes: $rule", ({ good, options }) => {
    expect(verdict(good, options)).toBe("ok");
  });
});
