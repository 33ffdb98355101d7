// What is drawn by hand on one picture: strokes, and the polygon that is not closed yet. It stays in
// sight until its mask has come.

import { Cornering, Polygon } from "./polygon.js";
import { drawWidth } from "./prompts.js";
import { Stroke } from "./stroke.js";

/** @import { Gesture } from "./gestures.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Point } from "./viewport.js" */
/** @typedef {Stroke | Polygon} Drawn */

export class ByHand {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    /** Of which nobody has answered yet. @type {Set<Drawn>} */
    this.kept = new Set();
    /** @type {Polygon | null} */
    this.polygon = null;
  }

  get tool() {
    return this.stage.actions.tools.tool;
  }

  get brushing() {
    return this.tool === "brush" || this.tool === "eraser";
  }

  /** The polygon that is being drawn in the frame that is shown. */
  get draft() {
    return this.polygon?.frame === this.stage.scene?.frame ? this.polygon : null;
  }

  /** @param {PointerEvent} event @returns {Gesture | null} null: the tool is another one */
  begun(event) {
    if (this.brushing) return Stroke.begun(this.stage, event);
    return this.tool === "polygon" ? new Cornering(this, event) : null;
  }

  /** What a key does at a pixel. @param {Point} at @param {boolean} positive */
  press(at, positive) {
    if (this.brushing) new Stroke(this.stage, at, positive).end();
    else this.corner(at, positive);
  }

  /** @param {Point} at @param {boolean} positive */
  corner(at, positive) {
    this.polygon = this.draft ?? new Polygon(this.stage);
    this.polygon.add(at, positive);
    this.stage.draw();
  }

  back() {
    this.draft?.corners.pop();
    if (!this.draft?.corners.length) this.polygon = null;
    this.stage.draw();
  }

  drop() {
    this.polygon = null;
    this.stage.draw();
  }

  forget() {
    this.polygon = null;
    this.kept.clear();
  }

  /** @param {Drawn} drawn @param {Promise<unknown>} answered */
  async keep(drawn, answered) {
    if (drawn === this.polygon) this.polygon = null;
    this.kept.add(drawn);
    await answered;
    this.kept.delete(drawn);
    this.stage.draw();
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale @param {Point | null} at where
   * the pointer is, or the cross */
  draw(context, scale, at) {
    const { draft, stage } = this;
    for (const drawn of this.kept) {
      if (drawn.frame === stage.scene?.frame) drawn.draw(context, scale);
    }
    draft?.draw(context, scale, this.tool === "polygon" ? at : null);
    if (at && this.brushing) drawWidth(context, scale, at, stage.actions.tools.width);
  }
}
