// The columns of the sheet: the list's own, preceded by the row's number and link.
export function columns(told) {
  return told.columns.map(({ key, name }) => ({
    title: name,
    field: key,
    titleFormatter: () => sorter(name),
    editor: "input",
    editorParams: { selectContents: true, elementAttributes: { maxlength: "2000", "aria-label": name } },
    headerFilter: "input",
    headerFilterPlaceholder: told.words.filter,
    headerFilterParams: {
      elementAttributes: {
        maxlength: "200", "aria-label": told.words.filterBy.replace("%(column)s", name),
      },
    },
    // Cells not yet fetched cannot be edited.
    editable: (cell) => "open" in cell.getData(),
  }));
}

// Clicking a column's name sorts by it: up, down, or not at all; the head around it selects the
// column.
function sorter(name) {
  const title = document.createElement("button");
  title.type = "button";
  title.className = "col-name";
  // By `textContent`: Tabulator would interpret a name as markup.
  title.textContent = name;
  for (const event of ["mousedown", "keydown"]) {
    title.addEventListener(event, (pressed) => {
      if (!pressed.shiftKey) pressed.stopPropagation();
    });
  }
  title.addEventListener("click", (event) => {
    event.stopPropagation();
    if (!event.shiftKey) title.closest(".tabulator-col").querySelector(".tabulator-col-sorter").click();
  });
  return title;
}

export function firstColumn(told) {
  return {
    title: told.words.row,
    titleFormatter: () => {
      const title = document.createElement("span");
      title.className = "visually-hidden";
      title.textContent = told.words.row;
      return title;
    },
    field: "n",
    width: 112,
    minWidth: 112,
    frozen: true,
    resizable: false,
    headerSort: false,
    formatter: (cell) => head(cell.getData(), told.words),
  };
}

function head(row, words) {
  if (!("open" in row)) return String(row.n);
  const box = document.createElement("span");
  box.className = "row-head";
  const mark = document.createElement("span");
  mark.className = `row-mark is-${row.outcome}`;
  mark.title = words.outcomes[row.outcome];
  const number = document.createElement("span");
  number.textContent = row.n ?? "";
  const open = document.createElement("a");
  open.className = "row-open";
  open.href = row.open;
  open.textContent = "↗";
  open.title = words.outcomes[row.outcome];
  open.setAttribute(
    "aria-label",
    `${words.open.replace("%(name)s", row.name)} (${words.outcomes[row.outcome]})`,
  );
  box.append(mark, number, said(row, words), open);
  return box;
}

// The number of comments: a link, so that it can be opened in another tab.
function said(row, words) {
  const link = document.createElement("a");
  link.className = `row-talk${row.said ? " is-said" : ""}`;
  link.href = `${row.open}#history`;
  link.dataset.talk = row.talk;
  const name = words.talk.replace("%(name)s", row.name).replace("%(n)s", row.said ?? 0);
  link.title = name;
  link.setAttribute("aria-label", name);
  link.textContent = row.said || "+";
  return link;
}
