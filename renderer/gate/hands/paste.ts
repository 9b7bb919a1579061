/** The text on the operator's clipboard, as typing on the session's desktop. */
import { type Action, actionSchema } from "../../../shared/action.ts";
import { unpaste } from "../../../shared/visible-text.ts";

/** A piece is typed whole: what is stopped or refused is so after one of them, characters. */
const PIECE = 200;

export type Pasted =
  | { readonly ok: true; readonly actions: readonly Action[]; readonly length: number }
  | { readonly ok: false; readonly error: string };

/** `text` as it is, line ends as Enter; or why it can't be typed. `length` counts characters. */
export function pasted(text: string): Pasted {
  const plain = unpaste(text);
  if (plain === "") return { ok: false, error: "there is no text on the clipboard." };
  const whole = actionSchema.safeParse({ action: "type", text: plain });
  if (!whole.success) return { ok: false, error: `text: ${whole.error.issues[0]?.message ?? "can't be typed"}.` };
  const characters = [...plain];
  const actions: Action[] = [];
  for (let i = 0; i < characters.length; i += PIECE)
    actions.push({ action: "type", text: characters.slice(i, i + PIECE).join("") });
  return { ok: true, actions, length: characters.length };
}
