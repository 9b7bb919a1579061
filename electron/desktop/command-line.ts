/** Command lines as an operator writes them, split into words without a shell. */

export type WordsResult =
  | { readonly ok: true; readonly words: readonly [string, ...string[]] }
  | { readonly ok: false; readonly error: string };

/** Characters that a shell would act on. Taken literally they would surprise, so outside quotes they are errors. */
const SHELL_ONLY = /[|&;<>()$`*?]/;
/** Those that a shell acts on at the start of a word only. */
const SHELL_FIRST = /[~#]/;

type Quote = "'" | '"' | null;

/**
 * Splits a command line at blanks. 'Single quotes' keep everything, "double quotes" everything but `\"` and `\\`, and a
 * backslash outside quotes keeps the next character. Nothing is expanded; what only a shell could do is an error, as is
 * an open quote.
 */
export function splitCommandLine(line: string): WordsResult {
  if (/[\0\r\n]/.test(line)) return failed(line, "a command is one line of text");
  const words: string[] = [];
  let word: string | null = null;
  let quote: Quote = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote === null && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === quote) {
      quote = null;
    } else if (quote === null && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (isEscape(line, at, quote)) {
      at += 1;
      if (at === line.length) return failed(line, "it ends with a backslash");
      word = (word ?? "") + line.charAt(at);
    } else if (quote === null && (SHELL_ONLY.test(character) || (word === null && SHELL_FIRST.test(character)))) {
      return failed(line, `no shell reads it, so ${character} has to be in quotes`);
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== null) return failed(line, `the ${quote} is never closed`);
  if (word !== null) words.push(word);
  const [program, ...rest] = words;
  if (program === undefined || program === "") return failed(line, "it names no program");
  return { ok: true, words: [program, ...rest] };
}

function isEscape(line: string, at: number, quote: Quote): boolean {
  if (line.charAt(at) !== "\\" || quote === "'") return false;
  return quote === null || /["\\]/.test(line.charAt(at + 1));
}

function failed(line: string, why: string): WordsResult {
  const shown = line.length > 80 ? `${line.slice(0, 80)}...` : line;
  return { ok: false, error: `The command ${JSON.stringify(shown)} can't be started: ${why}.` };
}
