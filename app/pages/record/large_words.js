// What is to be done, over the picture: read from two metres away.

import { find, make, setText } from "../shared/dom.js";
import { station } from "../shared/station.js";

/** @import { Task } from "../shared/messages" */

export class LargeWords {
  /** @param {HTMLElement} element the page */
  constructor(element) {
    this.instruction = make("p", { class: "large instruction" });
    this.between = make("p", { class: "large between-takes" });
    find(element, ".overlays").append(this.instruction, this.between);
  }

  /** @param {string} instruction @param {Task | undefined} task */
  update(instruction, task) {
    const { phase, state } = station;
    const reviewed = phase === "review" || state?.fault;
    setText(this.instruction, reviewed ? "" : instruction);
    setText(this.between, phase === "countdown" ? (task?.between ?? "") : "");
  }
}
