// Clicks and boxes over a picture, and the cross that the keys move.

import { css } from "../shared/palette.js";

/** @import { Prompt } from "../shared/messages" */
/** @import { Box } from "./stage.js" */

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Prompt & {index: number}} prompt */
export function drawPrompt(context, scale, { kind, values, positive, index }) {
  if (kind === "box") return drawBox(context, scale, /** @type {Box} */ (values), css(index));
  const [left, top] = values.map((value) => value * scale);
  context.lineWidth = 2;
  context.fillStyle = positive ? css(index) : "#111c";
  context.strokeStyle = "#fff";
  circle(context, left, top, 6);
  context.fill();
  context.stroke();
  context.strokeStyle = positive ? "#111" : "#fff";
  drawSign(context, left, top, 3, positive);
}

/** Round the click that the pointer is at. @param {CanvasRenderingContext2D} context
 * @param {number} scale @param {Prompt} prompt */
export function drawRing(context, scale, { values: [x, y] }) {
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
  circle(context, x * scale, y * scale, 10);
  context.stroke();
}

/** A click that nobody made yet. @param {CanvasRenderingContext2D} context @param {number} scale
 * @param {{x: number, y: number, positive: boolean}} click */
export function drawSuggestion(context, scale, { x, y, positive }) {
  const [left, top] = [x * scale, y * scale];
  for (const [width, style] of /** @type {const} */ ([
    [4, "#000a"],
    [2, "#fff"],
  ])) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.setLineDash([4, 3]);
    circle(context, left, top, 9);
    context.stroke();
    context.setLineDash([]);
    drawSign(context, left, top, 4, positive);
  }
}

/** A path. @param {CanvasRenderingContext2D} context @param {number} left @param {number} top
 * @param {number} radius */
function circle(context, left, top, radius) {
  context.beginPath();
  context.arc(left, top, radius, 0, 2 * Math.PI);
}

/** A plus, or a minus. @param {CanvasRenderingContext2D} context @param {number} left
 * @param {number} top @param {number} reach @param {boolean} positive */
function drawSign(context, left, top, reach, positive) {
  context.beginPath();
  context.moveTo(left - reach, top);
  context.lineTo(left + reach, top);
  if (positive) {
    context.moveTo(left, top - reach);
    context.lineTo(left, top + reach);
  }
  context.stroke();
}

/** Of a brush, as a ring. @param {CanvasRenderingContext2D} context @param {number} scale
 * @param {[x: number, y: number]} at picture pixels @param {number} width */
export function drawWidth(context, scale, [x, y], width) {
  for (const [line, style] of /** @type {const} */ ([
    [3, "#000a"],
    [1.5, "#fff"],
  ])) {
    context.lineWidth = line;
    context.strokeStyle = style;
    circle(context, x * scale, y * scale, (width * scale) / 2);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Box} box @param {string} style */
export function drawBox(context, scale, [x0, y0, x1, y1], style) {
  context.setLineDash([6, 4]);
  context.lineWidth = 2;
  context.strokeStyle = style;
  context.strokeRect(x0 * scale, y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale);
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {number} scale
 * @param {[x: number, y: number]} at picture pixels */
export function drawCross(context, scale, [x, y]) {
  for (const [width, style] of /** @type {const} */ ([
    [3, "#000a"],
    [1, "#fff"],
  ])) {
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      context.moveTo(x * scale + 4 * dx, y * scale + 4 * dy);
      context.lineTo(x * scale + 16 * dx, y * scale + 16 * dy);
    }
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
}
