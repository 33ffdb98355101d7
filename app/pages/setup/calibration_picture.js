// The board's corners as they were found, over the live picture.

import { colour, crisp } from "../shared/dom.js";

/** @import { SeenBoard } from "../shared/messages" */

const RADIUS = 4;

/** @param {HTMLCanvasElement} sheet @param {SeenBoard} seen */
export function drawCorners(sheet, { corners, width, height, hint }) {
  const context = crisp(sheet);
  const { clientWidth, clientHeight } = sheet;
  const scale = Math.min(clientWidth / width, clientHeight / height);
  const left = (clientWidth - scale * width) / 2;
  const top = (clientHeight - scale * height) / 2;
  context.strokeStyle = colour(hint ? "amber-bright" : "green");
  context.lineWidth = 2;
  for (const [x, y] of corners) {
    context.beginPath();
    context.arc(left + scale * x, top + scale * y, RADIUS, 0, 2 * Math.PI);
    context.stroke();
  }
}
