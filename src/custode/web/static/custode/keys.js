// Keyboard shortcuts: `data-key` clicks or focuses an element, `g` and then `data-go` follows a
// link.
const WAIT = 1500;
const SWITCH = "custode-single-keys";
let going = 0;

const on = () => localStorage.getItem(SWITCH) !== "off";

function typing(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function visible(element) {
  return element.checkVisibility({ visibilityProperty: true });
}

function press(element) {
  if (element.matches("input:not([type=checkbox]), textarea, select")) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.focus(); // a dialog that it opens returns the focus to it
    element.click();
  }
}

function find(name, key) {
  const open = [...document.querySelectorAll("dialog[open]")].pop();
  const all = (open ?? document).querySelectorAll(`[data-${name}]`);
  return [...all].find((e) => e.dataset[name] === key && (name === "go" || visible(e)));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!on()) return;
  if (Date.now() - going < WAIT) {
    going = 0;
    const place = find("go", event.key);
    if (place) {
      event.preventDefault();
      place.click();
    }
    return;
  }
  if (event.key === "g") {
    going = Date.now();
    return;
  }
  const element = find("key", event.key);
  if (element) {
    event.preventDefault();
    press(element);
  }
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = on();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}
