// What a round brush paints, or an eraser takes away, between a press of the pointer and its release.

import { css } from "../shared/palette.js";
import { saysNot } from "./gestures.js";

/** @import { Gesture } from "./gestures.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Point } from "./viewport.js" */

const MOST_POINTS = 1000; // of one stroke, as the labeler takes them
const SPACING = 0.1; // of the width, between two points of the path
const LEAST = 0.5; // pixels of the picture between them
const DIGITS = 2; // of a pixel
const ERASED = "#000";
const OPACITY = 0.5;

/** @implements {Gesture} */
export class Stroke {
  /** @param {Stage} stage @param {Point} from @param {boolean} positive */
  constructor(stage, from, positive) {
    const { width, tool } = stage.actions.tools;
    this.stage = stage;
    this.frame = stage.scene?.frame ?? -1;
    this.width = width;
    this.positive = positive === (tool === "brush");
    /** @type {Point[]} */
    this.path = [rounded(from)];
    this.style = this.positive ? css(stage.scene?.chosenIndex ?? 0) : ERASED;
  }

  /** @param {Stage} stage @param {PointerEvent} event */
  static begun(stage, event) {
    return new Stroke(stage, stage.point(event), !saysNot(event, event.button));
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) this.reach(this.stage.point(each));
  }

  /** @param {Point} at */
  reach(at) {
    const [x, y] = this.path[this.path.length - 1];
    const far = Math.hypot(at[0] - x, at[1] - y);
    if (far < Math.max(LEAST, SPACING * this.width)) return;
    this.path.push(rounded(at));
    if (this.path.length >= MOST_POINTS)
      this.path = this.path.filter((_, place) => place % 2 === 0);
  }

  end() {
    const { camera, actions } = this.stage;
    const { frame, path, width, positive } = this;
    this.stage.hand.keep(this, actions.stroke({ camera, frame }, { path, width, positive }));
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale */
  draw(context, scale) {
    context.save();
    context.globalAlpha = OPACITY;
    context.lineWidth = this.width * scale;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = this.style;
    trace(context, scale, this.path);
    context.stroke();
    context.restore();
  }
}

/** A dot is a line to where it began. @param {CanvasRenderingContext2D} context
 * @param {number} scale @param {Point[]} path */
export function trace(context, scale, path) {
  context.beginPath();
  for (const [x, y] of [...path, ...path.slice(-1)]) context.lineTo(x * scale, y * scale);
}

/** @param {Point} at @returns {Point} */
const rounded = ([x, y]) => [Number(x.toFixed(DIGITS)), Number(y.toFixed(DIGITS))];
