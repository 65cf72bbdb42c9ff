// Lists by keyboard: arrows (or j and k) move, space ticks the line, enter opens it.
const focusable = "[data-row-link], a[href], button, input:not([type=hidden])";

function step(list, from, by) {
  const rows = [...list.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
  const at = rows.indexOf(from);
  const to = at < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[at + by];
  if (!to) return false;
  const target = to.querySelector("[data-row-link]") ?? to.querySelector(focusable) ?? to;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target, key } = event;
  if (target.matches("input:not([type=checkbox]), textarea, select, summary, [contenteditable]")) return;
  if (document.querySelector("dialog[open]") || target.closest(".menu-list")) return;
  const list = target.closest("[data-rows]") ?? document.querySelector("[data-rows]");
  if (!list) return;
  const row = target.closest("[data-row]");
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[key];
  if (by && (row || target === document.body || target.id === "main")) {
    if (step(list, row, by)) event.preventDefault();
  } else if (key === " " && row && !target.matches("button, input")) {
    const box = row.querySelector("input[type=checkbox]");
    if (box) {
      event.preventDefault();
      box.click();
    }
  }
});
