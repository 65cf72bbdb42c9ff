// Dialogs: `data-dialog="id"` opens one; `data-close` inside it or a click outside closes it.
export function show(dialog) {
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[autofocus], input:not([type=hidden]), textarea, select");
  if (first) first.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      show(dialog);
    }
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  } else if (event.target === dialog && !inside(dialog, event)) {
    dialog.close();
  }
});

function inside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return (
    event.clientX >= box.left && event.clientX <= box.right &&
    event.clientY >= box.top && event.clientY <= box.bottom
  );
}

// A form that only downloads leaves the page as it is, so its dialog is closed when it is sent.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("closeDialog", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});
