// Takes as a data set that others train on, or as files to look at: a job, which goes on when the
// page is closed, and where it stopped.

import { api } from "../shared/api.js";
import { counted } from "../shared/counted.js";
import { button, find, input, select, setDisabled, setText, toggleHidden } from "../shared/dom.js";
import { isRunning } from "../shared/job_words.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */
/** @import { TakeMarks } from "./marks.js" */

export class TakeExport {
  /** @param {HTMLElement} page
   * @param {TakeMarks} marks */
  constructor(page, marks) {
    const element = find(page, ".export.takes");
    this.element = element;
    this.marks = marks;
    this.start = button(element, ".start");
    this.resume = button(element, ".resume");
    this.none = find(element, ".none");
    const does = { outcome, heard: () => {}, show: () => this.show() };
    this.own = new OwnJob(element, "export-takes", does);
    bindButton("data", this.start, () => this.begin());
    this.resume.addEventListener("click", () => this.goOn());
    select(element, ".format").addEventListener("change", () => this.show());
    jobs.watch(() => this.own.follow());
  }

  /** What is marked of the listed takes; where none is, those of them that succeeded. */
  get takes() {
    return this.marks.chosen(({ success }) => success === true).filter(({ pictures }) => !pictures);
  }

  async begin() {
    const ids = this.takes.map(({ id }) => id).reverse(); // the oldest first
    const { format } = this;
    await this.own.begin({ takes: ids, format, options: { ...this.common, ...this.special } });
  }

  /** @param {string} name */
  chosen(name) {
    return select(this.element, name).value;
  }

  get format() {
    return this.chosen(".format");
  }

  /** What every format is asked for. */
  get common() {
    const cameras = input(this.element, ".cameras").value.split(",");
    return {
      cameras: cameras.map((name) => name.trim()).filter(Boolean),
      hide_faces: input(this.element, ".hide-faces input").checked,
    };
  }

  /** What those are asked for that have ticks of one rate and pictures of one size. */
  get ticks() {
    const size = this.chosen(".size");
    return {
      rate_hz: Number(this.chosen(".rate")) || null,
      size: size ? size.split(" ").map(Number) : null,
    };
  }

  /** What this one alone is. */
  get special() {
    if (this.format === "mcap") return {};
    if (this.format === "lerobot") return { ...this.ticks, actions: this.chosen(".actions") };
    if (this.format === "rlds") return { ...this.ticks, name: input(this.element, ".name").value };
    return { ...this.ticks, next_pictures: Boolean(this.chosen(".next")) };
  }

  async goOn() {
    await saying(() => api.post(`/api/jobs/${this.own.id}/resume`));
  }

  show() {
    const { length } = this.takes;
    const { job } = this.own;
    const { format } = this;
    setText(this.start.firstChild, `Export ${counted(length, "take")} `);
    toggleHidden(select(this.element, ".actions"), format !== "lerobot");
    toggleHidden(select(this.element, ".next"), format !== "robomimic");
    toggleHidden(input(this.element, ".name"), format !== "rlds");
    toggleHidden(select(this.element, ".rate"), format === "mcap");
    toggleHidden(select(this.element, ".size"), format === "mcap");
    setDisabled(this.start, this.own.running || !length);
    toggleHidden(this.none, this.own.running || length > 0 || !this.marks.chosen().length);
    toggleHidden(this.resume, !job || isRunning(job) || job.state === "done");
    this.own.show();
  }
}

/** @param {Job} job */
function outcome({ state, result }) {
  if (state === "cancelled") return "Cancelled. What was made of takes is kept to go on.";
  const { folder, episodes = 0, frames = 0 } = result;
  const words = `${counted(episodes, "episode")} of ${counted(frames, "frame")}: ${folder}.`;
  return [words, ...takes.leftOut(result.left_out ?? {})].join(" ");
}
