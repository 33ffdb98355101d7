// The last ten seconds of the gripper and of the speed, drawn as lines.

import { canvas, colour, crisp, find, setText, toggleHidden } from "./dom.js";

/** @import { Embodiment, Robot } from "./messages" */
/** @typedef {[time: number, width: number, speed: number]} Sample width: a share of the opening */

const SPAN_MS = 10_000;
const FULL_SPEED_M_S = 0.3;
const OLD_MS = 500;

export class Traces {
  /** @param {HTMLElement} element */
  constructor(element) {
    /** @type {Sample[]} */
    this.samples = [];
    this.gripper = canvas(element, "canvas.gripper");
    this.speed = canvas(element, "canvas.speed");
    this.gripperRow = find(element, ".of-gripper");
    this.gripperNow = find(element, ".gripper-now");
    this.speedNow = find(element, ".speed-now");
  }

  /** @param {Robot | null} robot @param {Embodiment} embodiment */
  add(robot, { gripper }) {
    toggleHidden(this.gripperRow, !gripper);
    if (!robot || robot.age_ms > OLD_MS) return this.forget();
    const now = performance.now();
    const width_m = Math.max(0, robot.gripper_width_m ?? 0);
    this.samples.push([now, gripper ? width_m / gripper.opening_m : 0, robot.speed_m_s]);
    while (this.samples[0][0] < now - SPAN_MS) this.samples.shift();
    setText(this.gripperNow, `${(1000 * width_m).toFixed(0)} mm`);
    setText(this.speedNow, `${(100 * robot.speed_m_s).toFixed(0)} cm/s`);
  }

  /** What was measured before is not what is. */
  forget() {
    setText(this.gripperNow, "–");
    setText(this.speedNow, "–");
  }

  draw() {
    this.line(this.gripper, (sample) => sample[1]);
    this.line(this.speed, (sample) => sample[2] / FULL_SPEED_M_S);
  }

  /** @param {HTMLCanvasElement} sheet @param {(sample: Sample) => number} share of the full height */
  line(sheet, share) {
    if (!sheet.clientWidth) return;
    const context = crisp(sheet);
    const width = sheet.clientWidth;
    const height = sheet.clientHeight - 3;
    const now = performance.now();
    context.strokeStyle = colour("line");
    context.strokeRect(0, height + 1.5, width, 0);
    context.strokeStyle = colour("accent");
    context.lineWidth = 1.5;
    context.beginPath();
    for (const sample of this.samples) {
      const x = width * (1 - (now - sample[0]) / SPAN_MS);
      context.lineTo(x, 1 + height * (1 - Math.min(1, share(sample))));
    }
    context.stroke();
  }
}
