// The sheet of a prospecting list: Tabulator shows it, the server keeps it. A cell is saved only if
// it still holds what the person saw; what somebody else wrote meanwhile is told, never replaced.
import { TabulatorFull as Tabulator } from "../../vendor/tabulator.min.js";
import { columns, firstColumn } from "./columns.js";
import { Keeper } from "./keeper.js";
import { panelOf } from "./panel.js";
import { pasted, parse } from "./pasting.js";

const element = document.getElementById("sheet");
const told = JSON.parse(element.dataset.sheet);
const words = told.words;
const part = (name) => document.querySelector(`[data-sheet-${name}]`);
const filters = document.getElementById("sheet-filters");
let page = Number(new URLSearchParams(location.search).get("page")) || 1;

// ---- what the address asks for
function asked(table) {
  const query = new URLSearchParams();
  for (const name of ["q", "outcome"]) {
    if (filters.elements[name].value) query.set(name, filters.elements[name].value);
  }
  for (const { field, value } of table?.getHeaderFilters() ?? headerFilters()) {
    if (value) query.set(`in-${field.slice(1)}`, value);
  }
  const [sort] = table?.getSorters() ?? [];
  const kept = new URLSearchParams(location.search).get("sort");
  if (sort) query.set("sort", `${sort.dir === "desc" ? "-" : ""}${sort.field}`);
  else if (!table && kept) query.set("sort", kept);
  return query;
}

function headerFilters() {
  return [...new URLSearchParams(location.search)]
    .filter(([name]) => name.startsWith("in-"))
    .map(([name, value]) => ({ field: `c${name.slice(3)}`, value }));
}

function sorted() {
  const kept = new URLSearchParams(location.search).get("sort") ?? "";
  const column = kept.replace("-", "");
  if (!told.columns.some(({ key }) => key === column)) return [];
  return [{ column, dir: kept.startsWith("-") ? "desc" : "asc" }];
}

async function fetchRows(_url, _config, { page: wanted }) {
  if (!ready) groupRows(false);
  const query = asked(ready ? table : null);
  page = wanted || 1;
  if (page > 1) query.set("page", page);
  const answer = await fetch(`${told.rows}?${query}`, { cache: "no-store" });
  if (!answer.ok || answer.redirected) {
    location.reload();
    return { data: [], last_page: 1 };
  }
  const found = await answer.json();
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
  part("count").textContent = found.count;
  return found;
}

// Tabulator's grid has children that a grid may not have: the part that scrolls is made the group of
// rows, and what lies in it nothing of its own. A group of no rows is none, and nothing that the
// keyboard need come to.
function groupRows(filled) {
  const body = element.querySelector(".tabulator-tableholder");
  element.removeAttribute("aria-owns");
  body.querySelector(".tabulator-table").setAttribute("role", "presentation");
  body.setAttribute("role", filled ? "rowgroup" : "presentation");
  if (filled) body.tabIndex = 0;
  else body.removeAttribute("tabindex");
}

// ---- the sheet itself
let ready = false;
const table = new Tabulator(element, {
  index: "id",
  layout: "fitDataFill",
  columnDefaults: { minWidth: 90, width: 190, headerSortTristate: true, resizable: "header" },
  columns: columns(told),
  rowHeader: firstColumn(told),
  placeholder: words.empty,
  pagination: true,
  paginationMode: "remote",
  paginationSize: told.size,
  // Outside: a grid holds rows and nothing else, or screen readers lose count of them.
  paginationElement: document.getElementById("sheet-pages"),
  paginationInitialPage: page,
  sortMode: "remote",
  filterMode: "remote",
  initialSort: sorted(),
  initialHeaderFilter: headerFilters(),
  headerFilterLiveFilterDelay: 300,
  ajaxURL: told.rows,
  ajaxRequestFunc: fetchRows,
  dataLoader: false,
  selectableRange: 1,
  selectableRangeColumns: true,
  selectableRangeRows: true,
  selectableRangeClearCells: false,
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
  },
  locale: "own",
  langs: {
    own: {
      pagination: {
        first: words.first, first_title: words.first, last: words.last, last_title: words.last,
        prev: words.previous, prev_title: words.previous, next: words.next,
        next_title: words.next, page_title: words.page.replace("%(n)s", ""),
      },
      data: { loading: words.loading, error: words.failed },
    },
  },
});
const keeper = new Keeper(table, told, part);
// For tests and for the curious: what the page works with.
element.sheet = table;

const panel = panelOf(element, table);

