// The lines of the panel's lists: wordings and objects.

import { make } from "../shared/dom.js";
import { css } from "../shared/palette.js";

/** @import { ObjectLabel } from "../shared/messages" */
/** @typedef {{choose: () => void, aim: () => void, remove: () => void}} ObjectActions */

const LONGEST = 300;

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

/** A line to type in at the end of a list; ``done`` gets what was typed.
 * @param {HTMLElement} list
 * @param {"paraphrases" | "objects"} kind
 * @param {(text: string) => void} done */
export function added(list, kind, done) {
  /** @type {HTMLInputElement} */
  const input = make("input", {
    maxlength: LONGEST,
    "aria-label": kind === "objects" ? "Name of the object" : "Another wording",
    onblur: () => done(input.value.trim()),
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && input.blur(),
  });
  list.append(make("li", {}, input));
  input.focus();
}
