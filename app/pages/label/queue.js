// The takes to label: the least sure first, or the newest.

import { find, make, refill } from "../shared/dom.js";
import { takes } from "../shared/takes.js";

const DONE = ["done", "approved"];

export class LabelQueue {
  constructor(element, open) {
    this.element = element;
    this.open = open;
    this.order = find(element, ".order");
    this.order.addEventListener("change", () => this.show(this.current));
  }

  get list() {
    const all = takes.kept.filter((take) => !take.damaged);
    if (this.order.value === "newest") return all;
    const urgency = (take) =>
      DONE.includes(take.review) ? 2 : take.confidence === null ? 0 : take.confidence;
    return [...all].sort(
      (one, other) => urgency(one) - urgency(other) || (one.id < other.id ? 1 : -1),
    );
  }

  first() {
    return this.list[0]?.id;
  }

  move(count) {
    const ids = this.list.map((take) => take.id);
    const next = ids[ids.indexOf(this.current) + count];
    if (next) this.open(next);
  }

  /** The next take that is not done. */
  next() {
    return this.list.find((take) => take.id !== this.current && !DONE.includes(take.review))?.id;
  }

  show(current) {
    this.current = current;
    const list = this.list;
    const empty = make("li", { class: "empty" }, "Nothing to label yet.");
    refill(find(this.element, "ol"), JSON.stringify([current, list]), () =>
      list.length ? list.map((take) => this.entry(take)) : [empty],
    );
    find(this.element, '[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  entry(take) {
    const state = DONE.includes(take.review)
      ? "done ✓"
      : take.confidence === null
        ? "no masks"
        : `${Math.round(100 * take.confidence)} %`;
    const urgent = take.confidence !== null && take.confidence < 0.7 && !DONE.includes(take.review);
    return make(
      "li",
      {},
      make(
        "button",
        {
          class: "quiet",
          "aria-current": String(take.id === this.current),
          onclick: () => this.open(take.id),
        },
        make("b", {}, String(take.number)),
        make("span", {}, take.instruction || "no instruction"),
        make("em", { class: urgent ? "urgent" : "" }, state),
      ),
    );
  }
}
