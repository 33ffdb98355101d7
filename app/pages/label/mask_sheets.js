// Masks as they are painted: what is inside as a sheet of one colour, and the line around it, which
// stays thin and sharp however large the picture is shown.

import { context2d } from "../shared/dom.js";
import { decodeMask } from "./masks.js";

/** @import { Rle } from "../shared/messages" */
/** @import { Rgb } from "../shared/palette.js" */
/** @import { Part } from "./masks.js" */
/** A sheet lies at left and top of the picture. @typedef {{sheet: HTMLCanvasElement, left: number,
 * top: number, outline: Path2D, colour: Rgb}} Painted left, top and outline in picture pixels */

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
    const part = decodeMask(rle);
    const { left, top } = part;
    const painted = { sheet, left, top, outline: outlineOf(part), colour };
    paint(sheet, part, colour);
    this.painted.set(rle, painted);
    return painted;
  }
}

/** @param {HTMLCanvasElement} sheet @param {Part} part @param {Rgb} colour */
function paint(sheet, { width, height, pixels }, [red, green, blue]) {
  const image = new ImageData(Math.max(1, width), Math.max(1, height)); // none has no pixels
  sheet.width = image.width;
  sheet.height = image.height;
  const { data } = image;
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    if (!pixels[i]) continue;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255;
  }
  context2d(sheet).putImageData(image, 0, 0);
}

/** Along the pixels' edges, in pixels of the picture. @param {Part} part */
function outlineOf({ left, top, width, height, pixels }) {
  const path = new Path2D();
  runs(
    height,
    width,
    (row, column) => step(pixels, width, height, row, column),
    (row, start, end) => {
      path.moveTo(left + start, top + row);
      path.lineTo(left + end, top + row);
    },
  );
  runs(
    width,
    height,
    (column, row) => beside(pixels, width, row, column),
    (column, start, end) => {
      path.moveTo(left + column, top + start);
      path.lineTo(left + column, top + end);
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
  if (fill) context.drawImage(painted.sheet, painted.left, painted.top);
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
