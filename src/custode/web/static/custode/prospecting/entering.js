// As in every spreadsheet: Enter saves what was typed and goes one row down, with Shift one up, so
// that a column is written value by value. Otherwise the next value would overwrite the one before.
export function entering(element, rows) {
  let edited = null;
  let left = null;
  rows.table.on("cellEditing", (cell) => {
    edited = cell;
  });
  // Tabulator saves the cell and removes its field while the key is on its way: which cell it was is
  // noted before, and left afterwards.
  element.addEventListener("keydown", (event) => {
    const typed = event.target.matches(".tabulator-editing input");
    left = event.key === "Enter" && !event.isComposing && typed ? edited : null;
  }, true);
  element.addEventListener("keydown", (event) => {
    const cell = left;
    left = null;
    if (!cell || element.querySelector(".tabulator-editing")) return;
    const place = rows.places.get(cell.getData().id) + (event.shiftKey ? -1 : 1);
    // At the first and the last row there is nothing further.
    const next = rows.at(place)?.getComponent().getCell(cell.getField());
    if (next) go(next);
  });

  function go(cell) {
    rows.table.getRanges()[0]?.setBounds(cell, cell);
    const holder = element.querySelector(".tabulator-tableholder");
    const [box, frame] = [cell.getElement(), holder].map((one) => one.getBoundingClientRect());
    const below = box.bottom - frame.top - holder.clientHeight;
    if (below > 0) holder.scrollTop += below;
    else if (box.top < frame.top) holder.scrollTop -= frame.top - box.top;
  }
}
