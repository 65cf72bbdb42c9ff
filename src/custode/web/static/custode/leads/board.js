// The board: cards are moved by mouse, touch or keyboard; a refusal puts them back and explains
// why.
import { show } from "../dialogs.js";

const board = document.querySelector("[data-board]");
const zones = document.querySelector("[data-zones]");
const moving = document.getElementById("move");
const standby = document.getElementById("standby");
let chosen = null;

const cards = (list) => [...list.querySelectorAll("[data-card]")];
const lists = () => [...board.querySelectorAll("[data-cards]")];
const listOf = (step) => lists().find((list) => list.dataset.step === String(step));

// ---- one move: sent to the server, and reverted if that refuses
async function tell(card, values, back) {
  const id = card.dataset.card;
  let status = 0;
  const listen = (event) => {
    status = event.detail.xhr.status;
  };
  board.addEventListener("htmx:afterRequest", listen, { once: true });
  try {
    const url = board.dataset.moveUrl.replace("/0/", `/${id}/`);
    await htmx.ajax("POST", `${url}?${board.dataset.query}`, {
      source: board, target: board, swap: "none", values,
    });
  } catch {
    status = 0;
  }
  board.removeEventListener("htmx:afterRequest", listen);
  const done = status >= 200 && status < 300;
  if (!done) back();
  return done;
}

function placeOf(card) {
  const list = card.parentElement;
  const next = card.nextElementSibling;
  return () => list.insertBefore(card, next && next.parentElement === list ? next : null);
}

async function toStep(card, step, { back = placeOf(card), byMouse = false } = {}) {
  const list = listOf(step);
  if (list && card.parentElement !== list) list.prepend(card);
  const { id } = card;
  await tell(card, { step }, back);
  if (!byMouse) document.querySelector(`#${id} [data-card-link]`)?.focus();
}

async function toStatus(card, status, until, { back = placeOf(card), byMouse = false } = {}) {
  const near = card.nextElementSibling ?? card.previousElementSibling;
  const shows = new URLSearchParams(board.dataset.query).getAll("status");
  const stays = (shows.length ? shows : ["todo"]).includes(status);
  if (stays) back();
  else card.remove();
  const done = await tell(card, { status, ...until }, back);
  if (byMouse) return;
  const focus = done && !stays ? near : card;
  (focus?.querySelector("[data-card-link]") ?? document.getElementById("main")).focus();
}

function put(card, target, how) {
  if (target.status === "standby") {
    chosen = { card, how };
    // What was typed for the card before is not this one's.
    standby.querySelector("form").reset();
    show(standby);
  } else if (target.status) {
    toStatus(card, target.status, {}, how);
  } else {
    toStep(card, target.step, how);
  }
}

// ---- by mouse and touch
function drag(list) {
  Sortable.create(list, {
    group: "cards",
    draggable: "[data-card]",
    filter: "[data-move]",
    preventOnFilter: false,
    sort: false,
    delay: 220,
    delayOnTouchOnly: true,
    touchStartThreshold: 5,
    forceFallback: true,
    fallbackTolerance: 5,
    animation: 0, // Sortable ignores a press on a card that is still gliding
    scroll: board,
    bubbleScroll: false,
    scrollSensitivity: 80,
    onStart: (event) => {
      event.item.putBack = placeOf(event.item);
      zones.hidden = false;
    },
    onEnd: (event) => {
      zones.hidden = true;
      const { item, to, from } = event;
      if (to === from) return;
      const how = { back: () => item.putBack(), byMouse: true };
      put(item, { step: to.dataset.step, status: to.dataset.status }, how);
      if (to.dataset.status === "standby") how.back();
    },
  });
}

// ---- the menu, by its button or by `m`
function open(card) {
  chosen = { card, how: { back: placeOf(card) } };
  moving.querySelector("[data-move-title]").textContent =
    card.querySelector("[data-card-link]").textContent.trim();
  // A person who may not move it is told why, instead of being refused after a choice.
  const { fixed } = card.dataset;
  const why = moving.querySelector("[data-move-why]");
  why.hidden = !fixed;
  why.lastChild.textContent = fixed ?? "";
  for (const way of moving.querySelectorAll(".menu-item, hr")) {
    way.hidden = Boolean(fixed) || way.dataset.toStep === card.parentElement.dataset.step;
  }
  show(moving);
  moving.querySelector("[data-to-step]:not([hidden])")?.focus();
}

