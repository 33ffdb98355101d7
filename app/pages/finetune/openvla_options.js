// What can be chosen where the base is an OpenVLA. The small policy needs none of it.

import { find, input, select, setChoices, setDisabled, toggleHidden } from "../shared/dom.js";
import { station } from "../shared/station.js";

const GROUNDING_WEIGHT = 0.1; // beside the loss of the actions
const ALL = "*"; // no name of a camera

export class OpenVLAOptions {
  /** @param {HTMLDetailsElement} element */
  constructor(element) {
    this.element = element;
    this.form = find(element, "form", HTMLFormElement);
    this.chunk = select(element, "[name=chunk]");
    this.cameras = select(element, "[name=cameras]");
    this.grounding = input(element, "[name=grounding]");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", () => this.showCameras());
  }

  /** @param {boolean} visible */
  show(visible) {
    toggleHidden(this.element, !visible);
    if (visible) this.showCameras();
  }

  /** Whether all of it can be used; if not, the browser says what is wrong, where it is. */
  check() {
    if (!this.form.checkValidity()) this.element.open = true;
    return this.form.reportValidity();
  }

  /** One action's tokens are read off one camera. */
  showCameras() {
    const names = station.cameras.map(({ name }) => name);
    const choices = names.map((name) => ({ value: name, text: name }));
    if (names.length > 1) choices.push({ value: ALL, text: names.join(", ") });
    setChoices(this.cameras, choices);
    const one = this.chunk.value === "1";
    for (const choice of this.cameras.options) choice.disabled = one && choice.value === ALL;
    if (one && this.cameras.value === ALL) this.cameras.value = names[0];
    setDisabled(this.cameras, names.length < 2);
  }

  /** @param {string} name */
  number(name) {
    const field = this.form.elements.namedItem(name);
    const has = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    return has ? Number(field.value) : 0;
  }

  get config() {
    const all = station.cameras.map(({ name }) => name);
    return {
      chunk: this.number("chunk"),
      cameras: this.cameras.value === ALL ? all : [this.cameras.value],
      grounding: this.grounding.checked ? GROUNDING_WEIGHT : 0,
      bits: this.number("bits"),
      lora_rank: this.number("lora_rank"),
      batch: this.number("batch"),
      micro_batch: this.number("micro_batch"),
    };
  }
}
