// Clicks and boxes over a picture, and the cross that the keys move.

import { css } from "../shared/palette.js";

/** @import { Prompt } from "../shared/messages" */
/** @import { Box } from "./stage.js" */

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Prompt & {index: number}} prompt */
export function drawPrompt(context, scale, { kind, values, positive, index }) {
  if (kind === "box") return drawBox(context, scale, /** @type {Box} */ (values), css(index));
  const [x, y] = values.map((value) => value * scale);
  context.beginPath();
  context.arc(x, y, 6, 0, 2 * Math.PI);
  context.fillStyle = positive ? css(index) : "#111c";
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
  context.stroke();
  context.beginPath();
  context.moveTo(x - 3, y);
  context.lineTo(x + 3, y);
  if (positive) {
    context.moveTo(x, y - 3);
    context.lineTo(x, y + 3);
  }
  context.strokeStyle = positive ? "#111" : "#fff";
  context.stroke();
}

/** Round the click that the pointer is at. @param {CanvasRenderingContext2D} context
 * @param {number} scale @param {Prompt} prompt */
export function drawRing(context, scale, { values: [x, y] }) {
  context.beginPath();
  context.arc(x * scale, y * scale, 10, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
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
    context.beginPath();
    context.arc(left, top, 9, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(left - 4, top);
    context.lineTo(left + 4, top);
    if (positive) {
      context.moveTo(left, top - 4);
      context.lineTo(left, top + 4);
    }
    context.stroke();
  }
}

/** Of a brush, as a ring. @param {CanvasRenderingContext2D} context @param {number} scale
 * @param {[x: number, y: number]} at picture pixels @param {number} width */
export function drawWidth(context, scale, [x, y], width) {
  for (const [line, style] of /** @type {const} */ ([
    [3, "#000a"],
    [1.5, "#fff"],
  ])) {
    context.beginPath();
    context.arc(x * scale, y * scale, (width * scale) / 2, 0, 2 * Math.PI);
    context.lineWidth = line;
    context.strokeStyle = style;
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
