// `data-back` goes back to where the person came from.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) history.back();
});
