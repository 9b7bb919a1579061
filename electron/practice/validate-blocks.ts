import { refuse } from "./api-error.ts";
import { decodeBase64, readImageHeader } from "./image-header.ts";
import { blocksOf, isObject, type JsonObject, listOf } from "./json.ts";
import { cacheControlAt, objectAt, onlyFields, optionalOneOf, stringAt } from "./shape.ts";

/** An image of a request, where it is and how large. */
export type PlacedImage = {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** The block asked for an error instead of silent shrinking. */
  readonly refusesShrinking: boolean;
  /** A detail, not the whole screen: it need not have the declared size. */
  readonly anySize: boolean;
};

const MEDIA_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const ASSISTANT_BLOCKS = ["text", "thinking", "redacted_thinking", "tool_use", "compaction"];
const USER_BLOCKS = ["text", "image", "tool_result", "compaction"];

/** Checks the shape of one content block of a message with this role; images found are added to `images`. */
export function validateBlock(value: unknown, role: string, path: string, images: PlacedImage[]): void {
  const block = objectAt(value, path);
  const allowed = role === "assistant" ? ASSISTANT_BLOCKS : USER_BLOCKS;
  const type = stringAt(block, path, "type");
  if (!allowed.includes(type)) {
    const tags = allowed.map((each) => `'${each}'`).join(", ");
    refuse(path, `Input tag '${type}' found using 'type' does not match any of the expected tags: ${tags}`);
  }
  const at = `${path}.${type}`;
  if (type === "thinking" || type === "redacted_thinking") {
    onlyFields(block, at, type === "thinking" ? ["type", "thinking", "signature"] : ["type", "data"]);
    if (type === "redacted_thinking") stringAt(block, at, "data");
    else {
      if (typeof block.thinking !== "string")
        refuse(`${at}.thinking`, block.thinking === undefined ? "Field required" : "Input should be a valid string");
      stringAt(block, at, "signature");
    }
    return;
  }
  cacheControlAt(block, at);
  if (type === "text") validateText(block, at);
  if (type === "image") validateImage(block, at, images);
  if (type === "tool_use") validateToolUse(block, at);
  if (type === "tool_result") validateToolResult(block, path, images);
}

function validateText(block: JsonObject, path: string): void {
  onlyFields(block, path, ["type", "text", "cache_control", "citations"]);
  if (typeof block.text !== "string")
    refuse(`${path}.text`, block.text === undefined ? "Field required" : "Input should be a valid string");
  else if (block.text === "") refuse("messages", "text content blocks must be non-empty");
  else if (block.text.trim() === "") refuse("messages", "text content blocks must contain non-whitespace text");
}

function validateToolUse(block: JsonObject, path: string): void {
  onlyFields(block, path, ["type", "id", "name", "input", "cache_control", "caller", "toolset_name"]);
  const id = stringAt(block, path, "id");
  if (!/^[a-zA-Z0-9_-]+$/.test(id)) refuse(`${path}.id`, "String should match pattern '^[a-zA-Z0-9_-]+$'");
  stringAt(block, path, "name");
  if (!isObject(block.input))
    refuse(`${path}.input`, block.input === undefined ? "Field required" : "Input should be an object");
}

function validateImage(block: JsonObject, path: string, images: PlacedImage[]): void {
  onlyFields(block, path, ["type", "source", "cache_control", "transformations"]);
  const source = objectAt(block.source, `${path}.source`);
  if (source.type !== "base64") refuse(`${path}.source`, "the practice server takes images as 'base64' only");
  const at = `${path}.source.base64`;
  onlyFields(source, at, ["type", "media_type", "data"]);
  stringAt(source, at, "media_type");
  optionalOneOf(source, at, "media_type", MEDIA_TYPES);
  const bytes = decodeBase64(stringAt(source, at, "data"));
  if (bytes === null) refuse(`${at}.data`, "Invalid base64 data");
  const header = readImageHeader(bytes);
  if (header === null || header.width === 0 || header.height === 0) refuse(at, "Could not process image");
  if (header.mediaType !== source.media_type) {
    refuse(
      at,
      `The image was specified using the ${String(source.media_type)} media type, but the image appears to be a ${header.mediaType} image`,
    );
  }
  let refusesShrinking = false;
  if (block.transformations !== undefined && block.transformations !== null) {
    const wish = objectAt(block.transformations, `${path}.transformations`);
    onlyFields(wish, `${path}.transformations`, ["oversized_image"]);
    optionalOneOf(wish, `${path}.transformations`, "oversized_image", ["downsize", "error"]);
    refusesShrinking = wish.oversized_image === "error";
  }
  images.push({ path, width: header.width, height: header.height, refusesShrinking, anySize: false });
}

/** A tool_result: string or text and image blocks; with `is_error` text only, and not empty. */
function validateToolResult(block: JsonObject, path: string, images: PlacedImage[]): void {
  const at = `${path}.tool_result`;
  onlyFields(block, at, ["type", "tool_use_id", "content", "is_error", "cache_control", "toolset_name"]);
  stringAt(block, at, "tool_use_id");
  if (block.is_error !== undefined && typeof block.is_error !== "boolean")
    refuse(`${at}.is_error`, "Input should be a valid boolean");
  const given = block.content;
  if (given !== undefined && typeof given !== "string" && !Array.isArray(given))
    refuse(`${at}.content`, "Input should be a valid array");
  listOf(given).forEach((part, i) => {
    const inner = objectAt(part, `${at}.content.${i}`);
    if (inner.type !== "text" && inner.type !== "image") {
      const message = `Input tag '${String(inner.type)}' found using 'type' does not match any of the expected tags: 'text', 'image'`;
      refuse(`${at}.content.${i}`, message);
    }
    validateBlock(inner, "user", `${at}.content.${i}`, images);
  });
  if (block.is_error !== true) return;
  const content = blocksOf(given);
  if (content.length === 0 || given === "") refuse(path, "content cannot be empty if `is_error` is true");
  if (content.some((part) => isObject(part) && part.type !== "text")) {
    refuse(path, "all content must be type `text` if `is_error` is true");
  }
}
