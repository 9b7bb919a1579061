/** The executor's way to the system's clipboard, which only main may use: one question at a time over the protocol. */
import type { ClipboardWish } from "../protocol.ts";
import type { Clipboard } from "./type-text.ts";

type Post = (message: { readonly type: "clipboard"; readonly ask: number; readonly wish: ClipboardWish }) => void;

export class ClipboardLink implements Clipboard {
  readonly #post: Post;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #next = 1;

  constructor(post: Post) {
    this.#post = post;
  }

  keep(): Promise<void> {
    return this.#ask({ kind: "keep" });
  }

  put(text: string): Promise<void> {
    return this.#ask({ kind: "put", text });
  }

  putBack(): Promise<void> {
    return this.#ask({ kind: "putBack" });
  }

  /** Takes main's answer; null: it was done. */
  answered(ask: number, error: string | null): void {
    const waiting = this.#waiting.get(ask);
    this.#waiting.delete(ask);
    if (error === null) waiting?.resolve();
    else waiting?.reject(new Error(error));
  }

  #ask(wish: ClipboardWish): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    const ask = this.#next;
    this.#next += 1;
    this.#waiting.set(ask, waiting);
    this.#post({ type: "clipboard", ask, wish });
    return waiting.promise;
  }
}
