// What is to be done, over the picture: read from two metres away.

import { find, make, setText, toggleHidden } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { station } from "../shared/station.js";

/** @import { State, Task } from "../shared/messages" */

export class LargeWords {
  /** @param {HTMLElement} element the page */
  constructor(element) {
    this.instruction = make("p", { class: "large instruction" });
    this.between = make("p", { class: "large between-takes" });
    const attributes = { class: "begin-now", dataset: { key: "b" }, hidden: true };
    this.now = make("button", attributes, "Begin now ");
    bindButton("record", this.now, () => station.command("begin_now"));
    find(element, ".overlays").append(this.instruction, this.between, this.now);
  }

  /** @param {string} instruction @param {Task | undefined} task */
  update(instruction, task) {
    const { phase, state } = station;
    const reviewed = phase === "review" || state?.fault;
    setText(this.instruction, reviewed ? "" : instruction);
    setText(this.between, phase === "countdown" && state ? words(state, task) : "");
    toggleHidden(this.now, !station.driving || phase !== "countdown" || Boolean(state?.waits_for));
  }
}

/** Before a take begins. @param {State} state @param {Task | undefined} task */
function words({ waits_for }, task) {
  if (waits_for === "home") return "The arm goes home. Stand clear.";
  if (waits_for === "scene") return "Another scene is laid out.";
  return task?.between ?? "";
}
