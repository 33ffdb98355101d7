// How many takes of the chosen task there are, and how many are wanted.

import { api } from "../shared/api.js";
import { find, input, setText, toggleHidden } from "../shared/dom.js";
import { notify, saying } from "../shared/notices.js";
import { station } from "../shared/station.js";
import { takes } from "../shared/takes.js";

/** @import { Task } from "../shared/messages" */

export class TaskGoal {
  /**
   * @param {HTMLElement} element
   * @param {() => Task | undefined} chosen
   */
  constructor(element, chosen) {
    this.element = element;
    this.chosen = chosen;
    this.wanted = input(element, "input");
    this.bar = find(element, "progress", HTMLProgressElement);
    /** @type {string | undefined} */
    this.counted = undefined;
    this.wanted.addEventListener("change", () => this.set());
  }

  /** Whether as many are taken as are wanted, with some more. @param {number} more */
  reachedWith(more) {
    const goal = this.chosen()?.goal;
    return goal !== undefined && this.count + more >= goal;
  }

  /** Takes of the task that did not fail. */
  get count() {
    const name = this.chosen()?.name;
    const running = station.state?.take?.id;
    const counts = takes.kept.filter(
      ({ id, task, success }) => task === name && success !== false && id !== running,
    );
    return counts.length;
  }

  async set() {
    const task = this.chosen();
    if (!task || !this.wanted.reportValidity()) return;
    const goal = Number(this.wanted.value) || null;
    const done = await saying(() => api.post("/api/tasks/goal", { task: task.name, goal }));
    if (done) task.goal = goal ?? undefined;
    this.show();
  }

  show() {
    const task = this.chosen();
    const { count } = this;
    const { goal } = task ?? {};
    setText(find(this.element, ".count"), goal ? `${count} of` : `${count} of this task, of`);
    if (document.activeElement !== this.wanted) this.wanted.value = goal ? String(goal) : "";
    toggleHidden(this.bar, !goal);
    if (goal) [this.bar.max, this.bar.value] = [goal, Math.min(count, goal)];
    this.cheer(task?.name ?? "", count, goal ?? 0);
  }

  /** The last one that was wanted is said once, as it comes.
   * @param {string} task @param {number} count @param {number} goal */
  cheer(task, count, goal) {
    const before = this.counted;
    this.counted = `${task} ${count} ${goal}`;
    if (goal && count === goal && before === `${task} ${count - 1} ${goal}`) {
      notify(`That was take ${goal} of ${goal}: as many of this task as are wanted.`);
    }
  }
}
