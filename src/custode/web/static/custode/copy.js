// `data-copy="id"` copies a field; `data-select` selects a field's whole text on focus.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // Without the permission to copy, the text stays selected, for Ctrl+C.
  }
  button.querySelector("span").textContent = button.dataset.copied;
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
