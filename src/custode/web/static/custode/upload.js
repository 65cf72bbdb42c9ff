// A chosen or dropped file is sent at once, unless it is larger than the server accepts.
for (const form of document.querySelectorAll("[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const most = Number(form.dataset.most);
  const tooLarge = form.querySelector("[data-too-large]");
  const mistake = form.querySelector("[data-mistake]");
  const over = (on) => form.classList.toggle("is-over", on);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) over(false);
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
  field.addEventListener("change", () => {
    if (field.files.length) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    const fits = Array.from(field.files).every((file) => file.size <= most);
    tooLarge.hidden = fits;
    field.setAttribute("aria-invalid", String(!fits));
    if (fits) {
      form.classList.add("is-sending");
      return;
    }
    event.preventDefault();
    mistake?.remove();
    // Emptied, so that a file with the same name can be chosen again once it is smaller.
    field.value = "";
    field.focus();
  });
}
