// Messages at the edge: they disappear by themselves, unless the mouse or the focus is on them.
const STAY = 9000;

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-toast-close]");
  if (closer) closer.closest("[data-toast]").remove();
});

function tick() {
  for (const toast of document.querySelectorAll("[data-toast]")) {
    if (toast.matches(":hover, :focus-within")) {
      toast.dataset.left = STAY;
      continue;
    }
    const left = Number(toast.dataset.left ?? STAY * (toast.querySelector("form, a") ? 2 : 1)) - 1000;
    toast.dataset.left = left;
    if (left <= 0 && !toast.classList.contains("note-error")) toast.remove();
  }
}
setInterval(tick, 1000);

// A new message that only confirms replaces earlier ones, so that several quick ticks do not pile
// messages over the next one.
const pile = document.getElementById("toasts");
if (pile) {
  new MutationObserver((changes) => {
    const fresh = new Set(changes.flatMap((change) => [...change.addedNodes]));
    for (const note of pile.querySelectorAll(".note-success:not(:has(form, a))")) {
      if (fresh.size && !fresh.has(note) && !note.matches(":hover, :focus-within")) note.remove();
    }
  }).observe(pile, { childList: true });
}

// A message's undo returns to the person's present page, not to the one where the message was made.
document.addEventListener("submit", (event) => {
  const here = event.target.querySelector("[data-here]");
  if (here) here.value = location.pathname + location.search;
});

export function offline() {
  const template = document.getElementById("toast-offline");
  const toasts = document.getElementById("toasts");
  if (template && toasts && !toasts.querySelector("[data-offline]")) {
    const note = template.content.cloneNode(true).firstElementChild;
    note.dataset.offline = "";
    toasts.append(note);
  }
}

window.addEventListener("online", () => {
  for (const note of document.querySelectorAll("[data-offline]")) note.remove();
});
window.addEventListener("offline", offline);
