// Through a take: frame by frame, at its own pace, to its ends.

import { button, controls, find, setDisabled, setText } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";

/** @import { TakeDetail } from "../shared/messages" */
/** @import { Action } from "../shared/keys.js" */
/**
 * @typedef {object} TransportActions
 * @property {() => TakeDetail | undefined} detail of the open take
 * @property {() => void} moved
 * @property {() => void} leastSure
 */

export class Transport {
  /** @param {HTMLElement} element @param {TransportActions} actions */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.tick = 0;
    this.timer = 0;
  }

  bind() {
    // Holding an arrow key goes on; Shift takes ten frames at once.
    /** @param {number} sign @returns {Action} */
    const by = (sign) => (event) => this.step(sign * (event?.shiftKey ? 10 : 1));
    /** @param {string} key @param {Action} run @param {boolean} repeats */
    const bound = (key, run, repeats = false) =>
      bindButton("label", button(this.element, `[data-key="${key}"]`), run, repeats);
    bound("ArrowLeft", by(-1), true);
    bound("k", () => this.play());
    bound("ArrowRight", by(1), true);
    bound("n", () => this.actions.leastSure());
    bind("label", ",", by(-1), undefined, true); // as the arrows, which a picture has for its cross
    bind("label", ".", by(1), undefined, true);
    bind("label", "Home", () => this.seek(0));
    bind("label", "End", () => this.seek((this.actions.detail()?.ticks ?? 1) - 1));
  }

  /** @param {number} tick */
  seek(tick) {
    const detail = this.actions.detail();
    if (!detail) return;
    this.tick = Math.min(detail.ticks - 1, Math.max(0, tick));
    this.actions.moved();
  }

  /** @param {number} count */
  step(count) {
    this.play(false);
    this.seek(this.tick + count);
  }

  play(on = !this.timer) {
    clearInterval(this.timer);
    this.timer = 0;
    const detail = this.actions.detail();
    if (on && detail) {
      if (this.tick >= detail.ticks - 1) this.seek(0);
      this.timer = window.setInterval(() => this.next(detail), 1000 / detail.rate_hz);
    }
    setText(find(this.element, ".play").firstChild, this.timer ? "❚❚" : "▶");
  }

  /** @param {TakeDetail} detail */
  next(detail) {
    if (this.tick < detail.ticks - 1) this.seek(this.tick + 1);
    else this.play(false);
  }

  show() {
    const detail = this.actions.detail();
    for (const each of controls(this.element, "button")) setDisabled(each, !detail);
    if (detail) setText(find(this.element, ".where"), `${this.tick + 1} of ${detail.ticks}`);
  }
}
