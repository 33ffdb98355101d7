// A border of sub-tasks on its way: what the pointer or the keys make of it is saved as one change,
// once it rests.

const REST_MS = 600; // of a border that keys move
/**
 * @typedef {object} MoveActions
 * @property {(border: number) => {least: number, most: number}} limits from where to where it can go
 * @property {(tick: number) => void} moved
 * @property {(from: number, to: number) => void} save
 */

export class MovingBorder {
  /** @param {MoveActions} actions */
  constructor(actions) {
    this.actions = actions;
    /** @type {{from: number, to: number} | null} */
    this.way = null;
    this.timer = 0;
  }

  /** Where a border is now. @param {number} border */
  at(border) {
    return this.way?.from === border ? this.way.to : border;
  }

  /** @param {number} border @param {number} to */
  move(border, to) {
    if (this.way?.from !== border) this.keep();
    clearTimeout(this.timer);
    const { least, most } = this.actions.limits(border);
    this.way = { from: border, to: Math.min(most, Math.max(least, to)) };
    this.actions.moved(this.way.to);
  }

  /** By a key, which may be pressed again. @param {number} border @param {number} by ticks */
  nudge(border, by) {
    this.move(border, this.at(border) + by);
    this.timer = window.setTimeout(() => this.keep(), REST_MS);
  }

  keep() {
    const { way } = this;
    this.drop();
    if (way) this.actions.save(way.from, way.to);
  }

  /** Nothing of it is kept. */
  drop() {
    clearTimeout(this.timer);
    this.way = null;
  }
}
