// COCO's compressed run lengths to pixels: column by column, 5 bits a character, from the
// third run on as a difference to the run two before (rleFrString of cocoapi).

/** @import { Mask, Rle } from "./messages" */

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

/** The part of a picture in which all of a mask lies, in its pixels. Of each of its columns the rows
 * at which the mask begins and ends, in turn, counted from the picture's top.
 * @typedef {{left: number, top: number, width: number, height: number, columns: number[][]}} Part */

/** Not pixel by pixel: what is done with a part takes as long as the mask's border, not as its
 * inside. @param {Rle} rle @returns {Part} */
export function decodeMask(rle) {
  const stretches = [...stretchesOf(rle)];
  const box = boxOf(stretches);
  /** @type {number[][]} */
  const columns = Array.from({ length: box.width }, () => []);
  for (const { column, start, end } of stretches) columns[column - box.left].push(start, end);
  return { ...box, columns };
}

/** What is inside, column by column: rows from start up to end. @param {Rle} rle */
function* stretchesOf({ height, counts }) {
  let place = 0;
  let inside = false;
  for (const run of runLengths(counts)) {
    const last = inside ? place + run : place;
    for (let at = place; at < last; ) {
      const column = Math.floor(at / height);
      const start = at - column * height;
      const end = Math.min(height, start + last - at);
      yield { column, start, end };
      at += end - start;
    }
    place += run;
    inside = !inside;
  }
}

/** @param {{column: number, start: number, end: number}[]} stretches from left to right */
function boxOf(stretches) {
  const left = stretches[0]?.column ?? 0;
  const right = stretches.at(-1)?.column ?? left - 1;
  let [top, bottom] = stretches.length ? [Infinity, 0] : [0, 0];
  for (const { start, end } of stretches) {
    top = Math.min(top, start);
    bottom = Math.max(bottom, end);
  }
  return { left, top, width: right - left + 1, height: bottom - top };
}
