// Masks as they are painted: what is inside as a sheet of one colour, and the line around it, which
// stays thin and sharp however large the picture is shown.

import { context2d } from "./dom.js";
import { decodeMask } from "./masks.js";

/** @import { Rle } from "./messages" */
/** @import { Rgb } from "./palette.js" */
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
function paint(sheet, { top, width, height, columns }, colour) {
  const image = new ImageData(Math.max(1, width), Math.max(1, height)); // none has no pixels
  sheet.width = image.width;
  sheet.height = image.height;
  const data = new Uint32Array(image.data.buffer);
  const [ink] = new Uint32Array(new Uint8Array([...colour, 255]).buffer);
  columns.forEach((edges, column) => {
    for (let i = 0; i < edges.length; i += 2) {
      const last = (edges[i + 1] - top) * width;
      for (let at = (edges[i] - top) * width; at < last; at += width) data[at + column] = ink;
    }
  });
  context2d(sheet).putImageData(image, 0, 0);
}

/** Along the pixels' edges, in pixels of the picture. @param {Part} part */
function outlineOf(part) {
  const path = new Path2D();
  levels(part, (row, start, end) => {
    path.moveTo(start, row);
    path.lineTo(end, row);
  });
  uprights(part, (column, start, end) => {
    path.moveTo(column, start);
    path.lineTo(column, end);
  });
  return path;
}

/** A piece of a line: which row or column, from where, to where.
 * @typedef {(line: number, start: number, end: number) => void} Tell */

/** Where the mask begins or ends from one row to the next; pieces that touch are one.
 * @param {Part} part @param {Tell} tell */
function levels({ left, top, height, columns }, tell) {
  /** Of the piece that may go on in each row. */
  const starts = new Int32Array(height + 1);
  const ends = new Int32Array(height + 1).fill(-1);
  columns.forEach((edges, index) => {
    for (const edge of edges) {
      const row = edge - top;
      if (ends[row] !== left + index) {
        if (ends[row] >= 0) tell(edge, starts[row], ends[row]);
        starts[row] = left + index;
      }
      ends[row] = left + index + 1;
    }
  });
  for (let row = 0; row <= height; row++) {
    if (ends[row] >= 0) tell(top + row, starts[row], ends[row]);
  }
}

/** … from one column to the next. @param {Part} part @param {Tell} tell */
function uprights({ left, width, columns }, tell) {
  for (let index = 0; index <= width; index++) {
    const turns = apart(columns[index - 1] ?? [], columns[index] ?? []);
    for (let i = 0; i < turns.length; i += 2) tell(left + index, turns[i], turns[i + 1]);
  }
}

/** Rows at which one of two columns begins or ends to be in the mask without the other.
 * @param {number[]} one @param {number[]} other both from top to bottom */
function apart(one, other) {
  const turns = [];
  for (let i = 0, j = 0; i < one.length || j < other.length; ) {
    const [here, there] = [one[i] ?? Infinity, other[j] ?? Infinity];
    if (here !== there) turns.push(Math.min(here, there));
    if (here <= there) i++;
    if (there <= here) j++;
  }
  return turns;
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
