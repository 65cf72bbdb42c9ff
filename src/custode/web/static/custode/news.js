// New entries are added to the top of the log while the page is visible. The address is the page's
// own, with its filters; `data-latest` is the last entry that the page has.
import { offline } from "./toasts.js";

const EVERY = 10000;
const list = document.getElementById("news");
const said = document.getElementById("news-said");
const many = document.getElementById("news-many");
let timer = 0;
let busy = false;

function stop() {
  clearInterval(timer);
  timer = 0;
}

async function look() {
  if (busy || document.visibilityState !== "visible") return;
  busy = true;
  try {
    const url = new URL(location.href);
    url.hash = "";
    url.searchParams.set("after", list.dataset.latest);
    const answer = await fetch(url, {
      cache: "no-store", redirect: "manual", headers: { "HX-Request": "true", "X-Custode-Poll": "1" },
    });
    const to = answer.headers.get("HX-Redirect");
    if (to || answer.type === "opaqueredirect" || answer.status === 403) {
      // The session has ended, or this person may no longer see the log.
      stop();
      location.reload();
    } else if (answer.headers.get("X-Custode-Many")) {
      stop();
      many.hidden = false;
      said.textContent = many.textContent.trim();
    } else if (answer.status === 200) {
      put(new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild);
    }
  } catch {
    if (!navigator.onLine) offline();
  } finally {
    busy = false;
  }
}

function put(fresh) {
  // Keep what somebody is reading at its place on the screen.
  const held = [...list.querySelectorAll(".deed")].find(
    (line) => line.getBoundingClientRect().bottom > 0,
  );
  const before = held?.getBoundingClientRect().top;
  for (const line of fresh.querySelectorAll("[data-again] > .deed")) replace(line);
  fresh.querySelector("[data-again]").remove();
  for (const line of fresh.querySelectorAll("[data-instead]")) {
    document.getElementById(`act-${line.dataset.instead}`)?.remove();
  }
  for (const heading of [...fresh.querySelectorAll("h2")].reverse()) prepend(heading);
  list.dataset.latest = fresh.dataset.latest;
  document.getElementById("unanchored")?.removeAttribute("hidden");
  if (fresh.dataset.said) said.textContent = fresh.dataset.said;
  if (held?.isConnected && scrollY > 0) {
    scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
  }
}

function replace(line) {
  const old = document.getElementById(line.id);
  if (old && !old.contains(document.activeElement)) old.replaceWith(line);
}

function prepend(heading) {
  const lines = [...heading.nextElementSibling.children].filter(
    (line) => !document.getElementById(line.id),
  );
  const there = [...list.querySelectorAll("h2")].find(
    (one) => one.dataset.day === heading.dataset.day,
  );
  if (there) {
    there.nextElementSibling.prepend(...lines);
  } else if (lines.length) {
    if ([...list.querySelectorAll("h2")].some((one) => one.textContent === heading.textContent)) {
      // Midnight has passed: what the page calls today is now yesterday.
      location.reload();
      return;
    }
    list.querySelector(".nothing")?.closest(".card").remove();
    const acts = heading.nextElementSibling;
    acts.replaceChildren(...lines);
    list.prepend(heading, acts);
  }
}

if (list && "latest" in list.dataset) {
  timer = setInterval(look, EVERY);
  document.addEventListener("visibilitychange", () => timer && look());
}
