// The rows and columns that a person has selected. Tabulator selects the first cell whenever the
// rows are reloaded: nobody has chosen that, so no act may apply to it.
export class Choice {
  constructor(element, rows, told, range) {
    Object.assign(this, { rows, told, range, made: false });
    const choose = (event) => {
      if (event.target.closest(".tabulator-row, .tabulator-tableholder")) this.made = true;
    };
    element.addEventListener("pointerdown", choose, true);
    element.addEventListener("keydown", choose, true);
  }

  // Without iterating over the rows; null for none.
  now() {
    const found = this.made ? this.range() : null;
    const { ids } = this.rows;
    if (!found || !ids.length) return null;
    const [first, last] = [found.getTopEdge(), Math.min(found.getBottomEdge(), ids.length - 1)];
    const known = new Set(this.told.columns.map(({ key }) => key));
    const fields = found.getColumns().map((column) => column.getField());
    return { first, last, keys: new Set(fields.filter((field) => known.has(field))) };
  }

  // Remember the selection by the rows' own numbers, before they are reloaded.
  before() {
    const chosen = this.now();
    if (!chosen) return null;
    const { ids } = this.rows;
    return { from: ids[chosen.first], to: ids[chosen.last], keys: [...chosen.keys] };
  }

  // Select the same rows again if they still exist; otherwise select nothing.
  again(kept) {
    const places = kept && [kept.from, kept.to].map((id) => this.rows.places.get(id));
    this.made = Boolean(kept) && places.every((place) => place !== undefined);
    if (!this.made) return;
    const keys = kept.keys.length ? kept.keys : [this.told.columns[0].key];
    const cells = places.map((place, n) => {
      const row = this.rows.at(place)?.getComponent();
      return row?.getCell(n ? keys.at(-1) : keys[0]);
    });
    if (cells.every(Boolean)) this.range()?.setBounds(...cells);
    else this.made = false;
  }
}
