// What the pointer does on the pictures, and how large they are.

import { button, controls, find, setDisabled } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";

/** @import { Action } from "../shared/keys.js" */
/** @typedef {"click" | "box"} Tool */
/** @typedef {{magnify: (factor: number) => void, whole: () => void}} Magnified */

/** @type {Tool[]} */
const TOOLS = ["click", "box"];
const STEP = 1.5; // of a key that magnifies

export class Tools {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Tool} */
    this.tool = "click";
  }

  /** @param {{stage: Magnified | undefined}} views */
  bind(views) {
    /** @param {string} name @param {Action} run @param {boolean} repeats */
    const bound = (name, run, repeats = false) =>
      bindButton("label", button(this.element, `.${name}`), run, repeats);
    for (const tool of TOOLS) bound(tool, () => this.take(this.tool === tool ? "click" : tool));
    bound("smaller", () => views.stage?.magnify(1 / STEP), true);
    bound("whole", () => views.stage?.whole());
    bound("larger", () => views.stage?.magnify(STEP), true);
  }

  /** @param {Tool} tool */
  take(tool) {
    this.tool = tool;
    for (const each of TOOLS) {
      button(this.element, `.${each}`).setAttribute("aria-pressed", String(each === tool));
    }
  }

  /** @param {boolean} usable whether there is something to work on */
  show(usable) {
    for (const each of controls(find(this.element, ".hand"), "button")) setDisabled(each, !usable);
  }
}
