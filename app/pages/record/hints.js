// What to do next, in a line.

import { printedAt } from "../shared/inputs/layout.js";
import { GUIDE, station } from "../shared/station.js";

/** @import { Phase, State } from "../shared/messages" */

/** @type {Partial<Record<Phase, string>>} */
const HINTS = {
  away: "Waiting for the station.",
  idle: "R records, P practises; W A S D drive.",
  countdown: "Get ready. B begins at once; R, or Space, ends it.",
  practising: "R starts a take from here. Went it well? L keeps the last half minute.",
  recording: "R ends the take. T says that it succeeded, F that it failed.",
  review: "T or F says how it ended. Keep it, or discard it. K plays.",
};

/** What to do while the arm is led by the hand. Nobody can touch a simulated one. */
const LED = "Lead the arm by the hand.";
const PULLED = "Nobody can touch this arm: W A S D pull it, as a hand would.";
const DRIVE = "W A S D";
const GRIPS = " G opens and closes the gripper.";

/** @type {Partial<Record<Phase, string>>} */
const REPLAYS = {
  idle: "On its way to where the take begins, slowly. Space stops it.",
  recording: "The arm goes along the take again. R ends it.",
};

/** What can be done now. */
export function hint() {
  const { phase, state } = station;
  if (state?.replaying) return REPLAYS[phase] ?? "";
  if (phase === "countdown" && state?.waits_for) return "R, or Space, ends it.";
  const words = hintOf(phase, state);
  return words.replace(DRIVE, [..."wasd"].map(printedAt).join(" "));
}

/** With the driving keys as they are called where the layout is American.
 * @param {Phase} phase @param {State | null} state */
function hintOf(phase, state) {
  const led = state?.agent === GUIDE && ["practising", "recording"].includes(phase);
  if (!led) return HINTS[phase] ?? "";
  return `${state.scene ? PULLED : LED}${state.embodiment.gripper ? GRIPS : ""}`;
}
