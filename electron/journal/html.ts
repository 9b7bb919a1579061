/** Making HTML out of recorded text: every piece of it is escaped, and nothing invisible stays invisible. */
import { showText } from "../../shared/visible-text.ts";

/** Markup that is safe to put into a page: made by `html` and `joined` only. */
export type Html = { readonly markup: string };

type Value = Html | string | number;

/**
 * Fills a template: strings and numbers are escaped, markup is put in as it is. Only in an element's content or between
 * the double quotes of an attribute that holds no address and no script.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const filled = values.map((value) => (typeof value === "object" ? value.markup : escaped(String(value))));
  return { markup: parts.map((part, i) => part + (filled[i] ?? "")).join("") };
}

export function joined(pieces: readonly Html[]): Html {
  return { markup: pieces.map(({ markup }) => markup).join("") };
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  // Lines stay lines; every other character that can't be seen becomes a symbol.
  const shown = text.split("\n").map(showText).join("\n");
  return shown.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