table.on("tableBuilt", () => {
  ready = true;
});
table.on("dataProcessed", (rows) => groupRows(rows.length > 0));

table.on("cellEdited", (cell) => {
  const [was, now] = [cell.getOldValue() ?? "", cell.getValue() ?? ""];
  if (was !== now) keeper.write([keeper.edit(cell, now, was)]);
});

// ---- searching
let waiting = 0;
function look() {
  clearTimeout(waiting);
  waiting = setTimeout(() => table.setPage(1), 250);
}
filters.addEventListener("input", look);
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  look();
});

// ---- keys: what Tabulator's ranges leave to us
const range = () => (ready ? table.getRanges()[0] : undefined);
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
    keeper.clear(range());
  } else if (modified && event.key.toLowerCase() === "z") {
    event.preventDefault();
    keeper.back();
  } else if (event.key.length === 1 && !modified && !event.altKey && event.key !== " ") {
    event.stopPropagation();
    const [cell] = (range()?.getCells() ?? []).flat();
    if (cell?.getField()?.startsWith("c")) cell.edit(true);
  }
}, true);

document.addEventListener("paste", (event) => {
  const here = element.contains(document.activeElement) || document.activeElement === document.body;
  if (!here || editing() || document.querySelector("dialog[open]")) return;
  if (document.activeElement.matches("input, textarea")) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain");
  const wanted = pasted(table, told, range(), text, page);
  if (wanted.why) keeper.say(words[wanted.why]);
  else keeper.write(wanted.edits, wanted.rows);
});

// ---- adding rows
const dialog = document.getElementById("add-rows");
const form = document.querySelector("[data-add-rows]");
async function add(rows) {
  const wrong = form.querySelector("[data-add-wrong]");
  wrong.textContent = "";
  const wide = rows.some((row) => row.length > told.columns.length);
  if (wide) {
    wrong.textContent = words.tooWide;
    return;
  }
  const sent = rows.map((row) => row.map((text, n) => [told.columns[n].id, text]));
  const why = await keeper.write([], sent);
  if (why) {
    wrong.textContent = why;
    return;
  }
  form.reset();
  dialog.close();
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const rows = parse(form.querySelector("textarea").value);
  if (rows.length) add(rows);
});
form.querySelector("[data-add-empty]").addEventListener("click", () => add([[""]]));

// ---- what is done to chosen rows
const bar = part("bar");
const ids = () => (range()?.getRows() ?? []).map((row) => row.getData().id).filter(Boolean);
function choice() {
  const all = part("all").checked;
  const n = ids().length;
  part("chosen").textContent = all || !n ? "" :
    n === 1 ? words.chosenOne : words.chosen.replace("%(n)s", n);
  for (const button of bar.querySelectorAll("[data-sheet-act], [data-sheet-export]")) {
    button.disabled = !all && !n;
  }
}
// Tabulator moves no focus from cell to cell, so a screen reader is told where one is.
function speak() {
  const cells = (range()?.getCells() ?? []).flat();
  const [cell] = cells;
  const column = cell && told.columns.find(({ key }) => key === cell.getField());
  part("spoken").textContent = cells.length !== 1 || !column ? "" : words.spoken
    .replace("%(column)s", column.name)
    .replace("%(row)s", cell.getData().n ?? "")
    .replace("%(text)s", cell.getValue() || words.blank);
}
table.on("rangeAdded", speak);
table.on("rangeChanged", speak);

for (const happening of ["rangeAdded", "rangeChanged", "rangeRemoved", "dataProcessed"]) {
  table.on(happening, choice);
}
part("all").addEventListener("change", choice);
choice();

function chosen() {
  return part("all").checked ? { all: "1" } : { ids: ids() };
}

bar.addEventListener("click", (event) => {
  const act = event.target.closest("[data-sheet-act]")?.dataset.sheetAct;
  const away = event.target.closest("[data-sheet-export]");
  if (act) {
    const values = { ...chosen() };
    if (["left", "not_interested"].includes(act)) values.outcome = act;
    else values[act] = "1";
    htmx.ajax("POST", `${bar.dataset.act}?${asked(table)}`, { target: "#sheet-answer", values });
  } else if (away) {
    const query = asked(table);
    query.set("list", away.dataset.list);
    const values = { ...chosen(), kind: "prospect" };
    htmx.ajax("POST", `${away.dataset.sheetExport}?${query}`, { target: "#dialog", values });
  }
});
document.addEventListener("sheetChanged", () => {
  part("all").checked = false;
  table.setPage(page);
});
