// What the labels say of each frame, in a few words.

import { isEmpty } from "./masks.js";

/** @import { Mask, Prompt } from "../shared/messages" */
/**
 * @typedef {object} FrameSummary
 * @property {number | null} confidence of the least sure object; null: none has a mask
 * @property {boolean} seen whether any object is in sight
 * @property {boolean} locked
 * @property {boolean} prompted
 */
/** @typedef {Record<string, Record<number, FrameSummary>>} Summary camera -> frame -> */

/** @param {Iterable<Mask>} masks @param {Prompt[]} prompts @returns {Summary} */
export function byFrame(masks, prompts) {
  /** @type {Summary} */
  const summary = {};
  /** @param {string} camera @param {number} frame */
  const at = (camera, frame) => {
    const frames = (summary[camera] ??= {});
    return (frames[frame] ??= { confidence: null, seen: false, locked: false, prompted: false });
  };
  for (const mask of masks) {
    const entry = at(mask.camera, mask.frame);
    entry.confidence = Math.min(entry.confidence ?? 1, mask.confidence);
    entry.seen ||= !isEmpty(mask.rle);
    entry.locked ||= mask.locked;
  }
  for (const prompt of prompts) at(prompt.camera, prompt.frame).prompted = true;
  return summary;
}
