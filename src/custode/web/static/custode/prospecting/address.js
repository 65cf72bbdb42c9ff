// The state of the sheet in its address: search, filters, order.
const filters = document.getElementById("sheet-filters");

export function asked(table) {
  const query = new URLSearchParams();
  for (const name of ["q", "outcome"]) {
    if (filters.elements[name].value) query.set(name, filters.elements[name].value);
  }
  for (const { field, value } of table?.getHeaderFilters() ?? headerFilters()) {
    if (value) query.set(`in-${field.slice(1)}`, value);
  }
  const [sort] = table?.getSorters() ?? [];
  const kept = new URLSearchParams(location.search).get("sort");
  if (sort) query.set("sort", `${sort.dir === "desc" ? "-" : ""}${sort.field}`);
  else if (!table && kept) query.set("sort", kept);
  return query;
}

export function headerFilters() {
  return [...new URLSearchParams(location.search)]
    .filter(([name]) => name.startsWith("in-"))
    .map(([name, value]) => ({ field: `c${name.slice(3)}`, value }));
}

export function sorted(told) {
  const kept = new URLSearchParams(location.search).get("sort") ?? "";
  const column = kept.replace("-", "");
  if (!told.columns.some(({ key }) => key === column)) return [];
  return [{ column, dir: kept.startsWith("-") ? "desc" : "asc" }];
}
