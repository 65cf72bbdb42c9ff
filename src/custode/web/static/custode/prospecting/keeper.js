// Sends what was written, puts what the server answers into the sheet, tells of clashes, and knows
// the way back.
import { offline } from "../toasts.js";

const MOST_BACK = 100;

export class Keeper {
  constructor(table, told, part) {
    Object.assign(this, { table, told, words: told.words, part, done: [] });
    this.turn = Promise.resolve();
  }

  edit(cell, now, was) {
    const column = this.told.columns.find(({ key }) => key === cell.getField());
    return [cell.getData().id, column.id, was, now];
  }

  // One after the other: a second edit of a cell must see what the first one saved.
  write(edits, rows = [], { remember = true } = {}) {
    if (!edits.length && !rows.length) return Promise.resolve("");
    this.turn = this.turn.then(() => this.send(edits, rows, remember));
    return this.turn;
  }

  async send(edits, rows, remember) {
    this.state(this.words.saving);
    const token = document.querySelector('meta[name="csrf-token"]').content;
    let answer;
    try {
      answer = await fetch(this.told.write, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ edits, rows }),
      });
    } catch {
      offline();
      return this.failed(edits, this.words.failed);
    }
    if (answer.redirected) return location.reload();
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = json ? await answer.json() : {};
    if (!answer.ok) return this.failed(edits, told.why ?? this.words.failed);
    await this.take(edits, told, remember);
    this.state(this.words.saved);
    return "";
  }

  async take(edits, told, remember) {
    if (told.saved.length) await this.table.updateData(told.saved.map((row) => this.whole(row)));
    const clashing = new Set(told.conflicts.map(({ row, column }) => `${row}/${column}`));
    const saved = edits.filter(([row, column]) => !clashing.has(`${row}/${column}`));
    if (remember && saved.length) {
      this.done.push(saved);
      this.done.splice(0, this.done.length - MOST_BACK);
    }
    for (const clash of told.conflicts) await this.clash(clash);
    if (told.missing.length) {
      this.say(this.words.missing);
      await this.table.setPage(this.table.getPage());
    }
    // New rows stand at the end: there the person sees them.
    if (told.added.length) {
      await this.table.setPage(this.table.getPageMax() || 1);
      if (this.table.getPage() < this.table.getPageMax()) {
        await this.table.setPage(this.table.getPageMax());
      }
    }
  }

  // A row of the answer has no key for an empty cell; the sheet's row may still have a text there.
  whole({ n: _place, ...row }) {
    const empty = Object.fromEntries(this.told.columns.map(({ key }) => [key, ""]));
    return { ...empty, ...row };
  }

  async failed(edits, why) {
    await this.put(edits.map(([row, column, was]) => [row, column, was]));
    this.state("");
    this.say(why);
    return why;
  }

  put(values) {
    const rows = new Map();
    for (const [row, column, value] of values) {
      const { key } = this.told.columns.find(({ id }) => id === column);
      rows.set(row, { id: row, ...rows.get(row), [key]: value });
    }
    const there = [...rows.values()].filter(({ id }) => this.table.getRow(id));
    return there.length ? this.table.updateData(there) : Promise.resolve();
  }

  async clash({ row, column, now, mine, by }) {
    await this.put([[row, column, now]]);
    const { name } = this.told.columns.find(({ id }) => id === column);
    const sentence = (now ? this.words.clash : this.words.clashEmpty)
      .replace("%(who)s", by || this.words.somebody)
      .replace("%(now)s", now)
      .replace("%(column)s", name)
      .replace("%(row)s", this.table.getRow(row)?.getData().name ?? "")
      .replace("%(mine)s", mine);
    this.say(sentence, () => this.put([[row, column, mine]])
      .then(() => this.write([[row, column, now, mine]])));
  }

  say(sentence, replace) {
    const box = document.createElement("div");
    box.className = "sheet-notice";
    const text = document.createElement("p");
    text.textContent = sentence;
    box.append(text);
    if (replace) box.append(this.button(this.words.replace, box, replace));
    box.append(this.button(this.words.leave, box, () => {}));
    this.part("notices").append(box);
  }

  button(name, box, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = name;
    button.addEventListener("click", () => {
      box.remove();
      act();
    });
    return button;
  }

  state(text) {
    this.part("state").textContent = text;
  }

  clear(range) {
    const cells = (range?.getCells() ?? []).flat();
    const filled = cells.filter((cell) => cell.getField()?.startsWith("c") && cell.getValue());
    this.write(filled.map((cell) => this.edit(cell, "", cell.getValue())));
  }

  // Take back the last act, unless somebody has written there since.
  back() {
    const last = this.done.pop();
    if (!last) return;
    const reversed = last.map(([row, column, was, now]) => [row, column, now, was]);
    this.write(reversed, [], { remember: false });
  }
}
