// Lists whose lines are typed in place, and their lines.

import { make, refill } from "../shared/dom.js";
import { css } from "../shared/palette.js";

/** @import { ObjectLabel } from "../shared/messages" */
/** ``replace`` resolves with null where it was refused.
 * @typedef {{replace: (text: string) => Promise<unknown>, changed: () => void}} WordingActions */
/** @typedef {Record<"choose" | "aim" | "edit" | "call" | "remove", () => void>} ObjectActions */

/** Whether a key is an input method's own. @param {KeyboardEvent} event */
export const composes = (event) => event.isComposing || event.keyCode === 229;

/** Enter saves what a field holds, except the one that ends a conversion of an input method;
 * Escape leaves it as it was.
 * @param {HTMLInputElement | HTMLTextAreaElement} field */
export function leavesWithEnter(field) {
  field.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || composes(event)) return;
    const left = event.key === "Escape" && field instanceof HTMLInputElement;
    if (left) field.value = field.defaultValue;
    if (event.key !== "Enter" && !left) return;
    event.preventDefault();
    field.blur();
  });
}

/** A list to which a button adds a line. */
export class TypedList {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} plus
   * @param {(text: string) => Promise<unknown>} add resolves with null where it was refused
   * @param {() => void} changed
   */
  constructor(list, plus, add, changed) {
    this.list = list;
    this.add = add;
    this.changed = changed;
    plus.addEventListener("click", () => this.addLine(plus.dataset.line ?? ""));
    list.addEventListener("input", () => changed());
  }

  get fields() {
    return [...this.list.querySelectorAll("input")];
  }

  /** Whether a line holds something else than what is saved. */
  get unsaved() {
    return this.fields.some((field) => field.value.trim() !== field.defaultValue);
  }

  /** Nothing is taken away from under somebody who types, nor what could not be saved.
   * @param {string} signature @param {() => Node[]} build */
  show(signature, build) {
    const active = document.activeElement;
    if (active?.matches("input") && this.list.contains(active)) return;
    if (!this.unsaved) refill(this.list, signature, build);
  }

  /** A new line to type in; Enter or leaving it adds what was typed, Escape does not.
   * @param {string} label */
  addLine(label) {
    /** @type {HTMLInputElement} */
    const input = make("input", { "aria-label": label, onblur: () => this.typed(input) });
    leavesWithEnter(input);
    this.list.append(make("li", {}, input));
    input.focus();
  }

  /** What was refused stays, to be put right. @param {HTMLInputElement} input */
  async typed(input) {
    const text = input.value.trim();
    if (text && (await this.add(text)) === null) return;
    input.closest("li")?.remove();
    delete this.list.dataset.signature;
    this.changed();
  }
}

/** @param {string} text @param {number} index @param {WordingActions} actions */
export function wordingRow(text, index, { replace, changed }) {
  /** @type {HTMLInputElement} */
  const input = make("input", {
    value: text,
    "aria-label": `Wording ${index + 1}`,
    onchange: async () => {
      if ((await replace(input.value)) !== null) input.defaultValue = input.value.trim();
      changed();
    },
  });
  leavesWithEnter(input);
  const remove = { "aria-label": `Remove wording ${index + 1}`, onclick: () => replace("") };
  return make("li", {}, input, make("button", { class: "quiet icon", ...remove }, "×"));
}

/** @param {ObjectLabel} label @param {number} index @param {boolean} chosen @param {ObjectActions} actions */
export function objectRow(label, index, chosen, { choose, aim, edit, call, remove }) {
  const { name, target, synonyms } = label;
  const swatch = make("i", { style: `background:${css(index)}` });
  const pick = {
    class: "quiet name",
    title: [name, ...synonyms].join(", "),
    "aria-pressed": String(chosen),
    onclick: choose,
  };
  const rename = { "aria-label": `Rename ${name}`, title: "Rename it (R)", onclick: edit };
  const also = { "aria-label": `Synonyms of ${name}`, title: "What else it is called (C)" };
  const title = "The instruction is about this object";
  return make(
    "li",
    { class: chosen ? "chosen" : "" },
    make("button", pick, swatch, make("span", {}, name)),
    make(
      "button",
      { class: "quiet", "aria-pressed": String(target), title, onclick: aim },
      "target",
    ),
    make("button", { class: "quiet icon", ...rename }, "✎"),
    make("button", { class: "quiet icon call", ...also, onclick: call }, "≈"),
    make("button", { class: "quiet icon", "aria-label": `Remove ${name}`, onclick: remove }, "×"),
    others(synonyms),
  );
}

/** @param {string[]} synonyms */
const others = (synonyms) => (synonyms.length ? make("small", {}, synonyms.join(", ")) : null);

/** An object of which something is being written.
 * @param {string} value @param {string} what @param {number} index
 * @param {(input: HTMLInputElement) => void} left */
export function writtenRow(value, what, index, left) {
  const swatch = make("i", { style: `background:${css(index)}` });
  /** @type {HTMLInputElement} */
  const input = make("input", {
    value,
    "aria-label": what,
    title: what,
    maxlength: 500,
    onblur: () => left(input),
  });
  leavesWithEnter(input);
  return make("li", {}, swatch, input);
}
