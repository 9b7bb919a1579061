import { LAYOUT, MENU_ITEMS } from "./layout.ts";

/**
 * The desk's script, plain browser JavaScript without any privilege: it counts every input event, keeps the desk's state
 * and POSTs it to desk://app/state, one report at a time and always the newest.
 */
export const PAGE_SCRIPT = `"use strict";
const LAYOUT = ${JSON.stringify(LAYOUT)};
const MENU_ITEMS = ${JSON.stringify(MENU_ITEMS)};
const byId = (id) => document.getElementById(id);
const state = {
  version: 1, seq: 0, view: { width: 0, height: 0, scale: 1 },
  form: { name: "", amount: "0.00", tags: [], category: null, notes: "", receipts: false },
  trip: null, scrollTop: 0, attached: [], turned: [], stamped: false, cardIn: "inbox", hovered: false,
  saved: null, saves: 0, counts: {}, events: [], keysDown: [], buttonsDown: 0,
};

let sending = false;
let again = false;
async function report() {
  if (sending) { again = true; return; }
  sending = true;
  do {
    again = false;
    state.seq += 1;
    state.view = { width: innerWidth, height: innerHeight, scale: devicePixelRatio };
    try { await fetch("desk://app/state", { method: "POST", body: JSON.stringify(state) }); } catch { again = false; }
  } while (again);
  sending = false;
}

function readForm() {
  state.form.name = byId("name").value;
  state.form.amount = byId("amount").value;
  state.form.notes = byId("notes").value;
  state.form.receipts = byId("receipts").checked;
  const picked = document.querySelector('input[name="category"]:checked');
  state.form.category = picked ? picked.value : null;
}

function describe(entry) {
  const place = entry.x === undefined ? "" : " at " + entry.x + ", " + entry.y;
  return "Last event: " + entry.type + place + (entry.key === undefined ? "" : " " + (entry.key === " " ? "space" : entry.key));
}

function record(event) {
  const entry = { type: event.type };
  if (event instanceof MouseEvent) {
    entry.x = event.clientX; entry.y = event.clientY; entry.button = event.button;
    state.buttonsDown = event.buttons;
  }
  if (event instanceof WheelEvent) { entry.dx = event.deltaX; entry.dy = event.deltaY; }
  if (event instanceof KeyboardEvent) {
    entry.key = event.key;
    state.keysDown = state.keysDown.filter((code) => code !== event.code);
    if (event.type === "keydown") state.keysDown.push(event.code);
  }
  const held = ["ctrl", "shift", "alt", "meta"].filter((name) => event[name + "Key"]).join("+");
  if (held) entry.modifiers = held;
  state.counts[event.type] = (state.counts[event.type] ?? 0) + 1;
  if (event.type !== "mousemove") {
    state.events.push(entry);
    if (state.events.length > 400) state.events.shift();
    byId("lastEvent").textContent = describe(entry);
  }
  byId("counter").textContent = (state.counts.click ?? 0) + " clicks, " + (state.counts.keydown ?? 0) + " keys";
  readForm();
  void report();
}
for (const type of ["mousedown", "mouseup", "click", "auxclick", "dblclick", "contextmenu", "wheel", "keydown", "keyup", "mousemove", "input"]) {
  addEventListener(type, record, { capture: true, passive: true });
}
addEventListener("blur", () => { state.keysDown = []; void report(); });

byId("claimNumber").addEventListener("mouseenter", () => {
  byId("claimText").textContent = "2026-0412";
  byId("claimNumber").classList.add("shown");
  state.hovered = true;
  void report();
});

byId("tag").addEventListener("keydown", (event) => {
  const value = byId("tag").value.trim();
  if (event.key !== "Enter" || value === "") return;
  state.form.tags.push(value);
  const item = document.createElement("li");
  item.textContent = value;
  byId("tags").append(item);
  byId("tag").value = "";
  void report();
});

byId("save").addEventListener("click", () => {
  readForm();
  state.saved = structuredClone(state.form);
  state.saves += 1;
  byId("status").textContent = "Saved";
  byId("status").classList.add("saved");
  byId("savedNote").textContent = "Claim of " + (state.saved.name || "nobody") + " is saved.";
  void report();
});

byId("tripList").addEventListener("scroll", () => { state.scrollTop = byId("tripList").scrollTop; void report(); });
byId("tripList").addEventListener("click", (event) => {
  const row = event.target.closest("[data-trip]");
  if (!row) return;
  for (const each of byId("tripList").children) each.setAttribute("aria-selected", String(each === row));
  state.trip = row.dataset.trip;
  void report();
});

const menu = byId("menu");
let menuFor = null;
addEventListener("contextmenu", (event) => {
  event.preventDefault();
  menuFor = event.target.closest(".paper");
  menu.hidden = menuFor === null;
  if (menuFor === null) return;
  menu.replaceChildren(...MENU_ITEMS.map((name) => {
    const item = document.createElement("div");
    item.setAttribute("role", "menuitem");
    item.textContent = name;
    return item;
  }));
  menu.style.left = event.clientX + "px";
  menu.style.top = event.clientY + "px";
});
addEventListener("mousedown", (event) => {
  if (!menu.hidden && !menu.contains(event.target)) menu.hidden = true;
});
menu.addEventListener("click", (event) => {
  const item = event.target.closest('[role="menuitem"]');
  if (!item || !menuFor) return;
  const paper = menuFor.dataset.paper;
  const list = item.textContent === MENU_ITEMS[0] ? state.attached : state.turned;
  if (!list.includes(paper)) list.push(paper);
  menuFor.classList.toggle("turned", state.turned.includes(paper));
  menuFor.querySelector("em").textContent = state.attached.includes(paper) ? "Attached" : "";
  menu.hidden = true;
  void report();
});

byId("stamp").addEventListener("dblclick", () => {
  state.stamped = true;
  byId("stamp").classList.add("done");
  byId("stamp").querySelector("strong").textContent = "Paid";
  byId("stamp").querySelector("span").textContent = "Stamped today";
  void report();
});

const card = byId("card");
let grip = null;
const inside = (area, x, y) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
card.addEventListener("mousedown", (event) => {
  if (event.button !== 0) return;
  const box = card.getBoundingClientRect();
  grip = { dx: event.clientX - box.left, dy: event.clientY - box.top, left: box.left, top: box.top };
  card.classList.add("held");
});
addEventListener("mousemove", (event) => {
  if (!grip) return;
  card.style.left = event.clientX - grip.dx + "px";
  card.style.top = event.clientY - grip.dy + "px";
  byId("thisClaim").classList.toggle("over", inside(LAYOUT.thisClaim, event.clientX, event.clientY));
});
addEventListener("mouseup", (event) => {
  if (!grip) return;
  const trayName = inside(LAYOUT.thisClaim, event.clientX, event.clientY) ? "thisClaim" : inside(LAYOUT.inbox, event.clientX, event.clientY) ? "inbox" : null;
  if (trayName !== null) state.cardIn = trayName === "thisClaim" ? "claim" : "inbox";
  const tray = state.cardIn === "claim" ? LAYOUT.thisClaim : LAYOUT.inbox;
  card.style.left = tray.x + 16 + "px";
  card.style.top = tray.y + 48 + "px";
  card.classList.remove("held");
  byId("thisClaim").classList.remove("over");
  grip = null;
  void report();
});

readForm();
void report();
`;
