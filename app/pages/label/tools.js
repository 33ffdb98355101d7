// What the pointer does on the pictures, and how large they are.

import { button, controls, find, setDisabled, setText } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";

/** @import { Action } from "../shared/keys.js" */
/** @typedef {"click" | "box" | "brush" | "eraser" | "polygon"} Tool */
/** @typedef {{magnify: (factor: number) => void, whole: () => void}} Magnified */

/** @type {Tool[]} */
const TOOLS = ["click", "box", "brush", "eraser", "polygon"];
const STEP = 1.5; // of a key that magnifies
const KEY = "teachloop-brush";
const USUAL = 12; // pixels of the picture
const WIDEST = 300;
const WIDER = 1.25;

export class Tools {
  /** @param {HTMLElement} element @param {() => void} changed */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    /** @type {Tool} */
    this.tool = "click";
    /** Of brush and eraser, in pixels of the picture. */
    this.width = Number(localStorage.getItem(KEY)) || USUAL;
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
    bind(
      "label",
      "[",
      () => this.widen(1 / WIDER),
      () => this.brushing,
      true,
    );
    bind(
      "label",
      "]",
      () => this.widen(WIDER),
      () => this.brushing,
      true,
    );
  }

  get brushing() {
    return this.tool === "brush" || this.tool === "eraser";
  }

  /** @param {Tool} tool */
  take(tool) {
    this.tool = tool;
    for (const each of TOOLS) {
      button(this.element, `.${each}`).setAttribute("aria-pressed", String(each === tool));
    }
    this.changed();
  }

  /** By a pixel at least. @param {number} factor */
  widen(factor) {
    const wider = Math.round(this.width * factor);
    const step = factor > 1 ? Math.max(wider, this.width + 1) : Math.min(wider, this.width - 1);
    this.width = Math.min(WIDEST, Math.max(1, step));
    localStorage.setItem(KEY, String(this.width));
    this.changed();
  }

  /** @param {boolean} usable whether there is something to work on */
  show(usable) {
    for (const each of controls(find(this.element, ".hand"), "button")) setDisabled(each, !usable);
    const shown = find(this.element, ".width");
    setText(shown, this.brushing ? `${this.width} px` : "");
  }
}
