// Selecting rows of a list: a range with shift, the whole page, and where it is offered, all that
// match. `data-choose` is on the element around the rows; the check boxes are called `ids`.
let last = null;

const area = () => document.querySelector("[data-choose]");
const part = (name) => area().querySelector(`[data-${name}]`);
const boxes = () => [...area().querySelectorAll("input[name=ids]")];

function hide(name, on) {
  const element = part(name);
  if (element) element.hidden = on;
}

function show() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const everything = part("all");
  if (everything && chosen.length < all.length) everything.value = "";
  const wholly = Boolean(everything?.value);
  area().classList.toggle("has-chosen", chosen.length > 0);
  for (const box of all) box.closest("[data-row]").classList.toggle("is-chosen", box.checked);
  const page = part("choose-page");
  if (page) {
    page.checked = all.length > 0 && chosen.length === all.length;
    page.indeterminate = chosen.length > 0 && !page.checked;
  }
  const number = part("chosen-number");
  if (number) number.textContent = chosen.length;
  hide("chosen-these", wholly);
  hide("chosen-all", !wholly);
  hide("choose-all", wholly || chosen.length < all.length);
}

function choose(on, everything) {
  for (const box of boxes()) box.checked = on;
  const field = part("all");
  if (field) field.value = everything ? "1" : "";
  show();
}

function range(to) {
  const all = boxes();
  const [from, until] = [all.indexOf(last), all.indexOf(to)].sort((a, b) => a - b);
  if (from >= 0) for (const box of all.slice(from, until + 1)) box.checked = to.checked;
}

document.addEventListener("click", (event) => {
  if (!area()?.contains(event.target)) return;
  const box = event.target.closest("input[name=ids]");
  if (box) {
    if (event.shiftKey && last) range(box);
    last = box;
    show();
  } else if (event.target.closest("[data-choose-page]")) {
    choose(event.target.checked, false);
  } else if (event.target.closest("[data-choose-all]")) {
    choose(true, true);
  } else if (event.target.closest("[data-choose-none]")) {
    choose(false, false);
  }
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (event.key === "x" && row && !event.ctrlKey && !event.metaKey && !event.altKey) {
    row.querySelector("input[name=ids]")?.click();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "results") last = null;
});

// A page restored from the browser's cache may have ticks already.
window.addEventListener("pageshow", () => area() && show());
