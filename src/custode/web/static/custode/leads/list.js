// The list: search as you type, ranges of lines, and "all that match".
const WAIT = 250;

// ---- the search at the top looks through this list while one types
const filters = document.getElementById("filters");
const search = document.querySelector(".search");

function look() {
  filters.querySelector("[data-words]").value = search.elements.q.value;
  htmx.trigger(filters, "look");
}

if (filters && search) {
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT);
  });
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    look();
  });
}

// ---- choosing lines
let last = null;

const form = () => document.querySelector("[data-choose]");
const boxes = () => [...form().querySelectorAll("input[name=ids]")];

function show() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const everything = form().querySelector("[data-all]");
  if (chosen.length < all.length) everything.value = "";
  form().classList.toggle("has-chosen", chosen.length > 0);
  for (const box of all) box.closest("[data-row]").classList.toggle("is-chosen", box.checked);
  const page = form().querySelector("[data-choose-page]");
  page.checked = chosen.length === all.length;
  page.indeterminate = chosen.length > 0 && !page.checked;
  form().querySelector("[data-chosen-number]").textContent = chosen.length;
  form().querySelector("[data-chosen-these]").hidden = Boolean(everything.value);
  form().querySelector("[data-chosen-all]").hidden = !everything.value;
  const more = form().querySelector("[data-choose-all]");
  if (more) more.hidden = Boolean(everything.value) || !page.checked;
}

function choose(on, everything) {
  for (const box of boxes()) box.checked = on;
  form().querySelector("[data-all]").value = everything ? "1" : "";
  show();
}

function range(to) {
  const all = boxes();
  const [from, until] = [all.indexOf(last), all.indexOf(to)].sort((a, b) => a - b);
  if (from >= 0) for (const box of all.slice(from, until + 1)) box.checked = to.checked;
}

document.addEventListener("click", (event) => {
  if (!form() || !form().contains(event.target)) return;
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
  const wanted = event.target.dataset?.enter;
  if (event.key === "Enter" && wanted) {
    event.preventDefault();
    event.target.form.querySelector(`button[name="${wanted}"]`).click();
  }
  const row = event.target.closest?.("[data-row]");
  if (event.key === "x" && row && !event.ctrlKey && !event.metaKey && !event.altKey) {
    row.querySelector("input[name=ids]").click();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "results") last = null;
});

// A page that comes back from the browser's memory may have ticks already.
window.addEventListener("pageshow", () => form() && show());

// ---- the chooser of columns keeps the rest of the address
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-keeps-address]")) return;
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "cols") continue;
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name, value });
    event.target.append(kept);
  }
});
