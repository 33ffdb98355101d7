// The takes to label: the least sure first, or the newest.

import { find, make, refill, select } from "../shared/dom.js";
import { takes } from "../shared/takes.js";

/** @import { TakeRow } from "../shared/messages" */

const DONE = ["done", "approved"];
const UNSURE = 0.7;
const ORDER = "teachloop-label-order"; // in this window

export class LabelQueue {
  /** @param {HTMLElement} element @param {(take: string) => void} open */
  constructor(element, open) {
    this.element = element;
    this.open = open;
    /** @type {string | undefined} */
    this.current = undefined;
    this.order = select(element, ".order");
    this.order.value = sessionStorage.getItem(ORDER) ?? this.order.value;
    this.order.addEventListener("change", () => {
      sessionStorage.setItem(ORDER, this.order.value);
      this.show(this.current);
    });
  }

  get list() {
    const all = takes.kept;
    if (this.order.value === "newest") return all;
    return [...all].sort(
      (one, other) => urgency(one) - urgency(other) || (one.id < other.id ? 1 : -1),
    );
  }

  get whole() {
    return this.list.filter((take) => !take.damaged);
  }

  first() {
    return this.whole[0]?.id;
  }

  /** @param {number} count */
  move(count) {
    const ids = this.whole.map((take) => take.id);
    const next = ids[ids.indexOf(this.current ?? "") + count];
    if (next) this.open(next);
  }

  /** The next take that is not done. */
  next() {
    return this.whole.find((take) => take.id !== this.current && !DONE.includes(take.review))?.id;
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
    const [state, urgent] = standing(take);
    const current = String(take.id === this.current);
    return make(
      "li",
      { dataset: { take: take.id } },
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

/** @param {TakeRow} take @returns {[words: string, urgent: boolean]} */
function standing({ damaged, review, confidence }) {
  if (damaged) return ["damaged", true];
  if (DONE.includes(review)) return ["done ✓", false];
  if (confidence === null) return ["no masks", false];
  return [`${Math.round(100 * confidence)} %`, confidence < UNSURE];
}

/** @param {TakeRow} take */
const urgency = (take) => (DONE.includes(take.review) ? 2 : (take.confidence ?? 0));
