// The take from left to right: how sure the masks are, the gripper, locks, clicks; a cursor.

import { colour, crisp } from "../shared/dom.js";
import { bind } from "../shared/keys.js";

const ROWS = [
  ["front", "Front"],
  ["wrist", "Wrist"],
];
const NAMES = 52; // CSS pixels for the rows' names
const UNSURE = 0.6;

export class Timeline {
  constructor(canvas, seek) {
    this.canvas = canvas;
    this.seek = seek;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.point(event);
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && this.point(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
    window.addEventListener("appearance", () => this.draw());
  }

  point(event) {
    if (!this.detail) return;
    const left = event.clientX - this.canvas.getBoundingClientRect().left - NAMES;
    const share = left / (this.canvas.clientWidth - NAMES - 8);
    this.seek(Math.round(Math.min(1, Math.max(0, share)) * (this.detail.ticks - 1)));
  }

  show(detail, summary, tick) {
    Object.assign(this, { detail, summary, tick });
    this.canvas.setAttribute("aria-valuemax", String(Math.max(0, (detail?.ticks ?? 1) - 1)));
    this.canvas.setAttribute("aria-valuenow", String(tick));
    this.draw();
  }

  draw() {
    if (!this.canvas.clientWidth) return;
    const context = crisp(this.canvas);
    if (!this.detail) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.x = (tick) => NAMES + (tick / Math.max(1, this.detail.ticks - 1)) * (width - NAMES - 8);
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    const row = (height - 4) / 3;
    ROWS.forEach(([camera, name], index) =>
      this.drawMasks(context, camera, name, index * row, row - 4),
    );
    this.drawGripper(context, 2 * row, row - 2);
    this.drawCursor(context, height);
  }

  name(context, text, top, size) {
    context.fillStyle = colour("soft");
    context.fillText(text, 0, top + size / 2);
  }

  drawMasks(context, camera, name, top, size) {
    this.name(context, name, top, size);
    const frames = this.detail.frame_index[camera];
    if (!frames) return;
    context.fillStyle = colour("sunk");
    context.fillRect(NAMES, top, this.x(this.detail.ticks - 1) - NAMES, size);
    const half = (this.x(1) - this.x(0)) / 2;
    const entries = frames.map((frame) => this.summary[camera]?.[frame]);
    entries.forEach((entry, tick) => {
      const left = Math.max(NAMES, Math.round(this.x(tick) - half)),
        right = Math.round(this.x(tick) + half);
      if (entry) this.drawBar(context, entry, left, Math.max(1, right - left), top, size);
    });
    // A picture that several ticks show is marked once.
    entries.forEach(
      (entry, tick) =>
        entry &&
        frames[tick] !== frames[tick - 1] &&
        this.drawMarks(context, entry, this.x(tick), top, size),
    );
  }

  drawBar(context, { confidence }, left, width, top, size) {
    if (confidence === null) return;
    const bar = Math.max(2, size * confidence);
    context.fillStyle = colour(confidence < UNSURE ? "amber-bright" : "accent");
    context.globalAlpha = 0.75;
    context.fillRect(left, top + size - bar, width, bar);
    context.globalAlpha = 1;
  }

  drawMarks(context, { prompted, locked }, x, top, size) {
    if (prompted) this.drawMark(context, x, top + size / 2, false);
    if (locked) this.drawMark(context, x, top + 6, true);
  }

  drawMark(context, x, y, diamond) {
    context.beginPath();
    if (diamond)
      for (const [dx, dy] of [
        [0, -5],
        [4, 0],
        [0, 5],
        [-4, 0],
      ])
        context.lineTo(x + dx, y + dy);
    else context.arc(x, y, 3.5, 0, 2 * Math.PI);
    context.closePath();
    context.fillStyle = colour("panel");
    context.fill();
    context.strokeStyle = colour("text");
    context.lineWidth = 1.5;
    context.stroke();
  }

  drawGripper(context, top, size) {
    this.name(context, "Gripper", top, size);
    context.beginPath();
    this.detail.gripper_width_m.forEach((width, tick) =>
      context.lineTo(this.x(tick), top + size - 2 - (size - 4) * Math.min(1, width / 0.08)),
    );
    context.strokeStyle = colour("soft");
    context.lineWidth = 1.5;
    context.stroke();
  }

  drawCursor(context, height) {
    const x = Math.round(this.x(this.tick)) + 0.5;
    context.strokeStyle = colour("text");
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
}

/** Home and End jump; the arrows are the page's own. */
export function bindEnds(scope, seek, last) {
  bind(scope, "Home", "First frame", () => seek(0));
  bind(scope, "End", "Last frame", () => seek(last()));
}
