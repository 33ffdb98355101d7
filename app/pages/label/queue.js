// The takes to label: the least sure first, or the newest.

import { find, make, refill, select } from "../shared/dom.js";
import { takes } from "../shared/takes.js";

/** @import { TakeRow } from "../shared/messages" */

const DONE = ["done", "approved"];
const UNSURE = 0.7;

export class LabelQueue {
  /** @param {HTMLElement} element @param {(take: string) => void} open */
  constructor(element, open) {
    this.element = element;
    this.open = open;
    /** @type {string | undefined} */
    this.current = undefined;
    this.order = select(element, ".order");
    this.order.addEventListener("change", () => this.show(this.current));
  }

  get list() {
    const all = takes.kept.filter((take) => !take.damaged);
    if (this.order.value === "newest") return all;
    return [...all].sort(
      (one, other) => urgency(one) - urgency(other) || (one.id < other.id ? 1 : -1),
    );
  }

  first() {
    return this.list[0]?.id;
  }

  /** @param {number} count */
  move(count) {
    const ids = this.list.map((take) => take.id);
    const next = ids[ids.indexOf(this.current ?? "") + count];
    if (next) this.open(next);
  }

  /** The next take that is not done. */
  next() {
    return this.list.find((take) => take.id !== this.current && !DONE.includes(take.review))?.id;
  }

  /** @param {string | undefined} current */
  show(current) {
    this.current = current;
    const { list } = this;
    const empty = make("li", { class: "empty" }, "Nothing to label yet.");
    refill(find(this.element, "ol"), JSON.stringify([current, list]), () =>
      list.length ? list.map((take) => this.entry(take)) : [empty],
    );
    this.element.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  /** @param {TakeRow} take */
  entry(take) {
    const done = DONE.includes(take.review);
    const sure = take.confidence;
    const state = done ? "done ✓" : sure === null ? "no masks" : `${Math.round(100 * sure)} %`;
    const urgent = sure !== null && sure < UNSURE && !done;
    const current = String(take.id === this.current);
    return make(
      "li",
      {},
      make(
        "button",
        { class: "quiet", "aria-current": current, onclick: () => this.open(take.id) },
        make("b", {}, String(take.number)),
        make("span", {}, take.instruction || "no instruction"),
        make("em", { class: urgent ? "urgent" : "" }, state),
      ),
    );
  }
}

/** @param {TakeRow} take */
const urgency = (take) => (DONE.includes(take.review) ? 2 : (take.confidence ?? 0));
