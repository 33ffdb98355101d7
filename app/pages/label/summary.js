// What the labels say of each frame, in a few words.

import { isEmpty, isHidden } from "../shared/masks.js";

/** @import { Mask, Prompt } from "../shared/messages" */
/**
 * What is said of one object in a frame in which it has a mask.
 * @typedef {object} Sight
 * @property {number} confidence
 * @property {boolean} seen whether it is in sight
 * @property {boolean} hidden whether a person said that it is not to be seen
 */
/**
 * @typedef {object} FrameSummary
 * @property {Record<string, Sight>} objects by name
 * @property {number | null} confidence of the least sure object; null: none has a mask
 * @property {boolean} locked
 * @property {boolean} prompted
 * @property {boolean} hidden whether a person said so of all objects that have a mask
 */
/** @typedef {Record<string, Record<number, FrameSummary>>} Summary camera -> frame -> */

/** @param {Iterable<Mask>} masks @param {Prompt[]} prompts @returns {Summary} */
export function byFrame(masks, prompts) {
  /** @type {Summary} */
  const summary = {};
  /** @param {string} camera @param {number} frame */
  const at = (camera, frame) => {
    const frames = (summary[camera] ??= {});
    return (frames[frame] ??= nothingSaid());
  };
  for (const mask of masks) {
    const entry = at(mask.camera, mask.frame);
    const { confidence, object, rle } = mask;
    const hidden = isHidden(mask);
    entry.objects[object] = { confidence, seen: !hidden && !isEmpty(rle), hidden };
    entry.hidden = hidden && (entry.hidden || entry.confidence === null);
    entry.confidence = Math.min(entry.confidence ?? 1, confidence);
    entry.locked ||= mask.locked;
  }
  for (const prompt of prompts) at(prompt.camera, prompt.frame).prompted = true;
  return summary;
}

/** @returns {FrameSummary} */
const nothingSaid = () => ({
  objects: {},
  confidence: null,
  locked: false,
  prompted: false,
  hidden: false,
});
