// A click of those that lie over a picture: the one under the pointer, and on its way where it is
// dragged.

/** @import { Prompt } from "../shared/messages" */
/** @typedef {[x: number, y: number]} Point picture pixels */

const REACH = 8; // CSS pixels from its middle

export class HeldClick {
  constructor() {
    /** Where the pointer is. @type {Point | null} */
    this.at = null;
    /** @type {Prompt | null} */
    this.under = null;
    /** @type {Prompt | null} */
    this.held = null;
    /** Where it is dragged to. @type {Point | null} */
    this.to = null;
  }

  /** What is under the pointer, of the clicks that there are now.
   * @param {Prompt[]} prompts @param {number} scale CSS pixels a picture pixel */
  look(prompts, scale) {
    this.under = this.at && clickAt(prompts, this.at, scale);
    if (!prompts.some((prompt) => same(prompt, this.held))) this.drop();
  }

  /** Take hold of what is under the pointer. @param {boolean} may */
  press(may) {
    this.held = may ? this.under : null;
  }

  /** @param {Point} to */
  drag(to) {
    if (this.held) this.to = to;
  }

  /** What was dragged, and where to; null where nothing was. */
  drop() {
    const { held, to } = this;
    this.held = this.to = null;
    return held && to ? { click: held, to } : null;
  }

  /** A prompt as it is to be drawn. @template {Prompt} P @param {P} prompt @returns {P} */
  placed(prompt) {
    return this.to && same(prompt, this.held) ? { ...prompt, values: this.to } : prompt;
  }
}

/** The nearest click within reach, of those the one that was made last.
 * @param {Prompt[]} prompts @param {Point} at @param {number} scale @returns {Prompt | null} */
export function clickAt(prompts, [x, y], scale) {
  const clicks = prompts.filter(({ kind }) => kind === "point").reverse();
  /** @param {Prompt} prompt */
  const far = ({ values: [u, v] }) => scale * Math.hypot(u - x, v - y);
  const near = clicks.filter((prompt) => far(prompt) <= REACH);
  return near.sort((one, other) => far(one) - far(other))[0] ?? null;
}

/** @param {Prompt} one @param {Prompt | null} other */
function same(one, other) {
  const alike = one.frame === other?.frame && one.object === other.object;
  return alike && one.values.join() === other.values.join();
}
