// The take from left to right: how sure the masks are in each camera, locks, clicks, the gripper;
// a cursor.

import { colour, crisp } from "../shared/dom.js";
import { bind } from "../shared/keys.js";

/** @import { TakeDetail } from "../shared/messages" */
/** @import { FrameSummary, Summary } from "./summary.js" */
/** @typedef {{top: number, size: number}} Row CSS pixels */

const NAMES = { least: 52, share: 0.2, gap: 8 }; // for the rows' names: CSS pixels, of the width
const RIGHT = 8;
const GRIPPER = "gripper";
const UNSURE = 0.6;
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
    this.tick = 0;
    this.names = NAMES.least; // CSS pixels
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
    const share = left / (this.canvas.clientWidth - this.names - RIGHT);
    this.seek(Math.round(Math.min(1, Math.max(0, share)) * (this.detail.ticks - 1)));
  }

  /** @param {TakeDetail} detail @param {Summary} summary @param {number} tick */
  show(detail, summary, tick) {
    Object.assign(this, { detail, summary, tick });
    this.canvas.setAttribute("aria-valuemax", String(Math.max(0, detail.ticks - 1)));
    this.canvas.setAttribute("aria-valuenow", String(tick));
    this.draw();
  }

  /** Where a tick is, in CSS pixels. @param {number} tick */
  x(tick) {
    const last = Math.max(1, (this.detail?.ticks ?? 1) - 1);
    return this.names + (tick / last) * (this.canvas.clientWidth - this.names - RIGHT);
  }

  draw() {
    if (!this.canvas.clientWidth) return;
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
    const most = NAMES.share * this.canvas.clientWidth;
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
    const half = (this.x(1) - this.x(0)) / 2;
    const entries = frames.map((frame) => this.summary[camera]?.[frame]);
    entries.forEach((entry, tick) => {
      const left = Math.max(this.names, Math.round(this.x(tick) - half));
      const width = Math.max(1, Math.round(this.x(tick) + half) - left);
      drawBar(context, entry, left, width, row);
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

/**
 * A bar as high as the mask is sure; a line through the middle where nothing is in sight, a mark at
 * the bottom where there is no mask.
 * @param {CanvasRenderingContext2D} context
 * @param {FrameSummary | undefined} entry
 * @param {number} left
 * @param {number} width
 * @param {Row} row
 */
function drawBar(context, entry, left, width, { top, size }) {
  const { confidence = null, seen = false } = entry ?? {};
  if (confidence === null) {
    context.fillStyle = colour("line");
    context.fillRect(left, top + size - 3, width, 3);
    return;
  }
  if (!seen) {
    context.fillStyle = colour(confidence < UNSURE ? "amber-bright" : "soft");
    context.fillRect(left, top + size / 2 - 1, width, 2);
    return;
  }
  const bar = Math.max(2, size * confidence);
  context.fillStyle = colour(confidence < UNSURE ? "amber-bright" : "accent");
  context.globalAlpha = 0.75;
  context.fillRect(left, top + size - bar, width, bar);
  context.globalAlpha = 1;
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

/** Home and End jump; the arrows are the page's own.
 * @param {string} scope
 * @param {(tick: number) => void} seek
 * @param {() => number} last */
export function bindEnds(scope, seek, last) {
  bind(scope, "Home", () => seek(0));
  bind(scope, "End", () => seek(last()));
}
