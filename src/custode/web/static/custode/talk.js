// Comments: Ctrl+Enter sends, the marks format what is chosen, Escape gives an edit up.
function fieldOf(marks) {
  return document.getElementById(marks.dataset.marks);
}

function around(field, mark) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  field.setRangeText(mark + value.slice(start, end) + mark, start, end, "end");
  if (start === end) field.setSelectionRange(start + mark.length, start + mark.length);
  field.focus();
}

function before(field, mark) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const first = value.lastIndexOf("\n", start - 1) + 1;
  const lines = value.slice(first, end).split("\n").map((line) => mark + line);
  field.setRangeText(lines.join("\n"), first, end, "end");
  field.focus();
}

function show(root) {
  for (const marks of root.querySelectorAll?.("[data-marks]") ?? []) marks.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-marks] button");
  if (!button) return;
  const field = fieldOf(button.closest("[data-marks]"));
  if (button.dataset.mark) around(field, button.dataset.mark);
  else before(field, button.dataset.line);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-comment]");
  if (!form || !event.target.matches("textarea")) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && command) {
    event.preventDefault();
    form.requestSubmit();
  } else if (command && (event.key === "b" || event.key === "i")) {
    event.preventDefault();
    around(event.target, event.key === "b" ? "**" : "*");
  } else if (event.key === "Escape" && form.querySelector("[data-cancel]")) {
    event.stopPropagation();
    form.querySelector("[data-cancel]").click();
  }
}, true);

// What was chosen is named below the text; what is too large is not sent.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-comment] input[type=file]")) return;
  const form = field.closest("form");
  const list = form.querySelector("[data-chosen-files]");
  const fits = [...field.files].every((file) => file.size <= Number(field.dataset.most));
  form.querySelector("[data-too-large]").hidden = fits;
  if (!fits) field.value = "";
  list.replaceChildren(...[...field.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    return line;
  }));
  list.hidden = !field.files.length;
});

document.addEventListener("htmx:load", (event) => show(event.detail.elt.parentElement ?? event.detail.elt));
show(document);
