// The cross that the keys move over a picture, in the place of a pointer.

import { boxOf } from "./clicking.js";

/** @import { Box, Stage } from "./stage.js" */
/** @import { Point } from "./viewport.js" */

export class Cross {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** Where it was moved to. @type {Point | null} */
    this.moved = null;
    /** Where a box began. @type {Point | null} */
    this.corner = null;
  }

  /** In the middle, until it was moved. @returns {Point} */
  get at() {
    const { width, height } = this.stage.picture;
    return this.moved ?? [width / 2, height / 2];
  }

  /** Of the box that is being drawn. @returns {Box | null} */
  get box() {
    return this.corner && boxOf(this.corner, this.at);
  }

  /** @param {number} right @param {number} down picture pixels */
  move(right, down) {
    const [x, y] = this.at;
    const { width, height } = this.stage.picture;
    this.moved = [
      Math.min(width - 0.5, Math.max(0.5, x + right)),
      Math.min(height - 0.5, Math.max(0.5, y + down)),
    ];
    this.stage.reveal(this.moved);
  }

  /** What the tool in hand does there. @param {boolean} positive */
  press(positive) {
    const { stage, at } = this;
    const { tool } = stage.actions.tools;
    if (!stage.scene) return;
    if (tool === "box") this.mark();
    else if (tool === "click") stage.actions.click(stage.place, ...at, positive);
    else stage.hand.press(at, positive);
    stage.draw();
  }

  /** The first corner of a box, or the second. */
  mark() {
    const { box, stage } = this;
    if (!box) this.corner = this.at;
    else this.corner = null;
    if (box && box[0] < box[2] && box[1] < box[3]) stage.actions.box(stage.place, box);
  }
}
