// What a fine-tuning will do, and how long it will take.

import { duration } from "../shared/format.js";

/** @import { Base } from "../shared/messages" */

export const REPLAY = "replay"; // the preset that trains nothing

/** Terms, and what is said of each.
 * @param {Base} base @param {string} preset
 * @param {number} layouts to try the adapter on
 * @param {number | null} steps where somebody set them */
export function planOf(base, preset, layouts, steps) {
  const [usual, time] = base.presets[preset] ?? ["", ""];
  const replays = preset === REPLAY;
  return [
    ["Trains", replays ? "nothing: it keeps the takes" : base.trains],
    ["Steps", steps === null ? usual : `${steps} steps`],
    ["Time", layouts ? `${time}, then ${trialTime(base, layouts)}` : time],
    ["Disk", replays ? "less than 1 MB" : base.disk],
  ];
}

/** How long trying the adapter beside its base takes. @param {Base} base @param {number} layouts */
function trialTime({ loading_s, layout_s }, layouts) {
  if (loading_s === null || layout_s === null) return "the trial";
  return `about ${duration(loading_s + layouts * layout_s)} to try it`;
}
