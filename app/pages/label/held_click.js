// A click of those that lie over a picture: the one under the pointer, and on its way where it is
// dragged.

/** @import { Prompt } from "../shared/messages" */
/** @import { Point } from "./viewport.js" */
/** @typedef {{click: Prompt, to: Point}} Dropped */

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
    /** Those of which nobody has answered yet. @type {Dropped[]} */
    this.dropped = [];
  }

  /** What is under the pointer, of the clicks that there are now.
   * @param {Prompt[]} prompts @param {number} scale CSS pixels a picture pixel */
  look(prompts, scale) {
    this.under = this.at && clickAt(prompts, this.at, scale);
    if (!prompts.some((prompt) => same(prompt, this.held))) this.drop();
  }

  /** It stays where it was dropped until what came of it is known.
   * @param {Dropped} dropped @param {Promise<unknown>} answered */
  async settle(dropped, answered) {
    this.dropped.push(dropped);
    await answered;
    this.dropped = this.dropped.filter((each) => each !== dropped);
  }

  /** Take hold of what is under the pointer. @param {boolean} may */
  press(may) {
    this.held = may ? this.under : null;
  }

  /** @param {Point} to */
  drag(to) {
    if (this.held) this.to = to;
  }

  /** What was dragged, and where to; null where nothing was. @returns {Dropped | null} */
  drop() {
    const { held, to } = this;
    this.held = this.to = null;
    return held && to ? { click: held, to } : null;
  }

  /** A prompt where it was dropped last. @template {Prompt} P @param {P} prompt @returns {P} */
  placed(prompt) {
    let now = prompt;
    for (const { click, to } of this.dropped) {
      if (same(now, click)) now = { ...now, values: to };
    }
    return now;
  }

  /** A prompt as it is to be drawn. @template {Prompt} P @param {P} prompt @returns {P} */
  drawn(prompt) {
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
export function same(one, other) {
  const alike = one.frame === other?.frame && one.object === other.object;
  return alike && one.values.join() === other.values.join();
}
