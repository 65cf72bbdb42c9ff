// `data-copy="id"` copies a field; `data-select` chooses a field's whole text when it is entered.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // Without the right to copy the text stays chosen, for Ctrl+C.
  }
  button.querySelector("span").textContent = button.dataset.copied;
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
