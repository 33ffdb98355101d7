// Colours of objects and of lines, told apart by people who see no red or green as well (after
// Okabe and Ito); no red: that is for recording and stop.

/** @typedef {[red: number, green: number, blue: number]} Rgb */

/** @type {Rgb[]} */
const PALETTE = [
  [86, 180, 233],
  [240, 200, 40],
  [0, 190, 140],
  [204, 121, 190],
  [255, 150, 60],
  [150, 140, 255],
];

/** @param {number} index */
export const rgb = (index) => PALETTE[index % PALETTE.length];

/** @param {number} index */
export const css = (index) => `rgb(${rgb(index).join(" ")})`;
