// Proof of identity: a form marked `data-proof` is held back until the proof succeeds, then sent as
// it is, including its files. The page stays; nothing in the form is sent to the server meanwhile.
import { show } from "./dialogs.js";
import { offline } from "./toasts.js";

const dialog = document.getElementById("proof");
// All forms that are held back: several may be sent while one is asked for.
let waiting = [];
let isAsking = false;

async function load(options) {
  const answer = await fetch(dialog.dataset.url, {
    cache: "no-store", headers: { "HX-Request": "true" }, ...options,
  });
  if (answer.redirected || ![200, 204, 422, 429].includes(answer.status)) {
    location.reload();
    return null;
  }
  return answer;
}

async function ask() {
  const answer = await load({});
  if (!answer) return;
  if (answer.status === 204) {
    go();
    return;
  }
  dialog.innerHTML = await answer.text();
  show(dialog);
}

async function wait(form, submitter) {
  waiting = [...waiting.filter((held) => held.form !== form), { form, submitter }];
  if (isAsking) return;
  isAsking = true;
  try {
    await ask();
  } catch {
    drop();
  } finally {
    isAsking = false;
  }
}

function go() {
  const proved = waiting;
  waiting = [];
  if (dialog.open) dialog.close();
  for (const { form, submitter } of proved) {
    form.dataset.proved = "";
    form.requestSubmit(submitter?.form === form ? submitter : undefined);
  }
}

// The form is not sent: reset a check box that was ticked for it to its actual state.
function forget() {
  for (const { form } of waiting) form.closest("[data-reset-on-no]")?.reset();
  waiting = [];
}

function drop() {
  forget();
  offline();
}

function hold(event) {
  const form = event.target.closest?.("form[data-proof]");
  if (!form) return;
  if (event.type === "change" && form.dataset.proof !== "change") return;
  if (event.type === "submit" && "proved" in form.dataset) {
    delete form.dataset.proved;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  wait(form, event.submitter);
}

if (dialog) {
  window.addEventListener("submit", hold, true);
  window.addEventListener("change", hold, true);
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await load({ method: "POST", body: new FormData(event.target) });
      if (!answer) return;
      if (answer.status === 204) {
        go();
      } else {
        dialog.innerHTML = await answer.text();
        show(dialog);
      }
    } catch {
      offline();
    }
  });
  dialog.addEventListener("close", () => {
    forget();
    dialog.replaceChildren();
  });
}

// The proof expired between the question and the act: ask again, then send again.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.getResponseHeader("X-Custode-Proof")) return;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
  const form = event.detail.requestConfig.elt.closest("form");
  if (form) wait(form);
});
