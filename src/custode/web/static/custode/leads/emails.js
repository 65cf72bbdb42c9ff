// Writing an e-mail: mistakes are shown beside their fields, and text is not lost by accident.
const form = document.getElementById("email-form");
let typed = false;

function fieldOf(mistake) {
  return form.querySelector(`[aria-describedby~="${mistake.id}"]`);
}

// The server responds only with the mistakes: the form stays, with the files that were chosen.
function mark() {
  let first = null;
  for (const mistake of form.querySelectorAll(".mistake[id]")) {
    const wrong = mistake.textContent.trim() !== "";
    const field = fieldOf(mistake);
    field?.classList.toggle("is-invalid", wrong);
    if (wrong) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    if (wrong && !first) first = field ?? mistake;
  }
  if (!first) return;
  first.scrollIntoView({ block: "center" });
  first.focus?.({ preventScroll: true });
}

if (form) {
  form.addEventListener("input", (event) => {
    typed = true;
    if (event.target.id === "email-text" && !event.target.value.includes("{{")) {
      document.getElementById("email-unfilled").textContent = "";
    }
    if (event.target.id !== "email-template") document.getElementById("email-preview").hidden = true;
  });
  // Choosing a template fills it in; the button is for browsers without scripts.
  const fill = form.querySelector("[data-fill]");
  if (fill) {
    const template = document.getElementById("email-template");
    const use = () => {
      // Until everything is loaded the button does nothing: a choice made before then is applied
      // afterwards.
      const isUsed = template.value === form.elements.filled.value;
      if (template.value && !isUsed && document.readyState === "complete") fill.click();
    };
    fill.hidden = true;
    template.addEventListener("change", use);
    window.addEventListener("load", () => setTimeout(use));
  }
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Redirect")) typed = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    mark();
    if (event.detail.elt.id === "email-preview" && !event.detail.elt.hidden) {
      event.detail.elt.focus({ preventScroll: true });
      event.detail.elt.scrollIntoView({ block: "nearest" });
    }
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) typed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}
