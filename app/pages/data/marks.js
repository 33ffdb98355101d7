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
  }

  /** @param {string} id */
  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.page.show();
  }

  /** What can be exported of the listed takes that are marked; where none is, of those of the list
   * that are meant then. @param {(take: TakeRow) => boolean} otherwise */
  chosen(otherwise = () => true) {
    const list = this.page.list.filter(({ deleted, damaged }) => !deleted && !damaged);
    const marked = list.filter(({ id }) => this.ids.has(id));
    return marked.length ? marked : list.filter(otherwise);
  }

  /** @param {TakeRow} take */
  box({ id, number }) {
    const checked = this.ids.has(id);
    const label = `Mark take ${number}`;
    /** @param {Event} event */
    const onclick = (event) => event.stopPropagation(); // it chooses no take
    const onchange = () => this.toggle(id);
    return make("input", { type: "checkbox", checked, "aria-label": label, onclick, onchange });
  }
}
