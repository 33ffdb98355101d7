// Taking the controls: not out of a running hand without a question.

import { confirmed } from "../shared/dialogs.js";
import { station } from "../shared/station.js";

/** @import { State } from "../shared/messages" */

export async function takeControl() {
  const other = station.otherDriver;
  const { state } = station;
  if (other && state && station.armed && !(await asked(other, state))) return;
  await station.take(true);
}

/** @param {string} other @param {State} state */
function asked(other, state) {
  const text =
    "The robot holds until you press a key. What is running goes on, and you decide how it ends. " +
    `The other window is told.`;
  return confirmed(`Take over from ${other}, ${does(state)}?`, text, "Take over", "Look on");
}

/** @param {State} state */
function does({ phase, agent }) {
  if (phase === "recording" && agent === "policy") return "while a policy drives";
  if (phase === "recording") return "in the middle of a take";
  if (phase === "practising") return "who is practising";
  return "while the arm moves";
}
