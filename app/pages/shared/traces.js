// The last ten seconds of the gripper and of the speed, drawn as lines.

import { colour, crisp, find, setText } from "./dom.js";

const SPAN_MS = 10_000;
const FULL_WIDTH_M = 0.08,
  FULL_SPEED_M_S = 0.3;

export class Traces {
  constructor(element) {
    this.samples = []; // [time, gripper width, speed]
    this.gripper = find(element, "canvas.gripper");
    this.speed = find(element, "canvas.speed");
    this.gripperNow = find(element, ".gripper-now");
    this.speedNow = find(element, ".speed-now");
  }

  add(robot) {
    if (!robot) return;
    const now = performance.now();
    this.samples.push([now, robot.gripper_width_m, robot.speed_m_s]);
    while (this.samples[0][0] < now - SPAN_MS) this.samples.shift();
    setText(this.gripperNow, `${Math.max(0, 1000 * robot.gripper_width_m).toFixed(0)} mm`);
    setText(this.speedNow, `${(100 * robot.speed_m_s).toFixed(0)} cm/s`);
  }

  draw() {
    this.line(this.gripper, 1, FULL_WIDTH_M);
    this.line(this.speed, 2, FULL_SPEED_M_S);
  }

  line(canvas, column, full) {
    if (!canvas.clientWidth) return;
    const context = crisp(canvas);
    const width = canvas.clientWidth,
      height = canvas.clientHeight - 3,
      now = performance.now();
    const x = (sample) => width * (1 - (now - sample[0]) / SPAN_MS);
    const y = (sample) => 1 + height * (1 - Math.min(1, sample[column] / full));
    context.strokeStyle = colour("line");
    context.strokeRect(0, height + 1.5, width, 0);
    context.strokeStyle = colour("accent");
    context.lineWidth = 1.5;
    context.beginPath();
    for (const sample of this.samples) context.lineTo(x(sample), y(sample));
    context.stroke();
  }
}
