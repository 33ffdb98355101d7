// What a pointer does on a picture between its press and its release, but for clicks and boxes.

/** @import { Stage } from "./stage.js" */
/** @import { Point } from "./viewport.js" */
/**
 * @typedef {object} Gesture
 * @property {(event: PointerEvent) => void} drag
 * @property {(event: PointerEvent) => void} end
 * @property {(context: CanvasRenderingContext2D, scale: number) => void} [draw]
 */

export const LEFT = 0;
export const MIDDLE = 1;
export const RIGHT = 2;
const APPLE = /Mac/.test(navigator.platform); // where Control and the left button are a right click

/** Whether it is about what is not part of the object. @param {PointerEvent | MouseEvent} event
 * @param {number} button that was pressed */
export const saysNot = (event, button) =>
  button === RIGHT || event.altKey || (APPLE && event.ctrlKey);

/** The picture moves with the pointer. @implements {Gesture} */
export class Pan {
  /** @param {Stage} stage @param {PointerEvent} event */
  constructor(stage, event) {
    this.stage = stage;
    /** @type {Point} */
    this.at = [event.clientX, event.clientY];
  }

  /** @param {PointerEvent} event */
  drag({ clientX, clientY }) {
    const [x, y] = this.at;
    this.at = [clientX, clientY];
    this.stage.viewport.pan(clientX - x, clientY - y);
  }

  end() {}
}
