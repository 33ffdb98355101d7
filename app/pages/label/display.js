// How masks look in this browser: how strong, whether filled, and whether with that of an earlier frame.

import { button, input, setDisabled } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";

const KEY = "teachloop-masks";
const STEP = 0.1;
const USUAL = { opacity: 0.4, filled: true, onion: false };

/** @returns {typeof USUAL} */
function remembered() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return USUAL;
  }
}

export class Display {
  /** @param {HTMLElement} element @param {() => void} changed */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    this.said = remembered();
    this.slider = input(element, "input");
    this.slider.addEventListener("input", () => this.say({ opacity: Number(this.slider.value) }));
  }

  bind() {
    const { element } = this;
    bindButton("label", button(element, ".outlines"), () =>
      this.say({ filled: !this.said.filled }),
    );
    bindButton("label", button(element, ".onion"), () => this.say({ onion: !this.said.onion }));
    bind("label", "<", () => this.stronger(-STEP), undefined, true);
    bind("label", ">", () => this.stronger(STEP), undefined, true);
    this.show();
  }

  /** How strong what is inside is shown, 0 to 1. */
  get fill() {
    return this.said.filled ? this.said.opacity : 0;
  }

  /** Whether the outline of the mask that was made before is shown as well. */
  get onion() {
    return this.said.onion;
  }

  /** @param {number} by */
  stronger(by) {
    this.say({ opacity: Math.min(1, Math.max(0, Number((this.said.opacity + by).toFixed(2)))) });
  }

  /** @param {Partial<typeof USUAL>} said */
  say(said) {
    this.said = { ...this.said, ...said };
    localStorage.setItem(KEY, JSON.stringify(this.said));
    this.show();
    this.changed();
  }

  show() {
    const { filled, onion, opacity } = this.said;
    button(this.element, ".outlines").setAttribute("aria-pressed", String(!filled));
    button(this.element, ".onion").setAttribute("aria-pressed", String(onion));
    this.slider.value = String(opacity);
    setDisabled(this.slider, !filled);
  }
}
