// The one job of a kind that a card shows: how far it is, a button to cancel it, what came of it.

import { api } from "./api.js";
import { button, find, setText, toggleHidden } from "./dom.js";
import { isRunning } from "./job_words.js";
import { jobs } from "./jobs.js";
import { saying } from "./notices.js";

/** @import { Job } from "./messages" */

export class OwnJob {
  /** @param {HTMLElement} element with .progress, .cancel and .outcome
   * @param {string} kind
   * @param {{outcome: (job: Job) => string, heard: () => void, show: () => void}} does ``heard`` when
   * something of the job is new */
  constructor(element, kind, does) {
    this.element = element;
    this.kind = kind;
    this.does = does;
    this.bar = find(element, "progress", HTMLProgressElement);
    this.id = "";
    this.told = "";
    button(element, ".cancel").addEventListener("click", () =>
      saying(() => api.post(`/api/jobs/${this.id}/cancel`)),
    );
  }

  get job() {
    return jobs.all.find(({ id }) => id === this.id);
  }

  get running() {
    const { job } = this;
    return Boolean(job && isRunning(job));
  }

  /** @param {object} config */
  async begin(config) {
    const job = await saying(() => api.post("/api/jobs", { kind: this.kind, config }));
    if (job) this.id = job.id;
    this.follow();
  }

  /** The job that runs, or the newest, whoever started it. */
  follow() {
    const own = jobs.all.filter(({ kind }) => kind === this.kind);
    this.id = (own.find(isRunning) ?? own[0])?.id ?? this.id;
    const { job } = this;
    const told = job ? `${job.id} ${job.state} ${job.message}` : "";
    if (told !== this.told) {
      this.told = told;
      this.does.heard();
    }
    this.does.show();
  }

  show() {
    const { job } = this;
    toggleHidden(find(this.element, ".progress"), !this.running);
    this.bar.value = job?.progress ?? 0;
    setText(find(this.element, ".outcome"), job ? this.words(job) : "");
  }

  /** @param {Job} job */
  words(job) {
    if (job.state === "queued") return "Waits to begin.";
    if (job.state === "running") return job.message || "Begins.";
    if (job.state === "done" || job.state === "cancelled") return this.does.outcome(job);
    return job.message || "The job ended before it was done.";
  }
}
