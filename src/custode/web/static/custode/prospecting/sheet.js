// The sheet of a prospecting list: Tabulator shows it, the server stores it. A cell is saved only
// if it still contains what the person saw; other people's edits are reported, never overwritten.
import { TabulatorFull as Tabulator } from "../../vendor/tabulator.min.js";
import { acts } from "./acts.js";
import { adding } from "./adding.js";
import { asked, headerFilters, sorted } from "./address.js";
import { columns, firstColumn } from "./columns.js";
import { Choice } from "./choice.js";
import { entering } from "./entering.js";
import { Keeper } from "./keeper.js";
import { panelOf } from "./panel.js";
import { pasted } from "./pasting.js";
import { Rows } from "./rows.js";

const element = document.getElementById("sheet");
const told = JSON.parse(element.dataset.sheet);
const words = told.words;
const part = (name) => document.querySelector(`[data-sheet-${name}]`);
const filters = document.getElementById("sheet-filters");
let at = Number(new URLSearchParams(location.search).get("at")) || 0;

let listening = 0;
async function fetched(query) {
  const answer = await fetch(`${told.rows}?${query}`, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected) location.reload();
  // The list is deleted or no longer visible to the person: stop polling.
  if (answer?.status === 404) clearInterval(listening);
  return answer?.ok && !answer.redirected ? answer.json() : null;
}

async function fetchOrder() {
  if (!ready) groupRows(false);
  const query = asked(ready ? table : null);
  if (at) query.set("at", at);
  const found = await fetched(query);
  if (!found) {
    part("state").textContent = words.failed;
    return [];
  }
  at = found.at;
  address();
  part("count").textContent = found.count;
  element.setAttribute("aria-rowcount", found.ids.length + 1);
  return rows.begin(found);
}

// Keep the view in the address, without a new entry in the browser's history.
function address() {
  const query = asked(ready ? table : null);
  if (at) query.set("at", at);
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
}

// Tabulator's grid has children that ARIA does not allow in a grid: the scrolling part becomes the
// row group, and its content gets no role of its own. An empty row group would be invalid, and needs
// no keyboard focus.
function groupRows(filled) {
  const body = element.querySelector(".tabulator-tableholder");
  element.removeAttribute("aria-owns");
  body.querySelector(".tabulator-table").setAttribute("role", "presentation");
  body.setAttribute("role", filled ? "rowgroup" : "presentation");
  if (filled) body.tabIndex = 0;
  else body.removeAttribute("tabindex");
}

const filtered = () => [...asked(ready ? table : null).keys()].some((name) => name !== "sort");

// ---- the sheet itself
let ready = false;
const rows = new Rows(told, fetched);
const table = new Tabulator(element, {
  index: "id",
  layout: "fitDataFill",
  columnDefaults: { minWidth: 90, width: 190, headerSortTristate: true, resizable: "header" },
  columns: columns(told),
  rowHeader: firstColumn(told),
  placeholder: () => (filtered() ? words.empty : words.nothing),
  // All rows have the same height, so Tabulator need not measure them.
  rowHeight: 36,
  sortMode: "remote",
  filterMode: "remote",
  initialSort: sorted(told),
  initialHeaderFilter: headerFilters(),
  headerFilterLiveFilterDelay: 300,
  ajaxURL: told.rows,
  ajaxRequestFunc: fetchOrder,
  dataLoader: false,
  selectableRange: 1,
  selectableRangeColumns: true,
  selectableRangeRows: true,
  selectableRangeClearCells: false,
  // Reloaded rows must not take the focus, and the first one may not be on the page.
  selectableRangeAutoFocus: false,
  editTriggerEvent: "dblclick",
  headerSortClickElement: "icon",
  clipboard: "copy",
  clipboardCopyStyled: false,
  clipboardCopyRowRange: "range",
  clipboardCopyConfig: { columnHeaders: false, rowHeaders: false, columnCalcs: false },
  rowFormatter(row) {
    row.getElement().classList.toggle(
      "is-not_interested", row.getData().outcome === "not_interested",
    );
    row.getElement().setAttribute("aria-rowindex", row.getData().n + 1);
    row.getElement().classList.toggle("is-waiting", !("open" in row.getData()));
  },
  locale: "own",
  langs: { own: { data: { loading: words.loading, error: words.failed } } },
});
rows.table = table;
const keeper = new Keeper(rows, told, part, reload);
const choice = new Choice(element, rows, told, () => range());
adding(told, keeper, () => {
  choice.made = true;
  body().focus();
});
// For tests and debugging: the page's objects.
element.sheet = table;

const panel = panelOf(element, rows);
entering(element, rows);

table.on("tableBuilt", () => {
  ready = true;
  // A focused head may be outside the visible part: scroll its cells too.
  const heads = element.querySelector(".tabulator-header-contents");
  heads.addEventListener("scroll", () => {
    if (Math.abs(heads.scrollLeft - body().scrollLeft) > 1) body().scrollLeft = heads.scrollLeft;
  });
});

