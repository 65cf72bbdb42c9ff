// The question after Won: "Not now" hides it, and the focus returns to the page.
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-offer-close]");
  if (!close) return;
  event.preventDefault();
  close.closest("[data-offer]").remove();
  document.getElementById("main").focus();
});
