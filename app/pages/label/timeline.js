// The take from left to right: how sure the masks of each object are in each camera, locks, clicks,
// the gripper; a cursor.

import { colour, crisp } from "../shared/dom.js";
import { drawBar, drawSwatch, inks, lane } from "./bars.js";

/** @import { TakeDetail } from "../shared/messages" */
/** @import { FrameSummary, Summary } from "./summary.js" */
/** @typedef {{top: number, size: number}} Row CSS pixels */

const NAMES = { least: 52, share: 0.2, gap: 12 }; // for the rows' names: CSS pixels, of the width
const RIGHT = 8;
const GRIPPER = "gripper";
const DIAMOND = [
  [0, -5],
  [4, 0],
  [0, 5],
  [-4, 0],
];

export class Timeline {
  /** @param {HTMLCanvasElement} canvas @param {(tick: number) => void} seek */
  constructor(canvas, seek) {
    this.canvas = canvas;
    this.seek = seek;
    /** @type {TakeDetail | null} */
    this.detail = null;
    /** @type {Summary} */
    this.summary = {};
    /** @type {string[]} */
    this.objects = []; // their names
    this.tick = 0;
    this.names = NAMES.least; // CSS pixels
    this.width = 0; // of the canvas as it was drawn, CSS pixels: asking it each time takes long
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.point(event);
    });
    canvas.addEventListener("pointermove", (event) => event.buttons === 1 && this.point(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
    window.addEventListener("appearance", () => this.draw());
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (!this.detail) return;
    const left = event.clientX - this.canvas.getBoundingClientRect().left - this.names;
    const share = left / (this.width - this.names - RIGHT);
    this.seek(Math.round(Math.min(1, Math.max(0, share)) * (this.detail.ticks - 1)));
  }

  /** @param {TakeDetail} detail @param {Summary} summary @param {string[]} objects their names
   * @param {number} tick */
  show(detail, summary, objects, tick) {
    Object.assign(this, { detail, summary, objects, tick });
    this.canvas.setAttribute("aria-valuemax", String(Math.max(0, detail.ticks - 1)));
    this.canvas.setAttribute("aria-valuenow", String(tick));
    this.draw();
  }

  /** Where a tick's bar begins, in CSS pixels. @param {number} tick */
  edge(tick) {
    const half = (this.x(1) - this.x(0)) / 2;
    return Math.min(this.width, Math.max(this.names, this.x(tick) - half));
  }

  /** The tick of whose bar a place is a part, and how much of it lies before that place.
   * @param {number} clientX */
  borderAt(clientX) {
    const left = clientX - this.canvas.getBoundingClientRect().left;
    const tick = (left - this.x(0)) / (this.x(1) - this.x(0)) + 0.5;
    return Math.min(this.detail?.ticks ?? 0, Math.max(0, tick));
  }

  /** Where a tick is, in CSS pixels. @param {number} tick */
  x(tick) {
    const last = Math.max(1, (this.detail?.ticks ?? 1) - 1);
    return this.names + (tick / last) * (this.width - this.names - RIGHT);
  }

  draw() {
    if (!this.canvas.clientWidth) return;
    this.width = this.canvas.clientWidth;
    const context = crisp(this.canvas);
    if (!this.detail) return;
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    const cameras = Object.keys(this.detail.frame_index);
    const rows = this.detail.gripper_width_m ? [...cameras, GRIPPER] : cameras;
    this.names = this.room(context, rows);
    const height = (this.canvas.clientHeight - 4) / rows.length;
    cameras.forEach((camera, index) => {
      this.drawMasks(context, camera, { top: index * height, size: height - 4 });
    });
    if (rows !== cameras) {
      this.drawGripper(context, { top: cameras.length * height, size: height - 2 });
    }
    this.drawCursor(context);
  }

  /** Wide enough for the names, up to a share of all. @param {CanvasRenderingContext2D} context
   * @param {string[]} names */
  room(context, names) {
    const wanted = Math.max(...names.map((name) => context.measureText(name).width)) + NAMES.gap;
    const most = NAMES.share * this.width;
    return Math.ceil(Math.max(NAMES.least, Math.min(wanted, most)));
  }

  /** @param {CanvasRenderingContext2D} context @param {string} text @param {Row} row */
  name(context, text, { top, size }) {
    context.fillStyle = colour("soft");
    context.fillText(shortened(context, text, this.names - NAMES.gap), 0, top + size / 2);
  }

  /** @param {CanvasRenderingContext2D} context @param {string} camera @param {Row} row */
  drawMasks(context, camera, row) {
    const { top, size } = row;
    const frames = this.detail?.frame_index[camera] ?? [];
    this.name(context, camera, row);
    context.fillStyle = colour("sunk");
    context.fillRect(this.names, top, this.x(frames.length - 1) - this.names, size);
    const entries = frames.map((frame) => this.summary[camera]?.[frame]);
    const names = this.objects.length ? this.objects : [""]; // where there is none, none has a mask
    const ink = inks();
    names.forEach((name, index) => {
      const own = lane(row, index, names.length);
      if (names.length > 1) drawSwatch(context, this.names, own, index);
      entries.forEach((entry, tick) => {
        const left = Math.round(this.edge(tick));
        const width = Math.max(1, Math.round(this.edge(tick + 1)) - left);
        drawBar(context, entry?.objects[name], { left, width }, own, ink);
      });
    });
    // A picture that several ticks show is marked once.
    entries.forEach((entry, tick) => {
      if (entry && frames[tick] !== frames[tick - 1]) drawMarks(context, entry, this.x(tick), row);
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {Row} row */
  drawGripper(context, row) {
    this.name(context, GRIPPER, row);
    const { top, size } = row;
    const opening_m = this.detail?.gripper_opening_m ?? 1;
    context.beginPath();
    this.detail?.gripper_width_m?.forEach((width, tick) => {
      const share = Math.min(1, width / opening_m);
      context.lineTo(this.x(tick), top + size - 2 - (size - 4) * share);
    });
    context.strokeStyle = colour("soft");
    context.lineWidth = 1.5;
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context */
  drawCursor(context) {
    const x = Math.round(this.x(this.tick)) + 0.5;
    context.strokeStyle = colour("text");
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, this.canvas.clientHeight);
    context.stroke();
  }
}

/** A text, or its beginning where it does not fit.
 * @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
function shortened(context, text, room) {
  let shown = text;
  for (let kept = text.length - 1; kept > 0 && context.measureText(shown).width > room; kept--) {
    shown = `${text.slice(0, kept)}…`;
  }
  return shown;
}

/** @param {CanvasRenderingContext2D} context @param {FrameSummary} entry @param {number} x @param {Row} row */
function drawMarks(context, { prompted, locked }, x, { top, size }) {
  if (prompted) drawMark(context, x, top + size / 2, false);
  if (locked) drawMark(context, x, top + 6, true);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {boolean} diamond */
function drawMark(context, x, y, diamond) {
  context.beginPath();
  if (diamond) for (const [dx, dy] of DIAMOND) context.lineTo(x + dx, y + dy);
  else context.arc(x, y, 3.5, 0, 2 * Math.PI);
  context.closePath();
  context.fillStyle = colour("panel");
  context.fill();
  context.strokeStyle = colour("text");
  context.lineWidth = 1.5;
  context.stroke();
}
