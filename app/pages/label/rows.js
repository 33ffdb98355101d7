// Lists whose lines are typed in place, and their lines.

import { make, refill } from "../shared/dom.js";
import { css } from "../shared/palette.js";

/** @import { ObjectLabel } from "../shared/messages" */
/** @typedef {{choose: () => void, aim: () => void, remove: () => void}} ObjectActions */

const LONGEST = 300;

/** A list to which a button adds a line. */
export class TypedList {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} plus
   * @param {(text: string) => Promise<unknown>} add
   * @param {() => void} changed
   */
  constructor(list, plus, add, changed) {
    this.list = list;
    this.add = add;
    this.changed = changed;
    plus.addEventListener("click", () => this.addLine(plus.dataset.line ?? ""));
  }

  /** Nothing is taken away from under somebody who types.
   * @param {string} signature @param {() => Node[]} build */
  show(signature, build) {
    const active = document.activeElement;
    if (active?.matches("input") && this.list.contains(active)) return;
    refill(this.list, signature, build);
  }

  /** A new line to type in; Enter or leaving it adds what was typed. @param {string} label */
  addLine(label) {
    /** @type {HTMLInputElement} */
    const input = make("input", {
      maxlength: LONGEST,
      "aria-label": label,
      onblur: () => this.typed(input.value.trim()),
      onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && input.blur(),
    });
    this.list.append(make("li", {}, input));
    input.focus();
  }

  /** @param {string} text */
  async typed(text) {
    if (text) await this.add(text);
    delete this.list.dataset.signature;
    this.changed();
  }
}

/** @param {string} text @param {number} index @param {(text: string) => void} replace */
export function wordingRow(text, index, replace) {
  /** @type {HTMLInputElement} */
  const input = make("input", {
    value: text,
    maxlength: LONGEST,
    "aria-label": `Wording ${index + 1}`,
    onchange: () => replace(input.value),
  });
  const remove = { "aria-label": `Remove wording ${index + 1}`, onclick: () => replace("") };
  return make("li", {}, input, make("button", { class: "quiet icon", ...remove }, "×"));
}

/** @param {ObjectLabel} label @param {number} index @param {boolean} chosen @param {ObjectActions} actions */
export function objectRow({ name, target }, index, chosen, { choose, aim, remove }) {
  const swatch = make("i", { style: `background:${css(index)}` });
  const pick = { class: "quiet name", "aria-pressed": String(chosen), onclick: choose };
  const title = "The instruction is about this object";
  return make(
    "li",
    { class: chosen ? "chosen" : "" },
    make("button", pick, swatch, name),
    make(
      "button",
      { class: "quiet", "aria-pressed": String(target), title, onclick: aim },
      "target",
    ),
    make("button", { class: "quiet icon", "aria-label": `Remove ${name}`, onclick: remove }, "×"),
  );
}
