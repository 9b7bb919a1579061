/**
 * Where everything on the practice desk is: px in screen space on a display of at least 1280x800 at scale 1. The page is
 * placed by these numbers (page-style.ts) and the practice session aims by them, so the two cannot drift apart. On a
 * larger display the desk stays in the top left corner at the same size; up to 1920x1080 a screenshot has the same pixels.
 */
export type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Spot = readonly [x: number, y: number];

function rect(x: number, y: number, width: number, height: number): Rect {
  return { x, y, width, height };
}

export const DESK_SIZE = { width: 1280, height: 800 } as const;

export const LAYOUT = {
  header: rect(0, 0, 1280, 72),
  claimNumber: rect(880, 20, 168, 32),
  status: rect(1064, 20, 184, 32),
  form: rect(32, 96, 584, 640),
  name: rect(56, 184, 536, 40),
  amount: rect(56, 264, 256, 40),
  tag: rect(336, 264, 256, 40),
  categories: rect(56, 344, 536, 40),
  notes: rect(56, 424, 536, 136),
  receipts: rect(56, 580, 536, 28),
  save: rect(56, 664, 160, 44),
  trips: rect(640, 96, 296, 312),
  tripList: rect(656, 168, 264, 224),
  papers: rect(952, 96, 296, 312),
  stamp: rect(968, 316, 264, 76),
  sorting: rect(640, 424, 608, 312),
  inbox: rect(656, 496, 280, 224),
  thisClaim: rect(952, 496, 280, 224),
  card: rect(672, 544, 248, 64),
  footer: rect(0, 752, 1280, 48),
} as const satisfies Record<string, Rect>;

export const CATEGORIES = ["Travel", "Meals", "Office", "Other"] as const;
export type Category = (typeof CATEGORIES)[number];

export const PAPERS = ["Train ticket", "Hotel invoice", "Taxi slip"] as const;
export type Paper = (typeof PAPERS)[number];

export const MENU_ITEMS = ["Attach to claim", "Turn over"] as const;

export const TRIPS = [
  "Aachen",
  "Bergen",
  "Cork",
  "Delft",
  "Evora",
  "Freiburg",
  "Ghent",
  "Helsinki",
  "Innsbruck",
  "Jena",
  "Krakow",
  "Lisbon",
] as const;
export type Trip = (typeof TRIPS)[number];

/** Height of a row of the trip list, px. */
export const TRIP_ROW = 44;
const PAPER_ROW = 44;
const PAPER_TOP = 168;
const CATEGORY_WIDTH = 128;
const CATEGORY_GAP = 8;
/** Width, and height of one line, of the menu that a right click opens with its corner at the pointer; px. */
export const MENU = { width: 168, row: 36, padding: 6 } as const;

/** The middle of a rectangle, for a click. */
export function centre(area: Rect): Spot {
  return [area.x + Math.floor(area.width / 2), area.y + Math.floor(area.height / 2)];
}

export function categoryRect(category: Category): Rect {
  const i = CATEGORIES.indexOf(category);
  const { x, y, height } = LAYOUT.categories;
  return rect(x + i * (CATEGORY_WIDTH + CATEGORY_GAP), y, CATEGORY_WIDTH, height);
}

export function paperRect(paper: Paper): Rect {
  return rect(968, PAPER_TOP + PAPERS.indexOf(paper) * (PAPER_ROW + 4), 264, PAPER_ROW);
}

/** A row of the trip list once the list is scrolled to its end. */
export function tripRectAtEnd(trip: Trip): Rect {
  const { x, y, width, height } = LAYOUT.tripList;
  return rect(x, y + height - (TRIPS.length - TRIPS.indexOf(trip)) * TRIP_ROW, width, TRIP_ROW);
}

/** A line of the menu opened by a right click at this point. */
export function menuItemRect(openedAt: Spot, item: (typeof MENU_ITEMS)[number]): Rect {
  const y = openedAt[1] + MENU.padding + MENU_ITEMS.indexOf(item) * MENU.row;
  return rect(openedAt[0] + MENU.padding, y, MENU.width - 2 * MENU.padding, MENU.row);
}
