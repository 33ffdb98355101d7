// Takes in the bin that go for good: a job, which goes on when the page is closed.

import { counted } from "../shared/counted.js";
import { confirmed } from "../shared/dialogs.js";
import { button, find, setDisabled, setText, toggleHidden } from "../shared/dom.js";
import { bytes } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job, TakeRow } from "../shared/messages" */
/** @import { TakeMarks } from "./marks.js" */

export class Bin {
  /** @param {HTMLElement} page
   * @param {TakeMarks} marks
   * @param {() => TakeRow[]} listed */
  constructor(page, marks, listed) {
    this.element = find(page, ".removal");
    this.marks = marks;
    this.listed = listed;
    this.start = button(page, ".list .empty-bin");
    const heard = () => void takes.refresh();
    this.own = new OwnJob(this.element, "remove", { outcome, heard, show: () => this.show() });
    this.start.onclick = () => this.begin();
    jobs.watch(() => this.own.follow());
  }

  /** Of those that are marked, else of all that are listed. */
  get takes() {
    const { marked } = this.marks;
    return (marked.length ? marked : this.listed()).filter(({ deleted }) => deleted);
  }

  async begin() {
    const ids = this.takes.map(({ id }) => id);
    const question = `Remove ${counted(ids.length, "take")} for good?`;
    const what = "Recordings and labels are gone then, and nothing brings them back.";
    const numbers =
      "Takes after them are numbered anew. A job that began with one of them may end early.";
    if (!(await confirmed(question, `${what} ${numbers}`, "Remove for good", "Not now"))) return;
    await this.own.begin({ takes: ids });
  }

  /** @param {boolean} shown whether the list is of the bin */
  offer(shown) {
    toggleHidden(this.start, !shown);
    this.show();
  }

  show() {
    const { length } = this.takes;
    const some = this.marks.marked.length > 0;
    setText(this.start, some ? `Remove ${length} for good …` : "Empty the bin …");
    setDisabled(this.start, this.own.running || !length);
    toggleHidden(this.element, this.start.hidden || !this.own.job);
    this.own.show();
  }
}

/** @param {Job} job */
function outcome({ state, result }) {
  if (state === "cancelled") return "Cancelled. What was removed by then is gone.";
  const { takes: count = 0, bytes: size = 0 } = result;
  const words = count
    ? `${counted(count, "take")} removed: ${bytes(size)} are free.`
    : "None was removed.";
  return [words, ...takes.leftOut(result.left_out ?? {})].join(" ");
}
