// The comments on a prospect, or on the list as a whole, beside the sheet. Esc or the cross closes
// them, and the focus returns to the sheet.
export function panelOf(element, rows) {
  const panel = document.querySelector("[data-talk-panel]");

  function open(url) {
    if (!url) return;
    panel.hidden = false;
    htmx.ajax("GET", url, { target: panel, swap: "innerHTML" }).then(() => {
      panel.querySelector("textarea")?.focus();
    });
  }

  function close() {
    panel.hidden = true;
    panel.replaceChildren();
    element.querySelector(".tabulator-tableholder")?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-talk]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.talk);
  });
  panel.addEventListener("click", (event) => {
    if (event.target.closest("[data-talk-close]")) close();
  });
  // So that text is not lost by a key, the first Esc only leaves the field.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || panel.hidden) return;
    const { target } = event;
    if (target.matches("textarea, input") && (target.value || !panel.contains(target))) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    event.preventDefault();
    close();
  });
  // Update the row's count after comments were written or deleted here.
  document.addEventListener("talked", ({ detail }) => {
    if (detail.kind !== "prospect") return;
    rows.say(detail.pk, detail.count);
  });
  return { open };
}
