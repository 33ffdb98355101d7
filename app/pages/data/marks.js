// Takes that somebody marked, to do something with them together.

import { make } from "../shared/dom.js";
import { bind } from "../shared/keys.js";

/** @import { TakeRow } from "../shared/messages" */

export class TakeMarks {
  /** @param {{list: TakeRow[], chosen: string | null, show: () => void}} page */
  constructor(page) {
    this.page = page;
    /** @type {Set<string>} */
    this.ids = new Set();
    bind(
      "data",
      "m",
      () => this.toggle(page.chosen ?? ""),
      () => page.chosen !== null,
    );
    bind("data", "a", () => this.toggleAll());
    this.last = ""; // toggled by hand
  }

  /** Those of the list that are marked. */
  get marked() {
    return this.page.list.filter(({ id }) => this.ids.has(id));
  }

  /** All that are listed, or none of them. */
  toggleAll() {
    const { list } = this.page;
    const all = list.every(({ id }) => this.ids.has(id));
    for (const { id } of list) {
      if (all) this.ids.delete(id);
      else this.ids.add(id);
    }
    this.page.show();
  }

  clear() {
    this.ids.clear();
    this.page.show();
  }

  /** From the one that was toggled last to this one, all as this one is now. @param {string} id */
  toggleTo(id) {
    const ids = this.page.list.map((take) => take.id);
    const [from, to] = [ids.indexOf(this.last), ids.indexOf(id)].sort((a, b) => a - b);
    const marks = !this.ids.has(id);
    for (const each of from < 0 ? [id] : ids.slice(from, to + 1)) {
      if (marks) this.ids.add(each);
      else this.ids.delete(each);
    }
    this.page.show();
  }

  /** @param {string} id */
  toggle(id) {
    this.last = id;
    if (!this.ids.delete(id)) this.ids.add(id);
    this.page.show();
  }

  /** What can be exported of the listed takes that are marked; where none is, of those of the list
   * that are meant then. @param {(take: TakeRow) => boolean} otherwise */
  chosen(otherwise = () => true) {
    /** @param {TakeRow} take */
    const sound = ({ deleted, damaged }) => !deleted && !damaged;
    const marked = this.marked.filter(sound);
    return marked.length ? marked : this.page.list.filter(sound).filter(otherwise);
  }

  /** @param {TakeRow} take */
  box({ id, number }) {
    const checked = this.ids.has(id);
    const label = `Mark take ${number}`;
    let range = false;
    /** @param {MouseEvent} event */
    const onclick = (event) => {
      event.stopPropagation(); // it chooses no take
      range = event.shiftKey;
    };
    const onchange = () => (range ? this.toggleTo(id) : this.toggle(id));
    return make("input", { type: "checkbox", checked, "aria-label": label, onclick, onchange });
  }
}
