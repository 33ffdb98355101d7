// Which frame is worth a look next: the least sure one, then the next, and none twice in a round.

/** @import { Summary } from "./summary.js" */
/** @typedef {{tick: number, confidence: number}} Look */

const NEAR = 4; // ticks: who looked at one of them saw the others

export class Unsure {
  constructor() {
    /** @type {number[]} */
    this.seen = []; // ticks of this round
  }

  /** A new round: another take, or new masks. */
  restart() {
    this.seen = [];
  }

  /**
   * The tick to look at; undefined where nothing is unsure.
   * @param {Summary} summary
   * @param {Record<string, number[]>} frames of each camera, by tick
   * @returns {number | undefined}
   */
  next(summary, frames) {
    const looks = unsure(summary, frames);
    const fresh = looks.filter(({ tick }) => this.seen.every((at) => Math.abs(at - tick) > NEAR));
    if (looks.length && !fresh.length && this.seen.length) {
      this.restart();
      return this.next(summary, frames);
    }
    const [worst] = fresh.sort((one, other) => one.confidence - other.confidence);
    if (worst) this.seen.push(worst.tick);
    return worst?.tick;
  }
}

/** Frames that no person answered for. One without a mask is the least sure of all, once there are
 * masks at all. @param {Summary} summary @param {Record<string, number[]>} frames */
function unsure(summary, frames) {
  /** @type {Look[]} */
  const looks = [];
  for (const [camera, indices] of Object.entries(frames)) {
    const known = summary[camera];
    if (!known) continue;
    for (const [tick, index] of indices.entries()) {
      const { confidence, locked, prompted, hidden } = known[index] ?? {};
      if (!locked && !prompted && !hidden) looks.push({ tick, confidence: confidence ?? 0 });
    }
  }
  return looks;
}
