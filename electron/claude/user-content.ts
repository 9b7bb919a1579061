/** The user messages: what is said, in the order the API wants it. */
import { Buffer } from "node:buffer";
import type { CallResult, SentImage, UserContent } from "./claude.ts";
import type { Block, EncodeImage, ToolUse, Wire } from "./wire/wire.ts";

/** An image as the API takes it. */
export function base64Image(image: SentImage): Block {
  const data = Buffer.from(image.png.buffer, image.png.byteOffset, image.png.byteLength).toString("base64");
  return { type: "image", source: { type: "base64", media_type: "image/png", data } };
}

/** An image as the journal keeps it: by hash. */
export function blobImage({ ref }: SentImage): Block {
  return { type: "image", source: { type: "blob", sha256: ref.sha256, media_type: "image/png", w: ref.w, h: ref.h } };
}

/** What a turn left behind that the next user message has to answer. */
export type OpenTurn = { readonly toolUses: readonly ToolUse[]; readonly stopReason: string | null };

/**
 * The blocks of a user message: tool_results in call order, then notes, then how things stand
 * now; or text, then the image. Calls of a turn that
 * did not stop for them (cut off by `max_tokens`, say) were never run; the API still wants each answered.
 */
export function userBlocks(content: UserContent, open: OpenTurn, wire: Wire, bare: EncodeImage): readonly Block[] {
  const encode: EncodeImage = (image) => ({ ...bare(image), ...wire.imageFields });
  switch (content.kind) {
    case "task":
      return [...text(content.text), encode(content.image)];
    case "context":
      return [...notRun(open, wire), ...text(content.text), encode(content.image)];
    case "reply":
      return [...notRun(open, wire), ...text(content.text), ...(content.image === null ? [] : [encode(content.image)])];
    case "results":
      return [
        ...notRun(open, wire),
        ...content.results.map((result) => answer(result, open, wire, encode)),
        ...content.notes.flatMap((note) => text(`Note from the operator: ${note}`)),
        ...(content.context === null ? [] : [...text(content.context.text), encode(content.context.image)]),
      ];
  }
}

/** The API refuses text blocks without a visible character, and halves of surrogate pairs anywhere. */
function text(words: string): readonly Block[] {
  return words.trim() === "" ? [] : [{ type: "text", text: words.toWellFormed() }];
}

function answer(result: CallResult, open: OpenTurn, wire: Wire, encode: EncodeImage): Block {
  const toolUse = open.toolUses.find(({ id }) => id === result.call.toolUseId);
  return wire.result(result, toolUse?.block ?? {}, encode);
}

/** The results of calls that nobody may run; none when the turn stopped for its calls. */
export function notRun(open: OpenTurn, wire: Wire): readonly Block[] {
  if (open.stopReason === "tool_use") return [];
  const why = `Not executed: the turn ended with ${open.stopReason ?? "no stop reason"} before its actions were complete.`;
  return open.toolUses.map(({ id, block, input }) => {
    const call = { toolUseId: id, name: String(block.name), input, parsed: { error: why } };
    return wire.result({ call, text: why, isError: true, images: [] }, block, base64Image);
  });
}
