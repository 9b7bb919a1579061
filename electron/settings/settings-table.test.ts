/** docs/SETTINGS.md says what the code does: every setting, its default, and where it can be told what it may be. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { DEFAULTS, SHAPE } from "./settings.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "SETTINGS.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |\|$/g, "").trim()));
const names = Object.keys(SHAPE) as (keyof typeof SHAPE)[];

/** What a setting may be, in the table's words; null where the table says it in its own. */
function allowed(schema: z.ZodType): string | null {
  const { type, minimum, maximum, maxLength, enum: values } = z.toJSONSchema(schema, { io: "input" });
  if (type === "boolean") return "true or false";
  if (type === "integer") return `whole number, ${minimum} to ${maximum}`;
  if (values !== undefined) return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return type === "string" ? `text of at most ${maxLength} characters` : null;
}

test("the table has every setting, in the code's order, and no other", () => {
  expect(rows.map(([name]) => name)).toEqual(names.map((name) => `\`${name}\``));
});

test.each(names)("%s: its default and what it may be", (name) => {
  const row = rows.find(([cell]) => cell === `\`${name}\``) ?? [];
  expect(JSON.parse(row[1]?.replaceAll("`", "") ?? "null")).toEqual(DEFAULTS[name]);
  const words = allowed(SHAPE[name]);
  if (words !== null) expect(row[2]).toBe(words);
  expect(row[3]?.length).toBeGreaterThan(5);
});
