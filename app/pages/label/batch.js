// Propagation in all takes that wait for it: a job, which goes on when the page is closed.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { button, find, setDisabled, setText, toggleHidden } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */

const KIND = "propagate";
const RUNNING = ["queued", "running"];
const LEFT_ALONE = ["done", "approved"];

export class Batch {
  /** @param {HTMLElement} element @param {{propagator: string}} labeler has the name of the chosen one
   * @param {() => void} written told when masks may be new */
  constructor(element, labeler, written) {
    this.element = element;
    this.labeler = labeler;
    this.written = written;
    this.start = button(element, ".start");
    this.bar = find(element, "progress", HTMLProgressElement);
    this.id = ""; // of the job that is shown
    this.heard = "";
    bindButton("label", this.start, () => this.begin());
    button(element, ".cancel").addEventListener("click", () =>
      saying(() => api.post(`/api/jobs/${this.id}/cancel`)),
    );
    connection.on("label_changed", ({ take }) => {
      if (takes.find(take)?.masks === 0) takes.refresh(); // it may have its first one
    });
    takes.watch(() => this.show());
    jobs.watch(() => this.follow());
  }

  /** Takes that somebody clicked in and that are not labelled through. */
  get waiting() {
    return takes.kept.filter(
      ({ damaged, masks, labelled, review }) =>
        !damaged && masks > 0 && labelled < 1 && !LEFT_ALONE.includes(review),
    );
  }

  get job() {
    return jobs.all.find(({ id }) => id === this.id);
  }

  async begin() {
    await takes.refresh();
    const { propagator } = this.labeler;
    const config = { takes: this.waiting.map(({ id }) => id), author: author.name, propagator };
    if (!config.takes.length) return;
    const job = await saying(() => api.post("/api/jobs", { kind: KIND, config }));
    if (job) this.id = job.id;
    this.follow();
  }

  /** The job that runs, or the newest, whoever started it. */
  follow() {
    const own = jobs.all.filter(({ kind }) => kind === KIND);
    const running = own.find(({ state }) => RUNNING.includes(state));
    this.id = (running ?? own[0])?.id ?? this.id;
    const { job } = this;
    const heard = job ? `${job.id} ${job.state} ${job.message}` : "";
    if (heard !== this.heard) {
      this.heard = heard;
      takes.refresh();
      this.written();
    }
    this.show();
  }

  show() {
    const { job, waiting } = this;
    const running = Boolean(job && RUNNING.includes(job.state));
    const { length } = waiting;
    setText(this.start.firstChild, `Propagate ${length} take${length === 1 ? "" : "s"} `);
    setDisabled(this.start, running || !length);
    toggleHidden(find(this.element, ".progress"), !running);
    this.bar.value = job?.progress ?? 0;
    setText(find(this.element, ".outcome"), job ? outcome(job) : "");
  }
}

/** @param {Job} job */
function outcome({ state, message, result }) {
  if (state === "queued") return "Waits to begin.";
  if (state === "running") return message || "Begins.";
  if (state === "cancelled") return "Cancelled. Takes that were done keep their masks.";
  if (state !== "done") return message || "The job ended before it was done.";
  const left = Object.entries(result.left_out ?? {});
  const why = left.map(([id, reason]) => `Take ${takes.find(id)?.number ?? id}: ${reason}`);
  return [`Done in ${result.takes} of ${(result.takes ?? 0) + left.length}.`, ...why].join(" ");
}
