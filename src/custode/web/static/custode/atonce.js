// Settings that take effect at once: a form with `data-at-once` is sent when a field of it changes.
for (const form of document.querySelectorAll("[data-at-once]")) {
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
