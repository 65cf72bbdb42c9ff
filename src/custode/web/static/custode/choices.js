// Effects of a choice besides its value. `data-sends`: if it is all that its form asks for,
// choosing sends the form.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  relabel(event.target);
});

// `data-relabels`: the form's button has this label while something is chosen, otherwise its own.
function relabel(choice) {
  const words = choice.dataset?.relabels;
  if (!words) return;
  const button = choice.form.querySelector("[data-relabelled]");
  button.dataset.relabelled ||= button.textContent;
  button.textContent = choice.value ? words : button.dataset.relabelled;
}
