// A polygon whose corners are clicked one by one; it is drawn over the mask once it is closed.

import { css } from "../shared/palette.js";
import { saysNot } from "./gestures.js";
import { trace } from "./stroke.js";

/** @import { ByHand } from "./by_hand.js" */
/** @import { Gesture } from "./gestures.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Point } from "./viewport.js" */

const LEAST = 3; // corners
const MOST = 1000;
const REACH = 8; // CSS pixels from a corner
const CORNER = 6;
const OPACITY = 0.35;

export class Polygon {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.frame = stage.scene?.frame ?? -1;
    this.style = css(stage.scene?.chosenIndex ?? 0);
    /** @type {Point[]} */
    this.corners = [];
  }

  /** One more corner; at the first one, or twice at the last, it is closed.
   * @param {Point} at @param {boolean} positive */
  add(at, positive) {
    const ends = [this.corners[0], this.corners.at(-1)];
    if (ends.some((end) => end && this.near(end, at))) this.close(positive);
    else if (this.corners.length < MOST) this.corners.push(at);
  }

  /** @param {Point} one @param {Point} other */
  near([x, y], [u, v]) {
    return this.stage.viewport.fit.scale * Math.hypot(u - x, v - y) <= REACH;
  }

  /** What is inside is part of the object, or is not. @param {boolean} positive */
  close(positive) {
    const { stage, frame, corners } = this;
    if (corners.length < LEAST) return;
    const { camera, actions, hand } = stage;
    hand.keep(this, actions.polygon({ camera, frame }, { corners, positive }));
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale
   * @param {Point | null} [next] where a corner may come */
  draw(context, scale, next = null) {
    context.save();
    trace(context, scale, next ? [...this.corners, next] : this.corners);
    context.globalAlpha = OPACITY;
    context.fillStyle = this.style;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = "#fff";
    context.stroke();
    for (const [x, y] of this.corners) {
      context.fillStyle = this.style;
      context.fillRect(x * scale - CORNER / 2, y * scale - CORNER / 2, CORNER, CORNER);
      context.lineWidth = 1;
      context.strokeRect(x * scale - CORNER / 2, y * scale - CORNER / 2, CORNER, CORNER);
    }
    context.restore();
  }
}

/** A click that sets a corner where it began. @implements {Gesture} */
export class Cornering {
  /** @param {ByHand} hand @param {PointerEvent} event */
  constructor(hand, event) {
    this.hand = hand;
    this.at = hand.stage.point(event);
    this.positive = !saysNot(event, event.button);
  }

  drag() {}

  end() {
    this.hand.corner(this.at, this.positive);
  }
}
