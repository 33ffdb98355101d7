// The takes so far, the newest first.

import { find, make, refill, setText } from "../shared/dom.js";
import { ending, verdict } from "../shared/ending.js";
import { station } from "../shared/station.js";
import { openTab } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";

/** @import { TakeRow } from "../shared/messages" */

const SHOWN = 20;

export class TakeStrip {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
  }

  show() {
    const running = station.state?.take?.id;
    const newest = takes.kept.filter((take) => take.id !== running).slice(0, SHOWN);
    setText(find(this.element, ".total"), takes.summary);
    refill(find(this.element, ".takes"), JSON.stringify(newest), () =>
      newest.length ? newest.map(chip) : [empty()],
    );
  }
}

function empty() {
  const how = "Press R to record the first one; P to practise before.";
  return make("li", { class: "empty" }, make("b", {}, "No takes yet"), how);
}

/** @param {TakeRow} take */
function chip(take) {
  const open = () => openTab("label", { take: take.id });
  const poster = { src: `/api/takes/${take.id}/poster.jpg`, alt: "", loading: "lazy" };
  return make(
    "li",
    { dataset: { take: take.id } },
    make(
      "button",
      { class: "take", title: "Label this take", onclick: open },
      make("img", poster),
      make("b", { title: ending(take) }, `${take.number} ${verdict(take)}`),
      make("em", {}, take.damaged ? "damaged" : `${take.duration_s.toFixed(1)} s`),
      make("span", {}, take.instruction || "no instruction"),
    ),
  );
}
