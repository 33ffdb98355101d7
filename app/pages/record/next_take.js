// One take after the other: what the station is to do after a take was decided on, so that the next one
// begins by itself.

import { api } from "../shared/api.js";
import { input } from "../shared/dom.js";
import { saying } from "../shared/notices.js";

/** @import { Task } from "../shared/messages" */

const WANTED = "teachloop-next-take";
const AFTER = "teachloop-next-take-s";

export class NextTake {
  /**
   * @param {HTMLElement} element the page
   * @param {() => Task | undefined} chosen
   */
  constructor(element, chosen) {
    this.chosen = chosen;
    this.wanted = input(element, "#record-next");
    this.after = input(element, "#record-next-s");
    this.between = input(element, ".strip .between");
    this.saidOf = chosen(); // whose words are being written
    this.remember();
    this.between.addEventListener("focus", () => (this.saidOf = chosen()));
    this.between.addEventListener("change", () => this.say());
  }

  /** What was chosen in this browser. */
  remember() {
    this.wanted.checked = localStorage.getItem(WANTED) === "on";
    this.after.value = localStorage.getItem(AFTER) || this.after.value;
    this.wanted.addEventListener("change", () =>
      localStorage.setItem(WANTED, this.wanted.checked ? "on" : "off"),
    );
    let last = this.after.value;
    this.after.addEventListener("change", () => {
      if (this.after.checkValidity()) last = this.after.value;
      else this.after.value = last;
      localStorage.setItem(AFTER, last);
    });
  }

  /** Seconds to put things back in; 0 where no take is to follow. */
  get seconds() {
    return this.wanted.checked && this.after.checkValidity() ? Number(this.after.value) : 0;
  }

  /** Write down what is done with the scene before the next take of this task. */
  async say() {
    const { saidOf: task } = this;
    if (!task) return;
    const words = this.between.value;
    const done = await saying(() => api.post("/api/tasks/between", { task: task.name, words }));
    if (done) task.between = words.trim();
    this.show();
  }

  show() {
    if (document.activeElement !== this.between) this.between.value = this.chosen()?.between ?? "";
  }
}
