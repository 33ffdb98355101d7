// What can be chosen where the base is an OpenVLA. The small policy needs none of it.

import { find, input, select, toggleHidden } from "../shared/dom.js";

const GROUNDING_WEIGHT = 0.1; // beside the loss of the actions

export class OpenVLAOptions {
  /** @param {HTMLDetailsElement} element @param {() => void} changed */
  constructor(element, changed) {
    this.element = element;
    this.form = find(element, "form", HTMLFormElement);
    this.chunk = select(element, "[name=chunk]");
    this.grounding = input(element, "[name=grounding]");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", changed);
  }

  /** @param {boolean} visible */
  show(visible) {
    toggleHidden(this.element, !visible);
  }

  /** Whether all of it can be used; if not, the browser says what is wrong, where it is. */
  check() {
    if (!this.form.checkValidity()) this.element.open = true;
    return this.form.reportValidity();
  }

  /** One action's tokens are read off one camera. */
  get oneCamera() {
    return this.chunk.value === "1";
  }

  /** @param {string} name */
  number(name) {
    const field = this.form.elements.namedItem(name);
    const has = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    return has ? Number(field.value) : 0;
  }

  get config() {
    return {
      chunk: this.number("chunk"),
      grounding: this.grounding.checked ? GROUNDING_WEIGHT : 0,
      bits: this.number("bits"),
      lora_rank: this.number("lora_rank"),
      batch: this.number("batch"),
      micro_batch: this.number("micro_batch"),
    };
  }
}
