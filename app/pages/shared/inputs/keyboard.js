// Held keys as a twist, as seen from in front of the robot: W is away from the viewer.

import { held, onHeld } from "../held.js";
import { STILL } from "./shaping.js";

/** @import { Listener, TeleopInput, Twist } from "./input" */

const SLOW = 0.3;
/** At full scale, also of inputs that do not say theirs. */
export const SPEEDS = /** @type {[linear: number, angular: number]} */ ([0.2, 1.0]);

/** Base frame: x points from the robot to who looks at it, y to the right in that view. Letters
 * count by their place on the keyboard, whatever its layout prints there.
 * @type {Record<string, [axis: number, sign: number, place: string]>} */
export const MOVES = {
  w: [0, -1, "KeyW"],
  s: [0, 1, "KeyS"],
  a: [1, -1, "KeyA"],
  d: [1, 1, "KeyD"],
  q: [2, 1, "KeyQ"],
  e: [2, -1, "KeyE"],
  ArrowLeft: [5, 1, "ArrowLeft"],
  ArrowRight: [5, -1, "ArrowRight"],
  ArrowUp: [4, -1, "ArrowUp"],
  ArrowDown: [4, 1, "ArrowDown"],
};

/** @implements {TeleopInput} */
export class Keyboard {
  /** @param {Listener} listener */
  constructor(listener) {
    this.speeds = SPEEDS;
    this.problem = "";
    this.listener = listener;
    this.hear = () => listener.changed();
  }

  open() {
    onHeld(this.hear);
  }

  close() {
    onHeld(this.hear, false);
  }

  get buttons() {
    return { G: held.has("g"), Shift: held.has("Shift") };
  }

  /** @returns {Twist} */
  twist() {
    /** @type {Twist} */
    const twist = [...STILL];
    const share = held.has("Shift") ? SLOW : 1;
    for (const [key, [axis, sign]] of Object.entries(MOVES)) {
      if (held.has(key)) twist[axis] += sign * share;
    }
    return twist;
  }
}