moving?.addEventListener("click", (event) => {
  const way = event.target.closest("[data-to-step], [data-to-status]");
  if (!way) return;
  moving.close();
  const { card, how } = chosen;
  put(card, { step: way.dataset.toStep, status: way.dataset.toStatus }, how);
});

moving?.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const ways = [...moving.querySelectorAll(".menu-item:not([hidden])")];
  ways[(ways.indexOf(document.activeElement) + by + ways.length) % ways.length].focus();
});

standby?.addEventListener("submit", (event) => {
  event.preventDefault();
  const day = event.submitter?.value || standby.querySelector("[data-standby-day]").value;
  if (!day) return standby.querySelector("[data-standby-day]").focus();
  standby.close();
  const until = { remind_date: day, remind_time: standby.querySelector("[name=remind_time]").value };
  return toStatus(chosen.card, "standby", until, chosen.how);
});

// ---- by keyboard: arrows navigate, with shift they move the card
function walk(card, key) {
  const all = lists();
  const at = all.indexOf(card.parentElement);
  const rows = cards(card.parentElement);
  if (key === "ArrowUp" || key === "k") return rows[rows.indexOf(card) - 1];
  if (key === "ArrowDown" || key === "j") return rows[rows.indexOf(card) + 1];
  const by = key === "ArrowLeft" ? -1 : 1;
  for (let to = at + by; all[to]; to += by) {
    const there = cards(all[to]);
    if (there.length) return there[Math.min(rows.indexOf(card), there.length - 1)];
  }
  return null;
}

board?.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (key === "m") {
    event.preventDefault();
    open(card);
  } else if (event.shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) {
    event.preventDefault();
    const next = lists()[lists().indexOf(card.parentElement) + (key === "ArrowLeft" ? -1 : 1)];
    if (next) toStep(card, next.dataset.step);
  } else if (/^Arrow|^[jk]$/.test(key)) {
    event.preventDefault();
    walk(card, key)?.querySelector("[data-card-link]").focus();
  }
});

// Without a focused card, an arrow key leads to the first one.
document.addEventListener("keydown", (event) => {
  if (!/^Arrow|^[jk]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== document.body && event.target.id !== "main") return;
  const first = board?.querySelector("[data-card-link]");
  if (!first) return;
  event.preventDefault();
  first.focus();
});

board?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) open(button.closest("[data-card]"));
});

if (board) {
  for (const list of document.querySelectorAll("[data-cards]")) drag(list);
}

// ---- on a phone: which step is visible
const tabs = [...document.querySelectorAll("[data-step-tab]")];
if (tabs.length) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      for (const tab of tabs) {
        const here = tab.hash === `#${entry.target.id}`;
        tab.toggleAttribute("aria-current", here);
        if (here) tab.setAttribute("aria-current", "true");
      }
    }
  }, { root: board, threshold: 0.6 });
  for (const column of board.querySelectorAll("[data-column]")) seen.observe(column);
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      const column = document.querySelector(tab.hash);
      board.scrollTo({ left: column.offsetLeft });
      // A short column ends far above the former scroll position: show it from its head.
      const above = column.getBoundingClientRect().top - tab.getBoundingClientRect().bottom;
      if (above < 0) scrollBy(0, above);
    });
  }
}

// ---- returning or reloading shows the board as it was left
if (board) {
  const place = `${location.pathname}${location.search} scrolled`;
  const [way] = performance.getEntriesByType("navigation");
  if (way?.type !== "navigate") board.scrollTo(...JSON.parse(sessionStorage.getItem(place) ?? "[0, 0]"));
  addEventListener("pagehide", () => {
    sessionStorage.setItem(place, JSON.stringify([board.scrollLeft, board.scrollTop]));
  });
}

// ---- filters: each choice applies when its menu closes
for (const form of document.querySelectorAll("[data-submits-itself]")) {
  form.classList.add("is-live");
  form.addEventListener("change", () => form.classList.add("is-changed"));
  form.addEventListener("toggle", (event) => {
    if (!event.target.open && form.classList.contains("is-changed")) form.requestSubmit();
  }, true);
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
  });
}
