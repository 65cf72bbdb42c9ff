// `data-back` goes back to where the person came from; `data-reload` gets the page anew.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) history.back();
  if (event.target.closest("[data-reload]")) location.reload();
});
