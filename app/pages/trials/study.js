// A study as it stands: what comes next, what can be done now, what was found.

import { find, make, setText } from "../shared/dom.js";
import { dots, nameOf, pairs, rates } from "./results.js";

/** @import { Study } from "../shared/messages" */

const OTHER_REVIEW = "Another take is under review: N leaves the trials, to keep or discard it.";

/** @param {HTMLElement} card @param {Study} study */
export function showNext(card, study) {
  const waits = study.waiting === null ? null : study.attempts[study.waiting];
  const at = waits ?? study.due;
  const scene = at ? study.scenes[at.scene] : null;
  const number = Math.min(study.judged + 1, study.planned);
  const words = at ? `Attempt ${number} of ${study.planned}` : "All attempts are done";
  setText(find(card, ".trial-which"), words);
  setText(find(card, ".trial-letter"), at ? nameOf(study, at.policy) : "");
  setText(find(card, ".trial-scene"), scene ? scene.name : "The names are below.");
  setText(find(card, ".trial-task"), scene?.instruction ?? "");
}

/** What can be done now. @param {Study} study @param {string} phase */
export function hintOf(study, phase) {
  if (phase === "recording") return "";
  if (phase === "review" && study.waiting === null) return OTHER_REVIEW;
  if (study.waiting !== null) return "How did it end? One key, then the next attempt.";
  if (study.due === null) return "All is done. The names and figures are below.";
  if (study.paused) return "Paused. P goes on, also after a restart.";
  const laidOut = study.scenes[study.due.scene].seed !== null;
  return laidOut ? "R sets the scene up and lets the policy run." : "Set the scene up; R runs.";
}

/** @param {Study} study @param {(number: number) => void} look at one attempt */
export function found(study, look) {
  const early = study.early
    ? make("p", { class: "hint" }, `Names told after ${study.early.judged} attempts.`)
    : null;
  const hidden = study.revealed
    ? []
    : [make("p", { class: "hint" }, `Compared blind: ${study.compared.join(", ")}.`)];
  return [
    make("div", {}, rates(study), ...pairs(study)),
    make("div", {}, make("div", { class: "trials-made" }, ...dots(study, look)), ...hidden, early),
  ];
}

export function empty() {
  const how = "I plans the first: policies, scenes, and how often.";
  return make("p", { class: "empty" }, make("b", {}, "No trials yet"), how);
}
