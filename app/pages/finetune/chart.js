// Lines of a few thousand points on a canvas; each objective has a colour and a name.

import { colour, crisp } from "../shared/dom.js";
import { css } from "../shared/masks.js";

const LEFT = 44,
  BOTTOM = 18,
  TOP = 8;

/** series: name -> [[x, y], …]; logarithmic upwards, since losses fall by powers of ten. */
export function drawChart(canvas, series, xName = "step") {
  if (!canvas.clientWidth) return;
  const context = crisp(canvas);
  const lines = Object.entries(series).filter(([, points]) => points.length);
  const values = lines.flatMap(([, points]) => points.map(([, y]) => y)).filter((y) => y > 0);
  if (!values.length) return;
  const box = {
    left: LEFT,
    top: TOP,
    right: canvas.clientWidth - 6,
    bottom: canvas.clientHeight - BOTTOM,
  };
  const low = Math.log10(Math.min(...values)) - 0.05,
    high = Math.log10(Math.max(...values)) + 0.05;
  const last = Math.max(...lines.map(([, points]) => points.at(-1)[0]), 1);
  const x = (step) => box.left + (step / last) * (box.right - box.left);
  const y = (value) =>
    box.bottom - ((Math.log10(value) - low) / Math.max(0.1, high - low)) * (box.bottom - box.top);
  drawGrid(context, box, low, high, y);
  context.fillStyle = colour("soft");
  context.textAlign = "right";
  context.fillText(`${xName} ${last}`, box.right, box.bottom + 12);
  lines.forEach(([, points], index) => drawLine(context, points, x, y, css(index)));
}

function drawGrid(context, box, low, high, y) {
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const digit of [1, 2, 5]) {
      const value = digit * 10 ** power;
      if (Math.log10(value) < low || Math.log10(value) > high) continue;
      context.strokeStyle = colour("line");
      context.strokeRect(box.left, Math.round(y(value)) + 0.5, box.right - box.left, 0);
      context.fillStyle = colour("soft");
      context.fillText(String(Number(value.toPrecision(1))), box.left - 6, y(value));
    }
  }
}

function drawLine(context, points, x, y, style) {
  context.strokeStyle = style;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  for (const [step, value] of points) if (value > 0) context.lineTo(x(step), y(value));
  context.stroke();
}

const NOT_OBJECTIVES = new Set(["time", "step", "stage", "seed", "ticks", "success"]);

/** Metrics lines to series; the stages follow each other, so their steps are counted on. */
export function seriesOf(metrics) {
  const series = {};
  metrics.forEach((row, index) => {
    for (const [name, value] of Object.entries(row)) {
      if (NOT_OBJECTIVES.has(name) || !(value > 0 && Number.isFinite(value))) continue; // there is no logarithm of nothing
      (series[name] ??= []).push([index + 1, value]);
    }
  });
  return series;
}
