// One take after the other: what was kept or discarded is followed by the way home, or by a new scene,
// by time to put things back, and by the next take.

import { api } from "../shared/api.js";
import { input } from "../shared/dom.js";
import { saying } from "../shared/notices.js";
import { station } from "../shared/station.js";

/** @import { State, Task } from "../shared/messages" */

const ONWARD = "teachloop-onward";
const AFTER = "teachloop-onward-s";

export class Onward {
  /**
   * @param {HTMLElement} element the page
   * @param {() => Task | undefined} chosen
   * @param {(seconds: number) => unknown} next begins a countdown of so many seconds
   */
  constructor(element, chosen, next) {
    this.chosen = chosen;
    this.next = next;
    this.wanted = input(element, "#record-onward");
    this.after = input(element, "#record-after");
    this.between = input(element, ".strip .between");
    /** @type {State | null} */
    this.before = null;
    this.skipped = false;
    this.remember();
    this.between.addEventListener("change", () => this.say());
  }

  /** What was chosen in this browser. */
  remember() {
    this.wanted.checked = localStorage.getItem(ONWARD) === "on";
    this.after.value = localStorage.getItem(AFTER) ?? this.after.value;
    this.wanted.addEventListener("change", () =>
      localStorage.setItem(ONWARD, this.wanted.checked ? "on" : "off"),
    );
    this.after.addEventListener("change", () => {
      if (this.after.reportValidity()) localStorage.setItem(AFTER, this.after.value);
    });
  }

  /** The decision that comes now is followed by something else. */
  skip() {
    this.skipped = true;
  }

  update() {
    const { before } = this;
    const { state, driving, phase } = station;
    this.before = state;
    if (phase === "review" && before?.phase !== "review") this.skipped = false;
    if (!this.wanted.checked || this.skipped || !driving || !this.after.checkValidity()) return;
    if (before && state && decided(before, state)) this.next(Number(this.after.value));
  }

  /** Write down what is done with the scene before the next take of this task. */
  async say() {
    const task = this.chosen();
    if (!task) return;
    const words = this.between.value;
    const done = await saying(() => api.post("/api/tasks/between", { task: task.name, words }));
    if (done) task.between = words.trim();
  }

  show() {
    if (document.activeElement !== this.between) this.between.value = this.chosen()?.between ?? "";
  }
}

/** Whether a take was kept or discarded. @param {State} before @param {State} now */
function decided(before, now) {
  return before.phase === "review" && now.phase === "idle" && !now.fault;
}
