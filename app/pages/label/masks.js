// COCO's compressed run lengths to pixels: column by column, 5 bits a character, from the
// third run on as a difference to the run two before (rleFrString of cocoapi).

import { context2d } from "../shared/dom.js";

/** @import { Mask, Rle } from "../shared/messages" */
/** @import { Rgb } from "../shared/palette.js" */

/** @param {string} counts */
function runLengths(counts) {
  /** @type {number[]} */
  const runs = [];
  for (let at = 0; at < counts.length; ) {
    let value = 0;
    let shift = 0;
    let bits = 0;
    do {
      bits = counts.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits & 32);
    if (bits & 16) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}

/** Whether nothing is inside. @param {Rle} rle */
export const isEmpty = ({ counts }) =>
  runLengths(counts).every((run, index) => index % 2 === 0 || run === 0);

/** Whether a person made a mask, or said that it is right. @param {Mask} mask */
export const byPerson = ({ source, locked }) => locked || source === "human";

/** Whether a person said that the object is not to be seen. @param {Mask} mask */
export const isHidden = (mask) => byPerson(mask) && isEmpty(mask.rle);

/** Uint8Array (height × width), row by row, 1 inside. @param {Rle} rle */
function decodeMask({ height, width, counts }) {
  const mask = new Uint8Array(height * width);
  let place = 0;
  let inside = false;
  for (const run of runLengths(counts)) {
    const end = inside ? place + run : place;
    for (let i = place; i < end; i++) mask[(i % height) * width + Math.floor(i / height)] = 1;
    place += run;
    inside = !inside;
  }
  return mask;
}

const DASHES = 64; // across a picture

/** Whether a dashed outline has a gap at a pixel. @param {number} column @param {number} row
 * @param {number} width of the picture */
function isGap(column, row, width) {
  const long = Math.max(2, width / DASHES);
  return Math.floor((column + row) / long) % 2 === 1;
}

const sheet = document.createElement("canvas");

/**
 * Paint a mask in a colour: a light fill, a firm outline, or a dashed one. Returns a canvas of the mask's size,
 * which the next call paints over.
 * @param {Rle} rle
 * @param {Rgb} colour
 * @param {number} fill opacity, 0 to 255
 * @param {boolean} dashed
 */
export function paintMask(rle, colour, fill, dashed = false) {
  const { height, width } = rle;
  const mask = decodeMask(rle);
  sheet.width = width;
  sheet.height = height;
  const context = context2d(sheet, { willReadFrequently: true });
  const image = context.createImageData(width, height);
  const inside = (/** @type {number} */ column, /** @type {number} */ i) =>
    column > 0 &&
    column < width - 1 &&
    mask[i - 1] &&
    mask[i + 1] &&
    mask[i - width] &&
    mask[i + width];
  for (let i = 0; i < mask.length; i++) {
    const [column, row] = [i % width, Math.floor(i / width)];
    const light = inside(column, i) || (dashed && isGap(column, row, width));
    if (mask[i]) image.data.set([...colour, light ? fill : 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return sheet;
}
