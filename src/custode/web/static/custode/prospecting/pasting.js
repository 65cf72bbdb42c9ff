// Text from a spreadsheet program, set into the sheet from the chosen cell on.
export function parse(text) {
  const clean = text.replace(/(\r\n|\r|\n)$/, "");
  if (!clean.trim()) return [];
  return window.Papa.parse(clean, { delimiter: "\t", quoteChar: '"' }).data;
}

// What a paste means: cells of the rows that are there, and rows that are new. A text that is
// larger than what is left of the page is not guessed at: `why` names the sentence to say.
export function pasted(table, told, range, text, page) {
  const lines = parse(text);
  const keys = told.columns.map((column) => column.key);
  const anchor = range?.getRows()[0];
  const start = range?.getColumns().find((column) => keys.includes(column.getField()));
  const from = start ? keys.indexOf(start.getField()) : 0;
  if (lines.some((line) => from + line.length > keys.length)) return { why: "tooWide" };
  const shown = table.getRows();
  const first = anchor ? shown.findIndex((row) => row === anchor) : shown.length;
  const there = shown.slice(Math.max(first, 0));
  if (lines.length > there.length && page < table.getPageMax()) return { why: "pageOnly" };
  const filled = fill(lines, range, first);
  const edits = filled.slice(0, there.length).flatMap((line, n) => line.map((value, m) => {
    const { id, key } = told.columns[from + m];
    const data = there[n].getData();
    return [data.id, id, data[key] ?? "", value];
  }));
  const rows = filled.slice(there.length).map((line) =>
    line.map((value, m) => [told.columns[from + m].id, value]));
  return { edits: edits.filter(([, , was, now]) => was !== now), rows };
}

// One copied cell fills the whole range, as spreadsheet programs do.
function fill(lines, range) {
  const one = lines.length === 1 && lines[0].length === 1;
  const height = range?.getRows().length ?? 1;
  const width = range?.getColumns().length ?? 1;
  if (!one || (height === 1 && width === 1)) return lines;
  return Array.from({ length: height }, () => Array(width).fill(lines[0][0]));
}
