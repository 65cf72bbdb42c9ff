// Menus made of <details>: one open at a time, closed by Esc or a click elsewhere; and the side
// bar.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".menu") || !menu.open) return;
  for (const other of document.querySelectorAll("details.menu[open]")) {
    if (other !== menu && !other.contains(menu)) other.open = false;
  }
  const list = menu.querySelector(".menu-list");
  if (!list) return;
  list.classList.remove("is-left", "is-right", "is-up");
  const box = list.getBoundingClientRect();
  list.classList.toggle("is-left", box.left < 8);
  list.classList.toggle("is-right", box.left >= 8 && box.right > document.documentElement.clientWidth - 8);
  list.classList.toggle("is-up", box.bottom > innerHeight - 8 && box.height < menu.getBoundingClientRect().top);
}, true);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Opening a dialog closes its menu; the focus returns to the menu when the dialog is closed.
document.addEventListener("click", (event) => {
  const menu = event.target.closest?.(".menu-list [hx-get][hx-target='#dialog']")?.closest(".menu");
  if (!menu) return;
  menu.querySelector("summary").focus();
  menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape") {
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    side(false);
  } else if (menu && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const items = [...menu.querySelectorAll(".menu-item, .menu-list a, .menu-list button")];
    const by = event.key === "ArrowDown" ? 1 : -1;
    const next = items[(items.indexOf(event.target) + by + items.length) % items.length];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});

// The side bar on a phone covers the page, which is inert meanwhile.
function side(open) {
  const bar = document.querySelector("[data-side]");
  if (!bar || bar.classList.contains("is-open") === open) return;
  bar.classList.toggle("is-open", open);
  document.querySelector("[data-frame]").inert = open;
  if (open) bar.querySelector("a, button").focus();
  else document.querySelector("[data-side-open]").focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-side-open]")) {
    event.preventDefault();
    side(true);
  } else if (event.target.closest("[data-side-close]")) {
    side(false);
  }
});

// An admin's places may be below the visible part of the side bar: show where one is. Only the
// side bar is scrolled, never the page.
const places = document.querySelector(".side-nav");
const current = places?.querySelector("[aria-current]");
if (current) {
  const [frame, link] = [places, current].map((one) => one.getBoundingClientRect());
  if (link.bottom > frame.bottom) places.scrollTop += link.bottom - frame.bottom + link.height;
}

// On a low screen places are beyond the edge; the edge tells so.
if (places) {
  const tell = () => {
    const rest = places.scrollHeight - places.clientHeight - places.scrollTop;
    places.classList.toggle("is-more", rest > 8);
  };
  tell();
  places.addEventListener("scroll", tell, { passive: true });
  window.addEventListener("resize", tell);
}
