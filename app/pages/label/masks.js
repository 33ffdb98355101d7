// COCO's compressed run lengths to pixels: column by column, 5 bits a character, from the
// third run on as a difference to the run two before (rleFrString of cocoapi).

/** @import { Mask, Rle } from "../shared/messages" */

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
export const byPerson = ({ source, locked }) => locked || source === "human" || source === "drawn";

/** Whether a person said that the object is not to be seen. @param {Mask} mask */
export const isHidden = (mask) => byPerson(mask) && isEmpty(mask.rle);

/** Uint8Array (height × width), row by row, 1 inside. @param {Rle} rle */
export function decodeMask({ height, width, counts }) {
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
