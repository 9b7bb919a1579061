import { type Action, usesCursor } from "../../shared/action.ts";
import type { Point } from "../../shared/geometry.ts";
import { unpaste } from "../../shared/visible-text.ts";
import { counted } from "./format.ts";
import { ScrollBox } from "./ScrollBox.tsx";
import { ShownText } from "./ShownText.tsx";

type Props = {
  readonly action: Action;
  /** Claude's cursor, px in screenshot space: where an action without a point of its own acts. */
  readonly cursor?: Point | null;
};

/** All that an action carries, field by field, whole. Text to type is shown as the keys it will press. */
export function ActionPayload({ action, cursor = null }: Props) {
  if (action.action === "type") return <TypedText text={action.text} />;
  const at: readonly Field[] = usesCursor(action) && cursor !== null ? [["cursor", cursor.join(", ")]] : [];
  const fields = [...at, ...fieldsOf(action)];
  if (fields.length === 0) return null;
  return (
    <dl className="payload-fields mono">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <ShownText text={value} as="exact" />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Text as the keys it will press, with its size. */
export function TypedText({ text }: { readonly text: string }) {
  const typed = unpaste(text);
  return (
    <div className="payload-typed">
      <p className="small dim">{typedSize(typed)}</p>
      <ScrollBox label="Text to type" className="payload-text mono">
        <ShownText text={typed} as="exact" />
      </ScrollBox>
    </div>
  );
}

/** How much is typed, e.g. `412 characters, 9 lines, Enter pressed 8 times`. */
function typedSize(text: string): string {
  const characters = [...text].length;
  const enters = text.split("\n").length - 1;
  const size = counted(characters, "character");
  if (enters === 0) return `${size}, 1 line`;
  return `${size}, ${counted(enters + 1, "line")}, Enter pressed ${enters === 1 ? "once" : `${enters} times`}`;
}

type Field = readonly [name: string, value: string];

/** The order of the fields, whatever order they came in: where, then what. */
const ORDER = [
  "start_coordinate",
  "coordinate",
  "region",
  "scroll_direction",
  "scroll_amount",
  "text",
  "repeat",
  "duration",
];

/** The fields of an action besides its name, with their values as they came. */
function fieldsOf(action: Action): readonly Field[] {
  return Object.entries(action)
    .filter(([name, value]) => name !== "action" && value !== undefined)
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : String(value)] as const);
}
