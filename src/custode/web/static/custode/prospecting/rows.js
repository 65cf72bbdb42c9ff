// The rows of the sheet: all of them are present by number, and their contents are fetched for the
// visible part. Contents far from it are dropped again, so that the page of a list of 50,000 rows
// needs no more memory after scrolling through all of it.
const KEPT = 3000;
const AROUND = 40;

export class Rows {
  constructor(told, fetched) {
    Object.assign(this, { told, fetched, ids: [], places: new Map(), loaded: new Set() });
    this.empty = Object.fromEntries(told.columns.map(({ key }) => [key, ""]));
    this.waiting = new Map();
    this.round = 0;
  }

  // The data for Tabulator: each row's number, and the cells of those included in the first
  // response.
  begin({ ids, data, stamp }) {
    this.round += 1;
    Object.assign(this, { ids, stamp, loaded: new Set() });
    this.waiting.clear();
    this.places = new Map(ids.map((id, place) => [id, place]));
    const found = new Map(data.map((row) => [row.id, row]));
    return ids.map((id, place) => {
      const row = found.get(id);
      if (row) this.loaded.add(place);
      return row ? { ...this.empty, ...row, n: place + 1 } : { id, n: place + 1 };
    });
  }

  // Tabulator's own row at a position. Otherwise it finds rows by iterating over all of them.
  at(place) {
    return this.table.rowManager.activeRows[place];
  }

  data(place) {
    return this.at(place)?.getData();
  }

  has(first, last) {
    for (let place = first; place <= last; place += 1) {
      if (!this.loaded.has(place)) return false;
    }
    return true;
  }

  // Fetch what is missing between two positions; resolves when it is present.
  async ensure(first, last) {
    const lacking = [];
    const promises = new Set();
    for (let place = Math.max(0, first); place <= Math.min(last, this.ids.length - 1); place += 1) {
      if (this.waiting.has(place)) promises.add(this.waiting.get(place));
      else if (!this.loaded.has(place)) lacking.push(place);
    }
    for (let n = 0; n < lacking.length; n += this.told.window) {
      promises.add(this.fetch(lacking.slice(n, n + this.told.window)));
    }
    await Promise.all(promises);
  }

  fetch(places) {
    const round = this.round;
    const wanted = places.map((place) => this.ids[place]).join(".");
    const promise = this.fetched(`ids=${wanted}`).then((answer) => {
      if (round !== this.round) return;
      for (const place of places) this.waiting.delete(place);
      if (!answer) return;
      this.take(answer.data);
      // Rows missing from the response are deleted; they stay empty and are not requested again.
      for (const place of places) this.loaded.add(place);
    });
    for (const place of places) this.waiting.set(place, promise);
    return promise;
  }

  // Put rows from the server into the sheet.
  take(rows) {
    for (const { n: _n, ...row } of rows) {
      const place = this.places.get(row.id);
      const there = place === undefined ? null : this.at(place);
      if (!there || there.cells.some((cell) => cell.element?.matches(".tabulator-editing"))) continue;
      const whole = { ...this.empty, ...row };
      const differing = Object.keys(whole).filter((key) => there.data[key] !== whole[key]);
      this.loaded.add(place);
      if (!differing.length) continue;
      // If only texts of a row have changed, its cells are kept: somebody may be about to click
      // one.
      const texts = differing.every((key) => key in this.empty || key === "name");
      if (texts && "open" in there.data && there.element?.isConnected) {
        there.updateData(whole);
      } else {
        Object.assign(there.data, whole);
        if (there.created) there.reinitialize(true);
      }
    }
  }

  // Set single cells: to their former value, or to somebody else's.
  put(values) {
    for (const [id, column, value] of values) {
      const there = this.at(this.places.get(id));
      const { key } = this.told.columns.find((one) => one.id === column);
      if (!there) continue;
      there.data[key] = value;
      if (there.created) there.reinitialize(true);
    }
  }

  // Set the number of comments on a row.
  say(id, count) {
    const there = this.at(this.places.get(id));
    if (!there) return;
    there.data.said = count;
    if (there.created) there.reinitialize(true);
  }

  // Fetch the visible part, and drop what is far from it.
  async look(first, last) {
    await this.ensure(first - AROUND, last + AROUND);
    if (this.loaded.size <= KEPT) return;
    const near = (place) => place >= first - KEPT / 2 && place <= last + KEPT / 2;
    for (const place of [...this.loaded]) if (!near(place)) this.forget(place);
  }

  forget(place) {
    const there = this.at(place);
    if (!there || there.element?.isConnected) return;
    there.data = { id: this.ids[place], n: place + 1 };
    there.deleteCells();
    Object.assign(there, { element: false, created: false, initialized: false });
    Object.assign(there, { heightInitialized: false });
    this.loaded.delete(place);
  }

  // Fetch others' changes since the last time.
  async news() {
    const round = this.round;
    const answer = await this.fetched(`since=${encodeURIComponent(this.stamp)}`);
    if (!answer || round !== this.round) return false;
    this.stamp = answer.stamp;
    const known = answer.data.filter(({ id }) => this.loaded.has(this.places.get(id)));
    this.take(known);
    return answer.more || answer.data.some(({ id }) => !this.places.has(id));
  }
}
