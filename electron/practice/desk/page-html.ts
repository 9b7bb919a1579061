import { CATEGORIES, PAPERS, TRIPS } from "./layout.ts";

function radio(category: string): string {
  return `<label class="pill" data-category="${category}"><input type="radio" name="category" value="${category}"><span>${category}</span></label>`;
}

/** The desk's page; style and script come from the same origin, nothing else is loaded. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Practice desk</title>
<link rel="stylesheet" href="desk://app/style.css">
</head>
<body>
<header id="header"><h1>Practice desk</h1><p>Nothing here leaves this computer</p></header>
<div id="claimNumber" tabindex="-1">Claim <span id="claimText">number: hover</span></div>
<div id="status" role="status">Not saved yet</div>

<section id="form" class="panel"><h2>Travel expenses</h2></section>
<label class="caption" id="nameLabel" for="name">Name</label>
<input id="name" type="text" spellcheck="false" autocomplete="off" placeholder="Who travelled?">
<label class="caption" id="amountLabel" for="amount">Amount</label>
<input id="amount" type="text" spellcheck="false" autocomplete="off" value="0.00">
<label class="caption" id="tagLabel" for="tag">Tag</label>
<div id="tagBox"><ul id="tags"></ul><input id="tag" type="text" spellcheck="false" autocomplete="off" placeholder="Type, then Enter"></div>
<span class="caption" id="categoryLabel">Category</span>
<div id="categories" role="radiogroup" aria-labelledby="categoryLabel">${CATEGORIES.map(radio).join("")}</div>
<label class="caption" id="notesLabel" for="notes">Notes</label>
<textarea id="notes" spellcheck="false" placeholder="What was it for?"></textarea>
<label id="receiptsLabel"><input id="receipts" type="checkbox"><span>I have all the receipts</span></label>
<button id="save" type="button">Save claim</button>
<p id="savedNote"></p>

<section id="trips" class="panel"><h2>Trip</h2><p>Scroll, then choose one</p></section>
<ul id="tripList" role="listbox" aria-label="Trip">${TRIPS.map((trip) => `<li role="option" data-trip="${trip}">${trip}</li>`).join("")}</ul>

<section id="papers" class="panel"><h2>Receipts</h2><p>Right click for a menu</p></section>
${PAPERS.map((paper) => `<div class="paper" data-paper="${paper}"><span>${paper}</span><em></em></div>`).join("\n")}
<div id="stamp"><strong>To be paid</strong><span>Double click to stamp</span></div>

<section id="sorting" class="panel"><h2>Sorting</h2><p>Drag the hotel to this claim</p></section>
<div id="inbox" class="tray"><span>Inbox</span></div>
<div id="thisClaim" class="tray"><span>This claim</span></div>
<div id="card"><strong>Hotel Estrela</strong><span>3 nights, 643.50 €</span></div>

<div id="menu" role="menu" hidden></div>
<footer id="footer"><span id="lastEvent">Waiting for the first click</span><span id="counter"></span></footer>
<script src="desk://app/desk.js"></script>
</body>
</html>
`;
