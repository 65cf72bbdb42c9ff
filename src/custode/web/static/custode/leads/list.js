// The list: search as you type, selecting rows, choosing columns.
import "../choosing.js";

const WAIT = 250;

// ---- the search at the top filters this list while typing
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

// ---- Enter in a field of the bar clicks its own button, not the form's first one
document.addEventListener("keydown", (event) => {
  const wanted = event.target.dataset?.enter;
  if (event.key === "Enter" && wanted) {
    event.preventDefault();
    event.target.form.querySelector(`button[name="${wanted}"]`).click();
  }
});

// ---- the column chooser keeps the rest of the address
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-keeps-address]")) return;
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "cols") continue;
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name, value });
    event.target.append(kept);
  }
});
