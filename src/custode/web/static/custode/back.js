// `data-back` returns to where the person came from; `data-reload` reloads the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) history.back();
  if (event.target.closest("[data-reload]")) location.reload();
});
