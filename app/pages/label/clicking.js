// A click, a click that is dragged elsewhere, or a box.

import { LEFT, RIGHT, saysNot } from "./gestures.js";
import { drawBox } from "./prompts.js";

/** @import { Gesture } from "./gestures.js" */
/** @import { Box, Stage } from "./stage.js" */
/** @import { Point } from "./viewport.js" */

const DRAG = 5; // CSS pixels: less is a click

/** @implements {Gesture} */
export class Clicking {
  /** @param {Stage} stage @param {PointerEvent} event */
  constructor(stage, event) {
    this.stage = stage;
    this.place = stage.place; // as it is seen now, whatever is shown when it ends
    this.from = stage.point(event);
    /** @type {Point} */
    this.client = [event.clientX, event.clientY];
    this.button = event.button;
    /** @type {Box | null} */
    this.rubber = null;
    stage.held.press(this.button === LEFT && !event.shiftKey && !this.toolIsBox);
  }

  get toolIsBox() {
    return this.stage.actions.tools.tool === "box";
  }

  /** @param {PointerEvent} event */
  moved({ clientX, clientY }) {
    const [x, y] = this.client;
    return Math.hypot(clientX - x, clientY - y) > DRAG;
  }

  /** @param {PointerEvent} event */
  boxing(event) {
    const asked = this.toolIsBox || event.shiftKey;
    return this.moved(event) && asked && this.button !== RIGHT;
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const at = this.stage.point(event);
    if (this.boxing(event)) this.rubber = [...this.from, ...at];
    else if (this.moved(event)) this.stage.held.drag(at);
  }

  /** @param {PointerEvent} event */
  end(event) {
    const { stage, place, from } = this;
    const { actions, held } = stage;
    const dragged = held.drop();
    if (dragged) held.settle(dragged, actions.move(dragged.click, dragged.to));
    else if (this.boxing(event)) actions.box(place, boxOf(from, stage.point(event)));
    else actions.click(place, ...from, !saysNot(event, this.button));
  }

  /** @param {CanvasRenderingContext2D} context @param {number} scale */
  draw(context, scale) {
    if (this.rubber) drawBox(context, scale, this.rubber, "#fff");
  }
}

/** @param {Point} one @param {Point} other @returns {Box} */
export function boxOf([x0, y0], [x1, y1]) {
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}
