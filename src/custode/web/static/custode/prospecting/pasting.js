// Text from a spreadsheet program, pasted into the sheet from the selected cell on.
export function parse(text) {
  const clean = text.replace(/(\r\n|\r|\n)$/, "");
  if (!clean.trim()) return [];
  return window.Papa.parse(clean, { delimiter: "\t", quoteChar: '"' }).data;
}

// The meaning of a paste: cells of existing rows, and new rows. `why` names the message shown
// instead.
export async function pasted(rows, told, chosen, text) {
  const lines = parse(text);
  const keys = told.columns.map((column) => column.key);
  const from = Math.max(0, keys.findIndex((key) => chosen?.keys.has(key)));
  if (lines.some((line) => from + line.length > keys.length)) return { why: "tooWide" };
  const filled = fill(lines, chosen);
  const first = chosen ? chosen.first : rows.ids.length;
  const last = Math.min(first + filled.length, rows.ids.length) - 1;
  await rows.ensure(first, last);
  const there = Math.max(0, last - first + 1);
  const edits = filled.slice(0, there).flatMap((line, n) => line.map((value, m) => {
    const { id, key } = told.columns[from + m];
    const data = rows.data(first + n);
    return [data.id, id, data[key] ?? "", value];
  })).filter(([, , was, now]) => was !== now);
  const added = filled.slice(there).map((line) =>
    line.map((value, m) => [told.columns[from + m].id, value]));
  return { edits, rows: added };
}

// A single copied cell fills the whole range, as in spreadsheet programs.
function fill(lines, chosen) {
  const one = lines.length === 1 && lines[0].length === 1;
  const height = chosen ? chosen.last - chosen.first + 1 : 1;
  const width = chosen?.keys.size || 1;
  if (!one || (height === 1 && width === 1)) return lines;
  return Array.from({ length: height }, () => Array(width).fill(lines[0][0]));
}
