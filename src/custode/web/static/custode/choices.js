// What a choice does besides being made.
// `data-sends`: one that is all its form asks for sends it when it is made.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  relabel(event.target);
});

// `data-relabels`: the form's button says this as long as something is chosen, and else what it said.
function relabel(choice) {
  const words = choice.dataset?.relabels;
  if (!words) return;
  const button = choice.form.querySelector("[data-relabelled]");
  button.dataset.relabelled ||= button.textContent;
  button.textContent = choice.value ? words : button.dataset.relabelled;
}
