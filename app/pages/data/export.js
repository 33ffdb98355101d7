// Masks of takes in the formats of others: a job, which goes on when the page is closed.

import { counted } from "../shared/counted.js";
import { button, find, make, select, setDisabled, setText } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bind, bindButton } from "../shared/keys.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job, TakeRow } from "../shared/messages" */

export class MaskExport {
  /** @param {HTMLElement} element
   * @param {{list: TakeRow[], chosen: string | null, show: () => void}} page */
  constructor(element, page) {
    this.page = page;
    /** Ids of takes that somebody marked. @type {Set<string>} */
    this.marked = new Set();
    this.format = select(element, ".format");
    this.start = button(element, ".start");
    const does = { outcome, heard: () => {}, show: () => this.show() };
    this.own = new OwnJob(find(element, ".export"), "export-masks", does);
    bindButton("data", this.start, () => this.begin());
    bind(
      "data",
      "m",
      () => this.mark(page.chosen ?? ""),
      () => page.chosen !== null,
    );
    jobs.watch(() => this.own.follow());
  }

  /** @param {string} id */
  mark(id) {
    if (!this.marked.delete(id)) this.marked.add(id);
    this.page.show();
  }

  /** What is marked of the listed takes; all of them where none is. */
  get takes() {
    const list = this.page.list.filter(({ deleted, damaged }) => !deleted && !damaged);
    const marked = list.filter(({ id }) => this.marked.has(id));
    return (marked.length ? marked : list).filter(({ masks }) => masks > 0);
  }

  async begin() {
    const ids = this.takes.map(({ id }) => id).reverse(); // the oldest first
    await this.own.begin({ takes: ids, format: this.format.value });
  }

  /** @param {TakeRow} take */
  box({ id, number }) {
    const checked = this.marked.has(id);
    const label = `Mark take ${number}`;
    /** @param {Event} event */
    const onclick = (event) => event.stopPropagation(); // it chooses no take
    const onchange = () => this.mark(id);
    return make("input", { type: "checkbox", checked, "aria-label": label, onclick, onchange });
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
