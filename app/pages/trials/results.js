// What a study found: a line for each policy, two of them compared, and every attempt.

import { make } from "../shared/dom.js";
import { percent } from "../shared/format.js";

/** @import { Attempt, Pair, Rate, Study } from "../shared/messages" */

/** What a policy is called as long as its name is hidden, and afterwards.
 * @param {Study} study @param {number} policy */
export function nameOf(study, policy) {
  const { letter, name } = study.policies[policy];
  if (study.policies.length === 1) return name;
  return name ? `${letter} = ${name}` : letter;
}

/** 1 as success, 0 as failure, between them in percent. @param {Attempt} attempt */
export function verdictOf({ score, void: reason }) {
  if (reason) return "–";
  if (score === null) return "?";
  return score === 1 ? "✓" : score === 0 ? "✗" : String(Math.round(100 * score));
}

/** @param {Study} study */
export function rates(study) {
  const lines = study.results.rates.map((rate) => rateLine(study, rate));
  const heads = ["", "Success", "95 %", "Score", "95 %"].map((text) => make("th", {}, text));
  return make(
    "table",
    { class: "trial-rates" },
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...lines),
  );
}

/** @param {Study} study @param {Rate} rate */
function rateLine(study, rate) {
  const { attempts, successes, success, score } = rate;
  const cells = [
    success === null ? "–" : `${percent(success)} (${successes} of ${attempts})`,
    attempts ? between(rate.low, rate.high) : "",
    score === null ? "–" : score.toFixed(2),
    attempts > 1 ? `${rate.score_low.toFixed(2)} – ${rate.score_high.toFixed(2)}` : "",
  ];
  const name = nameOf(study, rate.policy);
  return make(
    "tr",
    {},
    make("th", { scope: "row", title: name }, name),
    ...cells.map((text) => make("td", {}, text)),
  );
}

/** @param {number} low @param {number} high */
const between = (low, high) => `${percent(low)} – ${percent(high)}`;

/** Of two policies on the same scenes. @param {Study} study */
export function pairs(study) {
  return study.results.pairs
    .filter((pair) => pair.pairs)
    .map((pair) => make("p", { class: "trial-pair" }, pairLine(study, pair)));
}

/** @param {Study} study @param {Pair} pair */
function pairLine(study, pair) {
  const [one, other] = [pair.first, pair.second].map((n) => study.policies[n].letter);
  const p = pair.p < 0.001 ? "p < 0.001" : `p = ${pair.p.toFixed(3)}`;
  const [low, high] = [signed(pair.difference_low), signed(pair.difference_high)];
  const apart = `score ${one} − ${other}: ${signed(pair.difference ?? 0)} (${low} … ${high})`;
  const alone = `${one} alone ${pair.only_first}, ${other} alone ${pair.only_second}`;
  return `${pair.pairs} pairs: ${alone}, McNemar ${p}; ${apart}`;
}

/** @param {number} value */
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;

/** @param {Study} study @param {(number: number) => void} open */
export const dots = (study, open) =>
  study.attempts.map((attempt, number) => dot(study, attempt, number, () => open(number)));

/** @param {Study} study @param {Attempt} attempt @param {number} number @param {() => void} open */
function dot(study, attempt, number, open) {
  const { score, void: reason } = attempt;
  const kind = reason ? "voided" : score === 1 ? "passed" : score === null ? "waits" : "failed";
  const title = `Attempt ${number + 1}: ${told(study, attempt)}`;
  const { letter } = study.policies[attempt.policy];
  const text = study.policies.length > 1 ? `${letter} ${verdictOf(attempt)}` : verdictOf(attempt);
  const attributes = { class: kind, title, "aria-label": title, onclick: open };
  return make("button", { ...attributes, dataset: { take: attempt.take } }, text);
}

/** @param {Study} study @param {Attempt} attempt */
export function told(study, attempt) {
  const where = study.scenes[attempt.scene].name;
  const { score, void: reason } = attempt;
  const scored = score === null ? "not judged" : score === 1 ? "success" : `score ${score}`;
  const ended = reason ? `void, ${reason}` : score === 0 ? "failed" : scored;
  return `${nameOf(study, attempt.policy)}, ${where}: ${ended}`;
}
