// Tabs that do not all fit scroll sideways: the one that is open stands in sight.
for (const tabs of document.querySelectorAll(".tabs-line")) {
  const open = tabs.querySelector("[aria-current]");
  if (open) {
    const beside = open.getBoundingClientRect().left - tabs.getBoundingClientRect().left;
    tabs.scrollLeft += beside - (tabs.clientWidth - open.offsetWidth) / 2;
  }
}
