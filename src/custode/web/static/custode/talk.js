// Comments: Ctrl+Enter sends, the toolbar formats the selection, Escape cancels an edit.
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

// The chosen files are listed below the text; files that are too large are not sent.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-comment] input[type=file]")) return;
  const form = field.closest("form");
  const list = form.querySelector("[data-chosen-files]");
  const fits = [...field.files].every((file) => file.size <= Number(field.dataset.most));
  form.querySelector("[data-too-large]").hidden = fits;
  if (!fits) field.value = "";
  list.replaceChildren(...[...field.files].map((file) => chosen(field, list, file)));
  list.hidden = !field.files.length;
});

function chosen(field, list, file) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const away = document.createElement("button");
  line.className = "comment-kept";
  name.className = "clip";
  name.textContent = file.name;
  away.type = "button";
  away.className = "link-button";
  away.textContent = list.dataset.away;
  away.setAttribute("aria-label", `${list.dataset.away} ${file.name}`);
  away.addEventListener("click", () => takeAway(field, list, file));
  line.append(name, away);
  return line;
}

// A file field cannot remove one of its files: it gets a new list without it.
function takeAway(field, list, file) {
  const left = new DataTransfer();
  for (const other of field.files) if (other !== file) left.items.add(other);
  const place = [...field.files].indexOf(file);
  field.files = left.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const buttons = list.querySelectorAll("button");
  (buttons[Math.min(place, buttons.length - 1)] ?? field).focus();
}

document.addEventListener("htmx:load", (event) => show(event.detail.elt.parentElement ?? event.detail.elt));
show(document);
