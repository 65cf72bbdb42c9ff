// Rows that are typed or pasted into a dialog, and added at the end.
import { parse } from "./pasting.js";

export function adding(told, keeper, begin) {
  const dialog = document.getElementById("add-rows");
  const form = document.querySelector("[data-add-rows]");
  async function add(rows) {
    const wrong = form.querySelector("[data-add-wrong]");
    wrong.textContent = "";
    const wide = rows.some((row) => row.length > told.columns.length);
    if (wide) {
      wrong.textContent = told.words.tooWide;
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
    begin();
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const rows = parse(form.querySelector("textarea").value);
    if (rows.length) add(rows);
  });
  form.querySelector("[data-add-empty]").addEventListener("click", () => add([[""]]));
}
