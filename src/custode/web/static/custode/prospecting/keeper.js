// Sends edits, puts the server's responses into the sheet, reports conflicts, and can undo.
import { offline } from "../toasts.js";

const MOST_BACK = 100;

export class Keeper {
  constructor(rows, told, part, reload) {
    Object.assign(this, { rows, told, words: told.words, part, reload, done: [] });
    this.turn = Promise.resolve();
  }

  edit(cell, now, was) {
    const column = this.told.columns.find(({ key }) => key === cell.getField());
    return [cell.getData().id, column.id, was, now];
  }

  // One request at a time: a second edit of a cell must see what the first one saved.
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
    for (const box of document.querySelectorAll(".sheet-notice.is-passing")) box.remove();
    this.rows.take(told.saved);
    const clashing = new Set(told.conflicts.map(({ row, column }) => `${row}/${column}`));
    const saved = edits.filter(([row, column]) => !clashing.has(`${row}/${column}`));
    if (remember && saved.length) {
      this.done.push(saved);
      this.done.splice(0, this.done.length - MOST_BACK);
    }
    for (const clash of told.conflicts) await this.clash(clash);
    if (told.missing.length) {
      this.say(this.words.missing);
      await this.reload();
    }
    // New rows are at the end: show them there.
    if (told.added.length) await this.reload({ last: true });
  }

  async failed(edits, why) {
    this.rows.put(edits.map(([row, column, was]) => [row, column, was]));
    this.state("");
    this.say(why);
    return why;
  }

  async clash({ row, column, now, mine, by }) {
    this.rows.put([[row, column, now]]);
    const { name } = this.told.columns.find(({ id }) => id === column);
    const sentence = (now ? this.words.clash : this.words.clashEmpty)
      .replace("%(who)s", by || this.words.somebody)
      .replace("%(now)s", now)
      .replace("%(column)s", name)
      .replace("%(row)s", this.rows.data(this.rows.places.get(row))?.name ?? "")
      .replace("%(mine)s", mine);
    this.say(sentence, () => {
      this.rows.put([[row, column, mine]]);
      this.write([[row, column, now, mine]]);
    });
  }

  say(sentence, replace) {
    const box = document.createElement("div");
    // Messages without a question disappear when the next act succeeds.
    box.className = `sheet-notice${replace ? "" : " is-passing"}`;
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

  // Empty the cells of these columns, between two positions; they must have been fetched.
  clear(first, last, keys) {
    const edits = [];
    for (let place = first; place <= last; place += 1) {
      const data = this.rows.data(place);
      for (const { id, key } of this.told.columns) {
        if (keys.has(key) && data[key]) edits.push([data.id, id, data[key], ""]);
      }
    }
    this.rows.put(edits.map(([row, column]) => [row, column, ""]));
    this.write(edits);
  }

  // Undo the last act, unless somebody has edited there since.
  back() {
    const last = this.done.pop();
    if (!last) return;
    const reversed = last.map(([row, column, was, now]) => [row, column, now, was]);
    this.write(reversed, [], { remember: false });
  }
}
