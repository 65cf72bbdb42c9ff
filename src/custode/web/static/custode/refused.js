// A refused form comes back as a whole page, which begins at its top: bring what is wrong into view.
const MIDDLE = { block: "center", behavior: "instant" };
const main = document.getElementById("main");
const seen = (selector) => [...main.querySelectorAll(selector)].filter((one) => one.checkVisibility());

function inView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const bar = document.querySelector(".top")?.offsetHeight ?? 0;
  return top >= bar && bottom <= innerHeight;
}

if (main) {
  // A field that the page itself gives the focus to stays first, if it is one of those refused.
  const wrong = seen('[aria-invalid="true"]');
  const field = wrong.find((one) => one.autofocus) ?? wrong[0];
  const why = seen('[role="alert"]').filter((one) => one.textContent.trim());
  if (field) {
    field.focus({ preventScroll: true });
    const its = why.find((one) => field.getAttribute("aria-describedby")?.split(" ").includes(one.id));
    if (![field, its].every((one) => !one || inView(one))) field.scrollIntoView(MIDDLE);
  } else if (why.length && !why.some(inView)) {
    // A mistake of the form as a whole has no field.
    why[0].scrollIntoView(MIDDLE);
  }
}
