// One job: stage, progress, time left, loss curves, what it looks at, log, cancel, resume.

import { api } from "../shared/api.js";
import {
  find,
  make,
  refill,
  select,
  setChoices,
  setDisabled,
  setText,
  toggleHidden,
} from "../shared/dom.js";
import { day } from "../shared/format.js";
import { isRunning, messageOf, shareOf, showProgress, stateOf } from "../shared/job_words.js";
import { saying } from "../shared/notices.js";
import { css } from "../shared/palette.js";
import { drawChart } from "./chart.js";
import { offlineRows, offlineTable } from "./offline.js";
import { seriesOf } from "./series.js";

/** @import { Job, JobDetail, Metrics } from "../shared/messages" */

const LOOK_MS = 1000;
const RESUMABLE = ["failed", "crashed", "cancelled"];
/** @type {Record<string, string>} */
const CAPTIONS = {
  "grounding.jpg": "Where it looks, on sample frames",
  "open_loop.jpg":
    "Where it would go next (orange) and where the hand went (grey), tick by tick of a take",
};

export class JobCard {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.body = find(element, ".body");
    this.which = select(element, ".which");
    this.which.addEventListener("change", () => this.choose(this.which.value));
    this.id = "";
    this.chosen = false;
    this.looking = false;
    /** @type {Metrics[]} */
    this.metrics = [];
    /** @type {Job | undefined} */
    this.job = undefined;
    /** @type {JobDetail | null} */
    this.detail = null;
    this.parts = this.build();
    setInterval(() => this.look(), LOOK_MS);
    new ResizeObserver(() => this.draw()).observe(this.body);
    window.addEventListener("appearance", () => this.draw());
  }

  build() {
    return {
      stage: make("b", {}),
      share: make("span", { class: "share" }),
      bar: make("progress", { max: 1, value: 0, "aria-label": "Progress of the job" }),
      message: make("p", { class: "message" }),
      cancel: make("button", { onclick: () => this.act("cancel") }, "Cancel"),
      resume: make("button", { onclick: () => this.act("resume") }, "Resume"),
      chart: make("canvas", { class: "chart", role: "img", "aria-label": "Loss by step" }),
      legend: make("div", { class: "legend" }),
      offline: make("div", {}),
      pictures: make("div", { class: "pictures" }),
      log: make("pre", {}),
    };
  }

  /** @param {"cancel" | "resume"} what */
  async act(what) {
    const { id, parts } = this;
    setDisabled(parts[what], true);
    /** @type {Job | null} */
    const job = await saying(() => api.post(`/api/jobs/${id}/${what}`));
    setDisabled(parts[what], false);
    if (job && id === this.id) this.job = job;
    this.render();
    this.look(true);
  }

  /** @param {string} id */
  change(id) {
    if (this.id !== id) Object.assign(this, { id, metrics: [], detail: null });
  }

  /** @param {string} id */
  choose(id) {
    this.change(id);
    this.chosen = true;
    this.look(true);
  }

  /** @param {Job[]} all */
  show(all) {
    setChoices(
      this.which,
      all.map((job) => ({
        value: job.id,
        text: `${job.title} · ${day(job.created)} · ${job.state}`,
      })),
    );
    toggleHidden(this.which, !all.length);
    const newest = all.find(isRunning) ?? all[0];
    if (!this.chosen && newest) this.change(newest.id);
    if (this.id) this.which.value = this.id;
    this.job = all.find((job) => job.id === this.id);
    this.render();
    this.look();
  }

  async look(now = false) {
    const wanted = this.id && this.element.offsetParent && !document.hidden;
    const ended = this.detail && !isRunning(this.detail) && this.detail.state === this.job?.state;
    if (!wanted || this.looking || (ended && !now)) return;
    this.looking = true;
    const { id } = this;
    const path = `/api/jobs/${id}?after=${this.metrics.length}`;
    /** @type {JobDetail | null} */
    const detail = await saying(() => api.get(path));
    this.looking = false;
    if (!detail || id !== this.id) return;
    this.metrics.push(...detail.metrics);
    this.job = this.detail = detail;
    this.render();
  }

  render() {
    const { job, parts } = this;
    refill(this.body, `${job?.id}`, () => (job ? this.layout() : [empty()]));
    if (!job) return;
    setText(parts.stage, stateOf(job));
    setText(parts.message, messageOf(job));
    setText(parts.share, shareOf(job));
    showProgress(parts.bar, job);
    toggleHidden(parts.cancel, !isRunning(job) || job.stopping);
    toggleHidden(parts.resume, !RESUMABLE.includes(job.state));
    this.showOffline();
    this.showPictures();
    this.draw();
  }

  layout() {
    const { stage, share, cancel, resume, bar, message, legend, chart, log } = this.parts;
    const { offline, pictures } = this.parts;
    const state = make("div", { class: "state" }, stage, share, cancel, resume);
    const more = { ontoggle: () => this.readLog() };
    setText(log, "");
    const details = make("details", more, make("summary", {}, "Log"), log);
    return [state, bar, message, legend, chart, offline, pictures, details];
  }

  async readLog() {
    const answer = await saying(() => api.get(`/api/jobs/${this.id}/log`));
    if (answer) setText(this.parts.log, answer.log || "Nothing was printed.");
  }

  showOffline() {
    const rows = offlineRows(this.metrics);
    refill(this.parts.offline, JSON.stringify([this.id, rows]), () => offlineTable(rows));
  }

  showPictures() {
    const pictures = this.detail?.pictures ?? [];
    refill(this.parts.pictures, JSON.stringify([this.id, pictures]), () =>
      pictures.map(({ name, changed }) => {
        const src = `/api/jobs/${this.id}/pictures/${name}?${changed}`;
        const caption = CAPTIONS[name] ?? name;
        const image = make("img", { src, alt: caption });
        return make("figure", {}, image, make("figcaption", {}, caption));
      }),
    );
  }

  draw() {
    const { chart, legend } = this.parts;
    if (!chart.isConnected) return;
    const series = seriesOf(this.metrics);
    const names = Object.keys(series);
    toggleHidden(chart, !names.length);
    refill(legend, JSON.stringify(names), () =>
      names.map((name, index) =>
        make("span", {}, make("i", { style: `background:${css(index)}` }), name),
      ),
    );
    drawChart(chart, series, "step");
  }
}

function empty() {
  const how =
    "Choose takes and press Fine-tune. The job goes on when this page is closed, and is here when you come back.";
  return make("p", { class: "empty" }, make("b", {}, "No jobs yet"), how);
}
