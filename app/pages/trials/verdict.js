// The verdict on the attempt that waits: one key for a score, or steps to tick and one to save.

import { button, controls, find, make, refill, setDisabled, toggleHidden } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";

/** @import { Study } from "../shared/messages" */
/** @typedef {{score: number, steps: boolean[]}} Said */

const STEP_KEYS = ["7", "8", "9", "u", "j", "l"];

export class Verdict {
  /** @param {HTMLElement} element @param {(said: Said) => unknown} judge */
  constructor(element, judge) {
    this.element = element;
    this.judge = judge;
    /** @type {Set<number>} */
    this.ticked = new Set();
    this.steps = 0;
    this.attempt = "";
    /** @type {number | null} */
    this.suggested = null;
    for (const each of controls(element, ".trial-scores button")) {
      const score = Number(each.dataset.score);
      const run = () => this.judge({ score, steps: Array(this.steps).fill(score === 1) });
      bindButton("rollout", /** @type {HTMLButtonElement} */ (each), run);
    }
    bindButton("rollout", button(element, ".save"), () => this.save());
  }

  /** As it stands: what is ticked, or else what the simulator says. */
  save() {
    if (!this.steps) return this.judge({ score: this.suggested ?? 0, steps: [] });
    const steps = [...Array(this.steps).keys()].map((step) => this.ticked.has(step));
    return this.judge({ score: this.ticked.size / this.steps, steps });
  }

  /**
   * @param {Study} study
   * @param {boolean} able whether an attempt is over and waits
   * @param {boolean | null} suggested what the simulator says
   */
  show(study, able, suggested) {
    this.suggested = suggested === null ? null : Number(suggested);
    this.begin(study);
    const quarters = find(this.element, ".trial-scores");
    for (const each of controls(quarters, "button")) {
      const score = Number(each.dataset.score);
      toggleHidden(each, this.steps > 0 && score % 1 !== 0);
      each.setAttribute("aria-pressed", String(able && !this.steps && score === this.suggested));
      setDisabled(each, !able);
    }
    for (const [step, each] of [...controls(this.element, ".trial-steps button")].entries()) {
      each.setAttribute("aria-pressed", String(this.ticked.has(step)));
      setDisabled(each, !able);
    }
    const known = this.steps > 0 || this.suggested !== null;
    setDisabled(button(this.element, ".save"), !(able && known));
  }

  /** Nothing is ticked when the next attempt waits. @param {Study} study */
  begin(study) {
    const attempt = `${study.id} ${study.attempts.length}`;
    if (attempt !== this.attempt) this.ticked.clear();
    this.attempt = attempt;
    this.steps = study.steps.length;
    refill(find(this.element, ".trial-steps"), JSON.stringify(study.steps), () =>
      study.steps.map((text, step) => this.stepButton(text, step)),
    );
  }

  /** @param {string} text @param {number} step */
  stepButton(text, step) {
    const node = make("button", { dataset: { key: STEP_KEYS[step] } });
    node.append(make("span", {}, text));
    bindButton("rollout", node, () => this.tick(step));
    return node;
  }

  /** @param {number} step */
  tick(step) {
    if (!this.ticked.delete(step)) this.ticked.add(step);
  }
}
