// In which order takes are listed: by a column, that of its head that was pressed.

import { find } from "../shared/dom.js";

/** @import { TakeRow } from "../shared/messages" */
/** @typedef {(take: TakeRow) => string | number} Key */

const ENDINGS = new Map([
  [true, 2],
  [null, 1],
  [false, 0],
]);

/** @type {Record<string, Key>} */
const KEYS = {
  number: (take) => take.number,
  instruction: (take) => (take.instruction || take.damaged).toLowerCase(),
  created: (take) => take.created,
  length: (take) => take.duration_s,
  success: (take) => ENDINGS.get(take.success) ?? 1,
  labels: (take) => take.labelled,
  operator: (take) => take.operator.toLowerCase(),
};

export class TakeOrder {
  /** @param {HTMLElement} page @param {() => void} show */
  constructor(page, show) {
    this.heads = [...page.querySelectorAll("th[data-column]")];
    this.column = "number";
    this.falls = true; // the newest first
    for (const head of this.heads) {
      find(head, "button").addEventListener("click", () => {
        this.press(String(/** @type {HTMLElement} */ (head).dataset.column));
        show();
      });
    }
    this.show();
  }

  /** Words rise first, numbers fall first; a second time it is the other way.
   * @param {string} column */
  press(column) {
    const words = column === "instruction" || column === "operator";
    this.falls = this.column === column ? !this.falls : !words;
    this.column = column;
    this.show();
  }

  show() {
    for (const head of this.heads) {
      const own = /** @type {HTMLElement} */ (head).dataset.column === this.column;
      if (own) head.setAttribute("aria-sort", this.falls ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  /** What is alike stays as it was: the newest first. @param {TakeRow[]} list */
  sorted(list) {
    const key = KEYS[this.column];
    const sign = this.falls ? -1 : 1;
    /** @param {string | number} a @param {string | number} b */
    const compared = (a, b) => (typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b));
    return [...list].sort((one, other) => sign * compared(key(one), key(other)));
  }
}
