// Lines of a few thousand points on a canvas; each objective has a colour and a name.

import { colour, crisp } from "../shared/dom.js";
import { css } from "../shared/palette.js";

/** @import { Points } from "./series.js" */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Frame CSS pixels */
/** @typedef {{low: number, high: number, y: (value: number) => number}} Scale powers of ten */

const LEFT = 44;
const BOTTOM = 18;
const TOP = 8;

/**
 * Logarithmic upwards, since losses fall by powers of ten.
 * @param {HTMLCanvasElement} canvas
 * @param {Record<string, Points>} series
 * @param {string} xName
 */
export function drawChart(canvas, series, xName) {
  if (!canvas.clientWidth) return;
  const context = crisp(canvas);
  const lines = Object.values(series).filter((points) => points.length);
  if (!lines.length) return;
  const right = canvas.clientWidth - 6;
  const frame = { left: LEFT, top: TOP, right, bottom: canvas.clientHeight - BOTTOM };
  const scale = scaleOf(lines, frame);
  const last = Math.max(...lines.map((points) => points[points.length - 1][0]), 1);
  /** @param {number} step */
  const x = (step) => frame.left + (step / last) * (frame.right - frame.left);
  drawGrid(context, frame, scale);
  context.fillStyle = colour("soft");
  context.textAlign = "right";
  context.fillText(`${xName} ${last}`, frame.right, frame.bottom + 12);
  context.textAlign = "left";
  context.fillText("0", frame.left, frame.bottom + 12);
  lines.forEach((points, index) => drawLine(context, points, x, scale.y, css(index)));
}

/** @param {Points[]} lines @param {Frame} frame @returns {Scale} */
function scaleOf(lines, { top, bottom }) {
  const values = lines.flatMap((points) => points.map(([, value]) => value));
  const low = Math.log10(Math.min(...values)) - 0.05;
  const high = Math.log10(Math.max(...values)) + 0.05;
  const span = Math.max(0.1, high - low);
  return { low, high, y: (value) => bottom - ((Math.log10(value) - low) / span) * (bottom - top) };
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Scale} scale */
function drawGrid(context, { left, right }, { low, high, y }) {
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const digit of [1, 2, 5]) {
      const value = digit * 10 ** power;
      if (Math.log10(value) < low || Math.log10(value) > high) continue;
      context.strokeStyle = colour("line");
      context.strokeRect(left, Math.round(y(value)) + 0.5, right - left, 0);
      context.fillStyle = colour("soft");
      context.fillText(String(Number(value.toPrecision(1))), left - 6, y(value));
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Points} points
 * @param {(step: number) => number} x
 * @param {(value: number) => number} y
 * @param {string} style
 */
function drawLine(context, points, x, y, style) {
  context.strokeStyle = style;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  for (const [step, value] of points) context.lineTo(x(step), y(value));
  context.stroke();
}
