// A job's figures as lines over its training steps.

/** @import { Metrics } from "../shared/messages" */
/** @typedef {[step: number, value: number][]} Points */

const NOT_OBJECTIVES = new Set(["time", "step", "stage", "seed", "ticks", "success"]);

/** Counts steps from the first of the first stage on; each stage of a job counts its own. */
class StepCounter {
  constructor() {
    /** @type {unknown} */
    this.stage = undefined;
    this.before = 0; // steps of earlier stages
    this.first = 0; // number that the stage gives its first step
    this.last = 0;
  }

  /** @param {unknown} stage @param {number} step */
  count(stage, step) {
    if (stage !== this.stage) Object.assign(this, { stage, before: this.last, first: step });
    this.last = this.before + step - this.first + 1;
    return this.last;
  }
}

/**
 * Each figure by its name. A job that was resumed does some steps again: the later ones count.
 * @param {Metrics[]} metrics
 */
export function seriesOf(metrics) {
  /** @type {Record<string, Points>} */
  const series = {};
  const counter = new StepCounter();
  for (const row of metrics) {
    if (typeof row.step !== "number") continue; // a trial of the finished adapter
    const step = counter.count(row.stage, row.step);
    for (const [name, value] of Object.entries(row)) {
      if (NOT_OBJECTIVES.has(name) || typeof value !== "number") continue;
      if (!(value > 0 && Number.isFinite(value))) continue; // there is no logarithm of nothing
      const points = (series[name] ??= []);
      while ((points.at(-1)?.[0] ?? 0) >= step) points.pop();
      points.push([step, value]);
    }
  }
  return series;
}
