// A lead's page: Esc cancels an edit, Ctrl+Enter saves it, the standby dialog sets its day, and on
// a phone the facts and the description unfold.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-in-place]");
  if (!form) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("[data-cancel]").click();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
}, true);

// After an edit was cancelled the focus returns to where it began.
document.addEventListener("htmx:afterSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (requestConfig?.elt?.matches?.("[data-cancel]")) target.querySelector(".edit")?.focus();
});

// Also after it was saved: what was swapped in meanwhile may have removed the focus.
document.addEventListener("htmx:afterSettle", (event) => {
  const saved = event.detail.target.querySelector?.(".edit[autofocus]");
  if (saved && document.activeElement === document.body) saved.focus();
});

// A day typed by hand is sent as the button's own value.
const day = document.querySelector("[data-standby-day]");
day?.addEventListener("change", () => {
  for (const button of document.querySelectorAll("[data-standby-set]")) button.value = day.value;
});

// On a phone the comments come first: the facts are collapsed until they are opened.
const unfold = document.querySelector("[data-unfold]");
unfold?.addEventListener("click", () => {
  const folded = unfold.closest("[data-folding]").classList.toggle("is-folded");
  unfold.setAttribute("aria-expanded", String(!folded));
});

// The description is shortened there too. Its button is shown only while something is left out.
const text = document.querySelector("[data-short]");
const whole = text?.querySelector("[data-whole]");
function measure() {
  const cut = (one) => !one.checkVisibility() || one.scrollHeight > one.clientHeight + 1;
  const parts = [...text.querySelectorAll(".labelled > div, .description")];
  whole.hidden = !text.classList.contains("is-short") || !parts.some(cut);
}
if (text) {
  measure();
  window.addEventListener("resize", measure);
  document.addEventListener("htmx:afterSettle", measure);
  whole.addEventListener("click", () => {
    text.classList.remove("is-short");
    measure();
    text.focus({ preventScroll: true });
  });
}
