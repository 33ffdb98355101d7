// Masks as they are painted: what is inside as a sheet of one colour, and the line around it, which
// stays thin and sharp however large the picture is shown.

import { context2d } from "../shared/dom.js";
import { decodeMask } from "./masks.js";

/** @import { Rle } from "../shared/messages" */
/** @import { Rgb } from "../shared/palette.js" */
/** @typedef {{sheet: HTMLCanvasElement, outline: Path2D, colour: Rgb}} Painted outline in picture
 * pixels */

const LINE = 1.5; // CSS pixels
const DASH = 5; // CSS pixels, of a dashed line and of its gaps
const FAINT = 0.5; // opacity

export class MaskSheets {
  constructor() {
    /** @type {Map<Rle, Painted>} */
    this.painted = new Map();
    /** Nobody's any more. @type {HTMLCanvasElement[]} */
    this.free = [];
  }

  /** Forget all others. @param {Rle[]} masks */
  keep(masks) {
    const kept = new Set(masks);
    for (const [rle, { sheet }] of this.painted) {
      if (kept.has(rle)) continue;
      this.painted.delete(rle);
      this.free.push(sheet);
    }
    this.free.length = Math.min(this.free.length, kept.size + 1);
  }

  /** @param {Rle} rle @param {Rgb} colour @returns {Painted} */
  of(rle, colour) {
    const before = this.painted.get(rle);
    if (before?.colour === colour) return before;
    const sheet = before?.sheet ?? this.free.pop() ?? document.createElement("canvas");
    const mask = decodeMask(rle);
    const painted = { sheet, outline: outlineOf(mask, rle), colour };
    paint(sheet, mask, rle, colour);
    this.painted.set(rle, painted);
    return painted;
  }
}

/** @param {HTMLCanvasElement} sheet @param {Uint8Array} mask @param {Rle} size
 * @param {Rgb} colour */
function paint(sheet, mask, { width, height }, [red, green, blue]) {
  sheet.width = width;
  sheet.height = height;
  const image = new ImageData(width, height);
  const { data } = image;
  for (let i = 0, at = 0; i < mask.length; i++, at += 4) {
    if (!mask[i]) continue;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255;
  }
  context2d(sheet).putImageData(image, 0, 0);
}

/** Along the pixels' edges. @param {Uint8Array} mask @param {Rle} size */
function outlineOf(mask, { width, height }) {
  const path = new Path2D();
  runs(
    height,
    width,
    (row, column) => step(mask, width, height, row, column),
    (row, start, end) => {
      path.moveTo(start, row);
      path.lineTo(end, row);
    },
  );
  runs(
    width,
    height,
    (column, row) => beside(mask, width, row, column),
    (column, start, end) => {
      path.moveTo(column, start);
      path.lineTo(column, end);
    },
  );
  return path;
}

/** Tell each stretch of a line along which something holds.
 * @param {number} lines @param {number} length
 * @param {(line: number, at: number) => boolean} holds
 * @param {(line: number, start: number, end: number) => void} tell */
function runs(lines, length, holds, tell) {
  for (let line = 0; line <= lines; line++) {
    let start = -1;
    for (let at = 0; at <= length; at++) {
      const on = at < length && holds(line, at);
      if (on && start < 0) start = at;
      if (on || start < 0) continue;
      tell(line, start, at);
      start = -1;
    }
  }
}

/** Whether the mask begins or ends between a pixel and the one above it.
 * @param {Uint8Array} mask @param {number} width @param {number} height @param {number} row
 * @param {number} column */
function step(mask, width, height, row, column) {
  const above = row > 0 ? mask[(row - 1) * width + column] : 0;
  return above !== (row < height ? mask[row * width + column] : 0);
}

/** … between a pixel and the one left of it.
 * @param {Uint8Array} mask @param {number} width @param {number} row @param {number} column */
function beside(mask, width, row, column) {
  const left = column > 0 ? mask[row * width + column - 1] : 0;
  return left !== (column < width ? mask[row * width + column] : 0);
}

/** @param {CanvasRenderingContext2D} context @param {number} scale CSS pixels a picture pixel
 * @param {Painted} painted @param {number} fill opacity @param {boolean} dashed */
export function drawMask(context, scale, painted, fill, dashed = false) {
  context.save();
  context.scale(scale, scale);
  context.globalAlpha = fill;
  if (fill) context.drawImage(painted.sheet, 0, 0);
  context.globalAlpha = 1;
  drawLine(context, scale, painted, dashed);
  context.restore();
}

/** The outline alone, as of something that is not there any more.
 * @param {CanvasRenderingContext2D} context @param {number} scale @param {Painted} painted */
export function drawFaint(context, scale, painted) {
  context.save();
  context.scale(scale, scale);
  context.globalAlpha = FAINT;
  drawLine(context, scale, painted);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Painted} painted
 * @param {boolean} dashed */
function drawLine(context, scale, { outline, colour }, dashed = false) {
  const ink = `rgb(${colour.join(" ")})`;
  context.lineWidth = LINE / scale;
  context.lineCap = "square";
  context.strokeStyle = dashed ? dashes(context, scale, ink) : ink;
  context.stroke(outline);
}

/** Of a line in many pieces, at each of which a line dash would begin anew: a board of squares,
 * every other one inked. @param {CanvasRenderingContext2D} context @param {number} scale
 * @param {string} ink */
function dashes(context, scale, ink) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 2 * DASH;
  const squares = context2d(tile);
  squares.fillStyle = ink;
  squares.fillRect(0, 0, DASH, DASH);
  squares.fillRect(DASH, DASH, DASH, DASH);
  const board = context.createPattern(tile, "repeat");
  board?.setTransform(new DOMMatrix().scale(1 / scale));
  return board ?? ink;
}
