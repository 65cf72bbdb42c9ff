// Tabs that do not all fit scroll sideways: keep the open one visible.
for (const tabs of document.querySelectorAll(".tabs-line")) {
  const open = tabs.querySelector("[aria-current]");
  if (open) {
    const beside = open.getBoundingClientRect().left - tabs.getBoundingClientRect().left;
    tabs.scrollLeft += beside - (tabs.clientWidth - open.offsetWidth) / 2;
  }
}
