import { CATEGORIES, categoryRect, DESK_SIZE, LAYOUT, MENU, PAPERS, paperRect, type Rect, TRIP_ROW } from "./layout.ts";

function place(selector: string, { x, y, width, height }: Rect): string {
  return `${selector} { position: absolute; left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px; }`;
}

/** A caption above a field: 22 px higher, same left edge. */
function caption(id: string, { x, y, width }: Rect): string {
  return place(id, { x, y: y - 24, width, height: 20 });
}

const PLACES = [
  ...Object.entries(LAYOUT)
    .filter(([id]) => id !== "tag" && id !== "receipts")
    .map(([id, area]) => place(`#${id}`, area)),
  place("#tagBox", LAYOUT.tag),
  place("#receiptsLabel", LAYOUT.receipts),
  place("#savedNote", { x: 232, y: 664, width: 360, height: 44 }),
  caption("#nameLabel", LAYOUT.name),
  caption("#amountLabel", LAYOUT.amount),
  caption("#tagLabel", LAYOUT.tag),
  caption("#categoryLabel", LAYOUT.categories),
  caption("#notesLabel", LAYOUT.notes),
  ...CATEGORIES.map((category) => {
    const area = categoryRect(category);
    return place(`[data-category="${category}"]`, { ...area, x: area.x - LAYOUT.categories.x, y: 0 });
  }),
  ...PAPERS.map((paper) => place(`[data-paper="${paper}"]`, paperRect(paper))),
];

/** The desk's style sheet: warm paper, ink, one green. Everything is placed by layout.ts. */
export const PAGE_STYLE = `
* { box-sizing: border-box; margin: 0; }
:root { --ink: #24303a; --soft: #5b6873; --line: #d9d3c7; --paper: #fffdf8; --desk: #f1ece1; --green: #1f6f54; --wash: #e4f0ea; color-scheme: light; }
html, body { width: 100%; height: 100%; overflow: hidden; background: var(--desk); color: var(--ink); font: 15px/20px "Noto Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif; user-select: none; cursor: default; }
${PLACES.join("\n")}
#header { background: var(--green); color: #fff; padding: 14px 32px; width: 100%; min-width: ${DESK_SIZE.width}px; }
#header h1 { font-size: 19px; line-height: 24px; font-weight: 600; }
#header p { font-size: 13px; line-height: 18px; opacity: .88; }
#claimNumber, #status { border-radius: 16px; font-size: 13px; line-height: 32px; text-align: center; white-space: nowrap; overflow: hidden; }
#claimNumber { background: #ffffff26; color: #fff; }
#claimNumber.shown { background: #fff; color: var(--green); font-weight: 600; }
#status { background: #fff; color: #7a4b12; font-weight: 600; }
#status.saved { color: var(--green); }
.panel { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 16px; box-shadow: 0 1px 2px #24303a14; }
#form { padding: 20px 24px; }
.panel h2 { font-size: 17px; line-height: 24px; font-weight: 600; }
.panel p { font-size: 13px; color: var(--soft); }
.caption { font-size: 13px; color: var(--soft); }
input[type="text"], textarea, #tagBox { border: 1px solid #b9b3a6; border-radius: 6px; background: #fff; color: var(--ink); font: inherit; padding: 8px 12px; outline: none; user-select: text; }
textarea { resize: none; }
input[type="text"]:focus, textarea:focus, #tagBox:focus-within { border-color: var(--green); box-shadow: 0 0 0 2px #1f6f5433; }
::placeholder { color: #737e87; }
#tagBox { display: flex; align-items: center; gap: 6px; padding: 0 8px; overflow: hidden; }
#tagBox input { border: 0; padding: 0 4px; height: 36px; flex: 1; min-width: 40px; box-shadow: none; }
#tags { display: flex; gap: 6px; list-style: none; padding: 0; }
#tags:empty { display: none; }
#tags li { background: var(--wash); color: var(--green); border-radius: 12px; padding: 2px 10px; font-size: 13px; }
.pill { border: 1px solid #b9b3a6; border-radius: 6px; background: #fff; display: flex; align-items: center; justify-content: center; gap: 8px; }
.pill:has(:checked) { border-color: var(--green); background: var(--wash); color: var(--green); font-weight: 600; }
input[type="radio"], input[type="checkbox"] { accent-color: var(--green); width: 17px; height: 17px; }
#receiptsLabel { display: flex; align-items: center; gap: 10px; width: fit-content; }
#save { border: 0; border-radius: 6px; background: var(--green); color: #fff; font: inherit; font-weight: 600; }
#save:hover { background: #185a44; }
#save:active { background: #124434; }
#savedNote { font-size: 13px; line-height: 44px; color: var(--soft); }
#tripList { list-style: none; padding: 0; overflow-y: auto; border: 1px solid var(--line); border-radius: 6px; background: #fff; }
#tripList { border-width: 0; box-shadow: 0 0 0 1px var(--line); }
#tripList li { height: ${TRIP_ROW}px; line-height: ${TRIP_ROW}px; padding: 0 14px; border-bottom: 1px solid #efeae0; }
#tripList li:hover { background: #f8f5ee; }
#tripList li[aria-selected="true"] { background: var(--wash); color: var(--green); font-weight: 600; }
#tripList::-webkit-scrollbar { width: 10px; }
#tripList::-webkit-scrollbar-thumb { background: #b9b3a6; border-radius: 5px; border: 2px solid #fff; }
.paper { border: 1px solid var(--line); border-radius: 6px; background: #fff; padding: 0 14px; display: flex; align-items: center; justify-content: space-between; }
.paper em { font-style: normal; font-size: 13px; color: var(--green); font-weight: 600; }
.paper.turned { background: #efeae0; }
#stamp { border: 2px dashed #b9b3a6; border-radius: 8px; display: flex; flex-direction: column; align-items: center; justify-content: center; }
#stamp span { font-size: 13px; color: var(--soft); }
#stamp.done { border: 2px solid var(--green); background: var(--wash); color: var(--green); }
#stamp.done span { color: var(--green); }
.tray { border: 2px dashed #b9b3a6; border-radius: 8px; padding: 10px 14px; font-size: 13px; color: var(--soft); }
.tray.over { border-color: var(--green); background: var(--wash); }
#card { border-radius: 8px; background: #fff; border: 1px solid #b9b3a6; box-shadow: 0 2px 5px #24303a26; padding: 11px 16px; display: flex; flex-direction: column; cursor: grab; }
#card span { font-size: 13px; color: var(--soft); }
#card.held { box-shadow: 0 8px 18px #24303a40; cursor: grabbing; }
#menu { position: absolute; width: ${MENU.width}px; padding: ${MENU.padding}px; background: #fff; border: 0; box-shadow: 0 6px 20px #24303a47, 0 0 0 1px var(--line); border-radius: 8px; z-index: 9; }
#menu[hidden] { display: none; }
#menu div { height: ${MENU.row}px; line-height: ${MENU.row}px; padding: 0 12px; border-radius: 5px; }
#menu div:hover { background: var(--wash); color: var(--green); }
#footer { background: #e6dfd0; color: #4d5963; font-size: 13px; line-height: 48px; padding: 0 32px; display: flex; justify-content: space-between; }
`;
