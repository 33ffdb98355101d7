// The wheel of a mouse magnifies; on a trackpad two fingers move the picture, and a pinch magnifies.

/** @import { Point } from "./viewport.js" */
/** @typedef {{magnify: (factor: number, at: Point) => void,
 * pan: (right: number, down: number) => void}} WheelActions */

const PAUSE_MS = 200; // less is the same turn
const FINE = 40; // CSS pixels that a notch of a mouse's wheel exceeds
const LINE = 16; // CSS pixels
const TURN = 0.002; // of the logarithm, a CSS pixel
const PINCH = 0.01;

export class Wheel {
  /** @param {HTMLElement} element @param {WheelActions} actions */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.heardAt = -Infinity;
    this.fine = false; // whether the turn is one of a trackpad
    element.addEventListener("wheel", (event) => this.turned(event), { passive: false });
  }

  /** @param {WheelEvent} event */
  turned(event) {
    event.preventDefault();
    const { deltaX, deltaY, ctrlKey, deltaMode, timeStamp } = event;
    if (timeStamp - this.heardAt > PAUSE_MS) {
      this.fine = deltaMode === 0 && (deltaX !== 0 || Math.abs(deltaY) < FINE);
    }
    this.heardAt = timeStamp;
    if (this.fine && !ctrlKey) return this.actions.pan(-deltaX, -deltaY);
    const { left, top } = this.element.getBoundingClientRect();
    const by = (deltaMode === 0 ? 1 : LINE) * deltaY * (this.fine ? PINCH : TURN);
    this.actions.magnify(Math.exp(-by), [event.clientX - left, event.clientY - top]);
  }
}
