// The preview of an undo: how many objects it reverts, updated as they are ticked; `data-undo` is
// on the element around it.
const area = () => document.querySelector("[data-undo]");
const boxes = () => [...area().querySelectorAll("[data-undo-one]")];
// Objects changed since are ticked one by one only, never with the whole page.
const safe = () => boxes().filter((box) => box.name === "ids");

function show() {
  const button = area().querySelector("[data-undo-button]");
  if (!button) return;
  const rest = area().querySelector("[data-undo-rest]");
  const elsewhere = rest?.checked ? Number(area().dataset.elsewhere) : 0;
  const chosen = elsewhere + boxes().filter((box) => box.checked).length;
  const format = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: true });
  button.querySelector("[data-undo-number]").textContent = format.format(chosen);
  button.disabled = chosen === 0;
  for (const box of boxes()) {
    const row = box.closest("[data-row]");
    row.classList.toggle("is-overwritten", box.name === "over" && box.checked);
  }
  const page = area().querySelector("[data-undo-page]");
  const ticked = safe().filter((box) => box.checked).length;
  if (!page) return;
  page.disabled = safe().length === 0;
  page.checked = ticked > 0 && ticked === safe().length;
  page.indeterminate = ticked > 0 && !page.checked;
}

document.addEventListener("click", (event) => {
  if (!area()?.contains(event.target)) return;
  if (event.target.closest("[data-undo-page]")) {
    for (const box of safe()) box.checked = event.target.checked;
  }
  if (event.target.closest("input")) show();
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-undo] [data-row]");
  if (event.key === "x" && row && !event.ctrlKey && !event.metaKey && !event.altKey) {
    row.querySelector("[data-undo-one]")?.click();
  }
});

// A page restored from the browser's cache may have other ticks than when it was sent.
window.addEventListener("pageshow", () => area() && show());
