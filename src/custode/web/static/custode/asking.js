// How htmx sends requests: with the CSRF token; and how refusals and failures are shown.
import { show } from "./dialogs.js";
import { offline } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  event.detail.headers["X-CSRFToken"] = token ? token.content : "";
});

// A refusal arrives as a fragment for the dialog, whatever target the request had.
document.addEventListener("htmx:beforeSwap", (event) => {
  const problem = document.getElementById("problem");
  if (event.detail.xhr.getResponseHeader("X-Custode-Problem") && problem) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.target = problem;
    event.detail.swapOverride = "innerHTML";
    const { elt } = event.detail.requestConfig ?? {};
    reset(elt);
    // The content for which a dialog was waiting will not arrive: close it, unless its form can be
    // corrected.
    if (event.detail.xhr.status !== 400) elt?.closest("dialog")?.close();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target instanceof HTMLDialogElement) show(target);
});

// Reset a check box whose change was refused to its actual state.
function reset(element) {
  element?.closest("[data-reset-on-no]")?.reset();
}

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    reset(event.detail.elt);
    offline();
  });
}
