// The pictures of marked takes kept as video: a job, which goes on when the page is closed.

import { counted } from "../shared/counted.js";
import { confirmed } from "../shared/dialogs.js";
import { button, find, setDisabled, toggleHidden } from "../shared/dom.js";
import { bytes } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */
/** @import { TakeMarks } from "./marks.js" */

export class TakeArchive {
  /** @param {HTMLElement} page
   * @param {TakeMarks} marks */
  constructor(page, marks) {
    this.element = find(page, ".archive");
    this.marks = marks;
    this.start = button(page, ".list .bulk .archiving");
    const does = { outcome, heard: () => {}, show: () => this.show() };
    this.own = new OwnJob(this.element, "archive", does);
    this.start.onclick = () => this.begin();
    jobs.watch(() => this.own.follow());
  }

  /** What is marked and not in the bin, the oldest first. */
  get takes() {
    return this.marks.marked.filter(({ deleted }) => !deleted).reverse();
  }

  async begin() {
    const ids = this.takes.map(({ id }) => id);
    const what = "Their pictures are kept as video, in about a quarter of the room.";
    const lost = "The recorded JPEGs are gone then; all else stays as it is.";
    const question = `Archive ${counted(ids.length, "take")}?`;
    if (!(await confirmed(question, `${what} ${lost}`, "Archive", "Not now"))) return;
    await this.own.begin({ takes: ids });
  }

  show() {
    setDisabled(this.start, this.own.running || !this.takes.length);
    toggleHidden(this.element, !this.own.job);
    this.own.show();
  }
}

/** @param {Job} job */
function outcome({ state, result }) {
  if (state === "cancelled") return "Cancelled. What was archived by then is.";
  const { takes: count = 0, bytes_before: before = 0, bytes_after: after = 0 } = result;
  const words = count
    ? `${counted(count, "take")} archived: ${bytes(before)} before, ${bytes(after)} now.`
    : "None was archived.";
  return [words, ...takes.leftOut(result.left_out ?? {})].join(" ");
}
