// Passkeys: pass the server's options to the browser, and put the browser's response into the form.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function opened(options) {
  const told = { ...options, challenge: bytes(options.challenge) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    told[list] = (told[list] ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  }
  if (told.user) told.user = { ...told.user, id: bytes(told.user.id) };
  return told;
}

function closed(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature",
    "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

// Ask the browser for a passkey, or to create one; the response is JSON.
export async function answer(options) {
  const { publicKey } = options;
  const told = { publicKey: opened(publicKey) };
  const credential = publicKey.user
    ? await navigator.credentials.create(told)
    : await navigator.credentials.get(told);
  return closed(credential);
}

// A button with the options, or with the address that returns them, in a form for the response.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey], [data-passkey-from]");
  if (!button) return;
  event.preventDefault();
  const { form } = button;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const options = button.dataset.passkey
      ? JSON.parse(button.dataset.passkey)
      : await (await fetch(button.dataset.passkeyFrom, { cache: "no-store" })).json();
    form.querySelector("[data-passkey-answer]").value = await answer(options);
    form.requestSubmit();
  } catch {
    failed.hidden = false;
  }
});

// Hidden in browsers without passkeys.
if (!window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey-only]")) part.hidden = true;
}
