// Acts on the selected rows: turn into leads, mark, delete, export. And the description of the
// selection, on the screen and for screen readers.
import { asked } from "./address.js";

const MOST = 5000;

export function acts(table, rows, told, part, choiceOf, reload) {
  const bar = part("bar");
  function ids() {
    const chosen = choiceOf();
    return chosen ? rows.ids.slice(chosen.first, chosen.last + 1) : [];
  }
  function choice() {
    const all = part("all").checked;
    const chosen = choiceOf();
    const n = all ? rows.ids.length : chosen ? chosen.last - chosen.first + 1 : 0;
    if (!all && n > 1 && n <= MOST) rows.ensure(chosen.first, chosen.last);
    part("chosen").textContent = !n ? told.words.chosenNone :
      n === 1 ? told.words.chosenOne : told.words.chosen.replace("%(n)s", n);
    table.element.classList.toggle("is-all-chosen", all);
    for (const button of bar.querySelectorAll("[data-sheet-act], [data-sheet-export]")) {
      button.disabled = !n;
    }
  }
  // Tabulator does not move the focus between cells, so tell a screen reader the present one.
  function speak() {
    const chosen = choiceOf();
    const one = chosen?.first === chosen?.last && chosen?.keys.size === 1;
    const column = one && told.columns.find(({ key }) => chosen.keys.has(key));
    const data = column && rows.data(chosen.first);
    if (data && !rows.has(chosen.first, chosen.first)) {
      // Announced once it has been fetched.
      rows.ensure(chosen.first, chosen.first).then(() => "open" in data && speak());
      return;
    }
    part("spoken").textContent = !data ? "" : told.words.spoken
      .replace("%(column)s", column.name)
      .replace("%(row)s", data.n)
      .replace("%(text)s", data[column.key] || told.words.blank);
  }
  table.on("rangeAdded", speak);
  table.on("rangeChanged", speak);

  table.element.addEventListener("pointerup", choice);
  table.element.addEventListener("keyup", choice);
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
    reload().then(choice);
  });
}
