// Rows that are reordered by dragging their handle; the arrows beside them do the same by keyboard.
for (const list of document.querySelectorAll("[data-ordered]")) {
  Sortable.create(list, {
    draggable: "[data-ordered-line]",
    handle: "[data-grip]",
    forceFallback: true,
    fallbackTolerance: 3,
    animation: 0,
    onEnd: (event) => {
      if (event.oldIndex !== event.newIndex) {
        document.getElementById(list.dataset.ordered).requestSubmit();
      }
    },
  });
}
