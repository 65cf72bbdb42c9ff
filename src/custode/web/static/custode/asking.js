// How htmx asks: with the token against forged forms; and how a no or a failure is shown.
import { show } from "./dialogs.js";
import { offline } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  event.detail.headers["X-CSRFToken"] = token ? token.content : "";
});

// An explained no comes as a fragment for the dialog, whatever the request was meant to fill.
document.addEventListener("htmx:beforeSwap", (event) => {
  const problem = document.getElementById("problem");
  if (event.detail.xhr.getResponseHeader("X-Custode-Problem") && problem) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.target = problem;
    event.detail.swapOverride = "innerHTML";
    const { elt } = event.detail.requestConfig ?? {};
    reset(elt);
    // What a dialog asked for will not come: it closes, unless its form can be mended.
    if (event.detail.xhr.status !== 400) elt?.closest("dialog")?.close();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target instanceof HTMLDialogElement) show(target);
});

// A box that was ticked in vain goes back to what holds.
function reset(element) {
  element?.closest("[data-reset-on-no]")?.reset();
}

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    reset(event.detail.elt);
    offline();
  });
}
