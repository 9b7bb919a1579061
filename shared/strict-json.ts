/**
 * JSON that comes from outside (a file, a pasted text), read strictly: what RFC 8259 leaves open is refused rather than
 * guessed. `JSON.parse` takes the last of two equal names, rounds long numbers, and lets depth be as deep as it likes.
 */
import { formatPath } from "./action.ts";
import { showText } from "./visible-text.ts";

/** Something a reader could take for something else, at a place of its own: the rest can still be read. */
export type JsonFlaw = {
  readonly path: readonly (string | number)[];
  /** What is wrong and what to do, to stand after the path. */
  readonly words: string;
};

type Failed = { readonly ok: false; readonly error: string };

/** Deepest nesting of lists and objects. */
export const MOST_DEPTH = 64;

/** The value, or the first thing wrong with the text, by its path or by line and column. */
export function readJson(text: string): { readonly ok: true; readonly value: unknown } | Failed {
  const read = readFlawedJson(text);
  if (!read.ok) return read;
  const [flaw] = read.flaws;
  return flaw === undefined ? read : { ok: false, error: flawWords(flaw) };
}

/** The same, with flaws beside the value: for who keeps what is not concerned. */
export function readFlawedJson(
  text: string,
): { readonly ok: true; readonly value: unknown; readonly flaws: readonly JsonFlaw[] } | Failed {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.whole(), flaws: reader.flaws };
  } catch (error) {
    if (error instanceof NotJson) return { ok: false, error: error.message };
    throw error;
  }
}

/** A flaw as a sentence: `rules[0].id: is given twice; keep one of them`. */
export function flawWords({ path, words }: JsonFlaw): string {
  return path.length === 0 ? words : `${showText(formatPath(path))}: ${words}`;
}

class NotJson extends Error {}

const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null } as const;

class Reader {
  readonly flaws: JsonFlaw[] = [];
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    if (this.#text.charCodeAt(0) === 0xfeff)
      throw new NotJson("begins with a byte order mark (U+FEFF); save it as UTF-8 without one");
    this.#space();
    if (this.#at === this.#text.length) throw new NotJson("is empty; expected JSON");
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail("the end of the text");
    return value;
  }

  #value(): unknown {
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#list());
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #nested<T>(read: () => T): T {
    // The path is as long as the nesting is deep.
    if (this.#path.length >= MOST_DEPTH)
      throw new NotJson(`${this.#place()}: is nested more than ${MOST_DEPTH} deep; nothing here needs that`);
    this.#at += 1;
    return read();
  }

  #object(): unknown {
    const object: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (this.#space(); !this.#takes("}"); ) {
      if (seen.size > 0) this.#expect(",", '"," or "}"');
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('a name in double quotes or "}"');
      const name = this.#string();
      this.#path.push(name);
      if (seen.has(name)) this.#flaw("is given twice; keep one of them");
      if (name === "__proto__") this.#flaw("is a name that is never read; leave it out");
      seen.add(name);
      this.#space();
      this.#expect(":", '":"');
      this.#space();
      const value = this.#value();
      // Never by assignment: that would set the object's prototype for one name.
      Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
      this.#path.pop();
      this.#space();
    }
    return object;
  }

  #list(): unknown {
    const list: unknown[] = [];
    for (this.#space(); !this.#takes("]"); ) {
      if (list.length > 0) this.#expect(",", '"," or "]"');
      this.#space();
      this.#path.push(list.length);
      list.push(this.#value());
      this.#path.pop();
      this.#space();
    }
    return list;
  }

  #string(): string {
    const parts: string[] = [];
    let from = this.#at + 1;
    for (let at = from; ; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit === 0x22) {
        parts.push(this.#text.slice(from, at));
        this.#at = at + 1;
        const read = parts.join("");
        if (!read.isWellFormed()) this.#flaw("holds half of a character (a lone surrogate); write the whole one");
        return read;
      }
      if (unit === 0x5c) {
        parts.push(this.#text.slice(from, at));
        const [escaped, length] = this.#escape(at);
        parts.push(escaped);
        at += length - 1;
        from = at + 1;
      } else if (Number.isNaN(unit) || unit < 0x20) {
        this.#at = at;
        this.#fail("the rest of a text in double quotes");
      }
    }
  }

  /** What an escape at `at` stands for, and its length. */
  #escape(at: number): readonly [string, number] {
    const letter = this.#text[at + 1] ?? "";
    const plain = Object.hasOwn(ESCAPED, letter) ? ESCAPED[letter] : undefined;
    if (plain !== undefined) return [plain, 2];
    const hex = /^[0-9a-fA-F]{4}$/.exec(this.#text.slice(at + 2, at + 6))?.[0];
    if (letter === "u" && hex !== undefined) return [String.fromCharCode(Number.parseInt(hex, 16)), 6];
    this.#at = at + 1;
    return this.#fail('one of "\\/bfnrt or u and four digits after \\');
  }

  #scalar(): unknown {
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text);
    if (number !== null) {
      this.#at = NUMBER.lastIndex;
      return this.#number(number[0], number[1] === undefined && number[2] === undefined);
    }
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail("a value");
  }

  #number(written: string, whole: boolean): number {
    const number = Number(written);
    if (!Number.isFinite(number)) this.#flaw("is a number too large to be read; write a smaller one");
    else if (whole && !Number.isSafeInteger(number))
      this.#flaw(`is a whole number beyond ${Number.MAX_SAFE_INTEGER} and would be rounded; write a smaller one`);
    return number;
  }

  #flaw(words: string): void {
    this.flaws.push({ path: [...this.#path], words });
  }

  #space(): void {
    for (; ; this.#at += 1) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }

  #takes(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string, words: string): void {
    if (!this.#takes(sign)) this.#fail(words);
  }

  #fail(expected: string): never {
    const code = this.#text.codePointAt(this.#at);
    const found = code === undefined ? "the text ends" : `there is ${showText(String.fromCodePoint(code))}`;
    throw new NotJson(`${this.#place()}: expected ${expected}, and ${found}`);
  }

  #place(): string {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    return `line ${line}, column ${this.#at - before.lastIndexOf("\n")}`;
  }
}
