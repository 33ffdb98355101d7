// Masks of takes in the formats of others: a job, which goes on when the page is closed.

import { counted } from "../shared/counted.js";
import { button, find, input, select, setDisabled, setText } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */
/** @import { TakeMarks } from "./marks.js" */

export class MaskExport {
  /** @param {HTMLElement} page
   * @param {TakeMarks} marks */
  constructor(page, marks) {
    const element = find(page, ".export.masks");
    this.marks = marks;
    this.format = select(element, ".format");
    this.hidesFaces = input(element, ".hide-faces input");
    this.start = button(element, ".start");
    const does = { outcome, heard: () => {}, show: () => this.show() };
    this.own = new OwnJob(element, "export-masks", does);
    bindButton("data", this.start, () => this.begin());
    jobs.watch(() => this.own.follow());
  }

  /** What is marked of the listed takes; all of them where none is. */
  get takes() {
    return this.marks.chosen().filter(({ masks }) => masks > 0);
  }

  async begin() {
    const ids = this.takes.map(({ id }) => id).reverse(); // the oldest first
    await this.own.begin({
      takes: ids,
      format: this.format.value,
      hide_faces: this.hidesFaces.checked,
    });
  }

  show() {
    const { length } = this.takes;
    setText(this.start.firstChild, `Export masks of ${counted(length, "take")} `);
    setDisabled(this.start, this.own.running || !length);
    this.own.show();
  }
}

/** @param {Job} job */
function outcome({ state, result }) {
  if (state === "cancelled") return "Cancelled. Nothing was written.";
  const { folder, frames = 0, masks = 0, incomplete = 0 } = result;
  const unsaid = `Left out: ${counted(incomplete, "frame")} in which an object has no mask.`;
  const why = takes.leftOut(result.left_out ?? {});
  const words = [
    `${counted(masks, "mask")} in ${counted(frames, "frame")}: ${folder}.`,
    incomplete ? unsaid : "",
    ...why,
  ];
  return words.filter(Boolean).join(" ");
}
