// Bars of the timeline: how sure a mask is, tick by tick.

import { colour } from "../shared/dom.js";
import { css } from "../shared/palette.js";

/** @import { Sight } from "./summary.js" */
/** @import { Row } from "./timeline.js" */
/** Style of each state. @typedef {{sure: string, unsure: string, out: string, none: string}} Inks */

const UNSURE = 0.6;
const SOLID = 0.75; // opacity
const SWATCH = 5; // CSS pixels

/** As the page has them now. @returns {Inks} */
export function inks() {
  const [sure, unsure, out, none] = ["accent", "amber-bright", "soft", "line"].map(colour);
  return { sure, unsure, out, none };
}

/** The row of a camera, shared by its objects. @param {Row} row @param {number} index
 * @param {number} count @returns {Row} */
export function lane({ top, size }, index, count) {
  const gap = count > 1 ? 1 : 0;
  const each = size / count;
  return { top: top + index * each, size: each - gap };
}

/** Whose lane it is. @param {CanvasRenderingContext2D} context @param {number} right
 * @param {Row} row @param {number} index of the object */
export function drawSwatch(context, right, { top, size }, index) {
  context.fillStyle = css(index);
  context.fillRect(right - SWATCH, top, SWATCH - 1, size);
}

/**
 * As high as the mask is sure; a line through the middle where nothing is in sight, two where
 * somebody said that nothing is, a mark at the bottom where there is no mask.
 * @param {CanvasRenderingContext2D} context
 * @param {Sight | undefined} sight
 * @param {{left: number, width: number}} at
 * @param {Row} row
 * @param {Inks} ink
 */
export function drawBar(context, sight, { left, width }, { top, size }, ink) {
  if (!sight) {
    context.fillStyle = ink.none;
    context.fillRect(left, top + size - 3, width, 3);
    return;
  }
  const { confidence, hidden, seen } = sight;
  context.fillStyle = confidence < UNSURE ? ink.unsure : seen ? ink.sure : ink.out;
  if (hidden) {
    for (const share of [1 / 3, 2 / 3]) {
      context.fillRect(left, Math.round(top + share * size) - 1, width, 2);
    }
  } else if (!seen) context.fillRect(left, top + size / 2 - 1, width, 2);
  else {
    const bar = Math.max(2, size * confidence);
    context.globalAlpha = SOLID;
    context.fillRect(left, top + size - bar, width, bar);
    context.globalAlpha = 1;
  }
}
