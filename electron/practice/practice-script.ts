/**
 * The practice session: what the scripted Claude does on the practice desk. Its coordinates come from the desk's own
 * layout, px in screen space; on displays up to 1920x1080 a screenshot has the same pixels. Run against a fresh desk it
 * ends in the state that `checkDesk` wants.
 */
import {
  categoryRect,
  centre,
  LAYOUT,
  menuItemRect,
  paperRect,
  type Rect,
  type Spot,
  tripRectAtEnd,
} from "./desk/layout.ts";
import { EXPECTED_ATTACHED, EXPECTED_FORM, EXPECTED_TRIP } from "./desk/state.ts";
import { call, type Script, type ScriptedTurn, text, thinking, turn, withSettings } from "./script.ts";

/** The task the app shows for the practice session. */
export const PRACTICE_TASK =
  "Fill in the travel expenses on the practice desk: Jürgen's trip to Lisbon, 1284.50 €, with the hotel sorted in. Save it at the end.";

export type PracticeOptions = {
  /** Pause between two stream deltas, in ms; 12 reads like a fast typist, 0 is for unattended runs. */
  readonly pace?: number;
};

function region({ x, y, width, height }: Rect): { readonly region: readonly number[] } {
  return { region: [x, y, x + width, y + height] };
}

function at(area: Rect): { readonly coordinate: Spot } {
  return { coordinate: centre(area) };
}

function turns(): ScriptedTurn[] {
  const paper = centre(paperRect(EXPECTED_ATTACHED));
  const expected = EXPECTED_FORM;
  return [
    turn(
      thinking(
        "I see a desk with an expense form on the left, and a trip list, receipts and a sorting area on the right. The form is empty. Before I type anything I want to read the field names closely.",
      ),
      call("zoom", region(LAYOUT.form)),
    ),
    turn(
      thinking("Name, amount, tag, category and notes: all clear. I start at the top with the name field."),
      call("left_click", at(LAYOUT.name)),
      call("type", { text: expected.name }),
    ),
    turn(
      thinking("The amount already says 0.00. A triple click selects all of it, so that what I type replaces it."),
      call("triple_click", at(LAYOUT.amount)),
      call("type", { text: expected.amount }),
    ),
    turn(
      thinking("The tag field wants a word and then Enter, which turns it into a label."),
      call("left_click", at(LAYOUT.tag)),
      call("type", { text: expected.tags[0] ?? "" }),
      call("key", { text: "Return" }),
    ),
    turn(
      thinking(
        "This was a journey, so the category is Travel. The receipts are all there on the right, so I tick that box in the same go.",
      ),
      call("left_click", at(categoryRect("Travel"))),
      call("left_click", { coordinate: [LAYOUT.receipts.x + 90, LAYOUT.receipts.y + 14] }),
    ),
    turn(
      thinking("Now the notes: two lines, with a few signs in them that have to come out exactly."),
      call("left_click", at(LAYOUT.notes)),
      call("type", { text: expected.notes }),
    ),
    turn(
      thinking("The trip list starts at Aachen and Lisbon must be further down. I scroll the list to its end."),
      call("scroll", { ...at(LAYOUT.tripList), scroll_direction: "down", scroll_amount: 20 }),
      call("wait", { duration: 1 }),
      call("screenshot"),
    ),
    turn(
      thinking(`${EXPECTED_TRIP} is the last row, now in view. I choose it.`),
      call("left_click", at(tripRectAtEnd(EXPECTED_TRIP))),
    ),
    turn(
      thinking(`The ${EXPECTED_ATTACHED.toLowerCase()} belongs to this claim. A right click on it should open a menu.`),
      call("right_click", { coordinate: paper }),
    ),
    turn(
      thinking("The menu is open, and its first line is what I want: Attach to claim."),
      call("left_click", at(menuItemRect(paper, "Attach to claim"))),
    ),
    turn(
      thinking("In the sorting area the hotel card still lies in the inbox. I drag it over to this claim."),
      call("left_click_drag", { start_coordinate: centre(LAYOUT.card), coordinate: centre(LAYOUT.thisClaim) }),
    ),
    turn(
      thinking("The box under the receipts says it takes a double click to stamp the claim as paid."),
      call("double_click", at(LAYOUT.stamp)),
    ),
    turn(
      thinking(
        "The claim number in the header shows up only under the pointer. I rest the pointer there, check where it is, and read the number closely.",
      ),
      call("mouse_move", at(LAYOUT.claimNumber)),
      call("cursor_position"),
      call("zoom", region(LAYOUT.header)),
    ),
    turn(
      thinking(
        "Everything is filled in. One last look at the whole form before I save, so that nothing wrong goes in.",
      ),
      call("zoom", region(LAYOUT.form)),
    ),
    turn(thinking("All fields are as they should be. I save the claim."), call("left_click", at(LAYOUT.save))),
    turn(
      thinking("The header says Saved. That was the task."),
      text(
        "The expense claim is filled in and saved: Jürgen Müller-Sørensen, 1284.50 €, category Travel, trip to Lisbon. The hotel invoice is attached, the hotel card lies with this claim, and it is stamped as paid.",
      ),
    ),
  ];
}

/** The whole session as a script; one turn per request. */
export function practiceScript(options: PracticeOptions = {}): Script {
  return turns().map((each) => withSettings({ pace: options.pace ?? 0 }, each));
}