// ---- scrolling: the visible part is fetched, and kept in the address
const body = () => element.querySelector(".tabulator-tableholder");
let looking = 0;
// Computed from the rows: in a long list Tabulator's scroll bar is off by a few of them.
function seen() {
  const { top, bottom } = body().getBoundingClientRect();
  const places = [...element.querySelectorAll(".tabulator-row")]
    .filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > top + 1 && box.top < bottom;
    })
    .map((row) => Number(row.getAttribute("aria-rowindex")) - 2);
  return [places[0] ?? 0, places.at(-1) ?? 0];
}
function look() {
  clearTimeout(looking);
  looking = setTimeout(() => {
    const [first, last] = seen();
    rows.look(first, last);
    at = first;
    address();
  }, 60);
}
table.on("scrollVertical", look);
table.on("dataProcessed", () => {
  // Tabulator lays out the rows a moment later.
  if (at) requestAnimationFrame(() => goTo(at));
});

function goTo(place, position = "top") {
  const row = rows.at(Math.min(place, rows.ids.length - 1));
  if (row) table.scrollToRow(row.getComponent(), position, true).catch(() => {});
  look();
}

async function reload({ last = false } = {}) {
  const left = body().scrollLeft;
  const kept = choice.before();
  if (last) at = rows.ids.length;
  await table.setData(told.rows);
  body().scrollLeft = left;
  choice.again(last ? null : kept);
  if (last) edge(rows.ids.length - 1);
}

// Show others' changes as soon as the page receives them.
listening = setInterval(async () => {
  if (document.hidden || !ready || editing() || !rows.stamp) return;
  if (await rows.news()) {
    const count = await fetched(asked(table));
    if (count && count.ids.length !== rows.ids.length && !editing()) reload();
  }
}, told.every);
table.on("dataProcessed", (rows) => groupRows(rows.length > 0));

table.on("cellEdited", (cell) => {
  const [was, now] = [cell.getOldValue() ?? "", cell.getValue() ?? ""];
  if (was !== now) keeper.write([keeper.edit(cell, now, was)]);
});

// ---- searching
let waiting = 0;
function search() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    at = 0;
    reload();
  }, 250);
}
filters.addEventListener("input", search);
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
// Another order or filter starts at its first row.
let order = "";
table.on("dataLoading", () => {
  const now = asked(table).toString();
  if (ready && order && now !== order) at = 0;
  order = now;
});

// ---- keys that Tabulator's ranges do not handle
const MOST = 5000;
const range = () => (ready ? table.getRanges()[0] : undefined);
const isKey = (field) => told.columns.some(({ key }) => key === field);
const choiceOf = () => choice.now();
const editing = () => element.querySelector(".tabulator-editing") !== null;
const inSheet = (event) =>
  element.contains(event.target) && !event.target.matches("input, textarea, select, a, button");

element.addEventListener("keydown", (event) => {
  if (!inSheet(event) || editing()) return;
  const modified = event.ctrlKey || event.metaKey;
  if (event.key === "F2" && event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    const [row] = range()?.getRows() ?? [];
    if (row) panel.open(row.getData().talk);
  } else if (["Delete", "Backspace"].includes(event.key)) {
    event.preventDefault();
    clear();
  } else if (modified && event.key.toLowerCase() === "z") {
    event.preventDefault();
    keeper.back();
  } else if (modified && !event.shiftKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    // To the edge of the list: Tabulator would stop where cells have not been fetched yet.
    event.preventDefault();
    event.stopPropagation();
    edge(event.key === "ArrowDown" ? rows.ids.length - 1 : 0);
  } else if (event.key.length === 1 && !modified && !event.altKey && event.key !== " ") {
    event.stopPropagation();
    const [cell] = (range()?.getCells() ?? []).flat();
    if (cell?.getField()?.startsWith("c")) cell.edit(true);
  }
}, true);

async function clear() {
  const chosen = choiceOf();
  if (!chosen) return;
  if (chosen.last - chosen.first >= MOST) {
    keeper.say(words.tooMany);
    return;
  }
  await rows.ensure(chosen.first, chosen.last);
  keeper.clear(chosen.first, chosen.last, chosen.keys);
}

function edge(place) {
  const field = range()?.getColumns()[0]?.getField() ?? told.columns[0].key;
  goTo(place, place ? "bottom" : "top");
  const key = isKey(field) ? field : told.columns[0].key;
  let tries = 0;
  const arrive = () => {
    // Tabulator lays out the rows as soon as it notices that the sheet was scrolled.
    const row = rows.at(place);
    tries += 1;
    if (!row?.element?.isConnected && tries < 60) return requestAnimationFrame(arrive);
    const cell = row?.getComponent().getCell(key);
    if (cell) range()?.setBounds(cell, cell);
  };
  arrive();
}

// Cells not yet fetched would be copied as empty.
document.addEventListener("copy", (event) => {
  const chosen = choiceOf();
  const here = element.contains(document.activeElement) && !editing();
  if (!here || !chosen || rows.has(chosen.first, chosen.last)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keeper.say(chosen.last - chosen.first >= MOST ? words.tooMany : words.later);
}, true);

document.addEventListener("paste", async (event) => {
  // Or on what contains the sheet: that takes the focus from a click on an empty sheet.
  const { activeElement } = document;
  const here = element.contains(activeElement) || activeElement.contains(element);
  if (!here || editing() || document.querySelector("dialog[open]")) return;
  if (activeElement.matches("input, textarea")) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain");
  const wanted = await pasted(rows, told, choiceOf(), text);
  if (wanted.why) keeper.say(words[wanted.why]);
  else keeper.write(wanted.edits, wanted.rows);
});
acts(table, rows, told, part, choiceOf, reload);
