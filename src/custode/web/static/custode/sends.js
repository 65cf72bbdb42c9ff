// `data-sends`: a choice that is all its form asks for sends it when it is made.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});
