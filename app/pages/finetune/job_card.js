// One job: stage, progress, time left, loss curves, what it looks at, log, cancel, resume.

import { api } from "../shared/api.js";
import { find, make, refill, setText } from "../shared/dom.js";
import { day, duration, percent } from "../shared/format.js";
import { css } from "../shared/masks.js";
import { saying } from "../shared/notices.js";
import { drawChart, seriesOf } from "./chart.js";

const LOOK_MS = 1000;
const RUNNING = ["queued", "running"];

export class JobCard {
  constructor(element) {
    this.element = element;
    this.body = find(element, ".body");
    this.which = find(element, ".which");
    this.which.addEventListener("change", () => this.choose(this.which.value));
    this.metrics = [];
    setInterval(() => this.look(), LOOK_MS);
    new ResizeObserver(() => this.draw()).observe(this.body);
    window.addEventListener("appearance", () => this.draw());
  }

  choose(id) {
    if (this.id !== id) Object.assign(this, { id, metrics: [], detail: null });
    this.chosen = true;
    this.look(true);
  }

  show(all) {
    this.all = all;
    refill(this.which, JSON.stringify(all.map((job) => [job.id, job.title, job.state])), () =>
      all.map((job) =>
        make("option", { value: job.id }, `${job.title} · ${day(job.created)} · ${job.state}`),
      ),
    );
    this.which.hidden = !all.length;
    const newest = all.find((job) => RUNNING.includes(job.state)) ?? all[0];
    if (!this.chosen && newest && newest.id !== this.id)
      Object.assign(this, { id: newest.id, metrics: [], detail: null });
    if (this.id) this.which.value = this.id;
    this.job = all.find((job) => job.id === this.id);
    this.render();
    this.look();
  }

  async look(now = false) {
    const wanted = this.id && this.element.offsetParent && !document.hidden;
    const ended =
      this.detail && !RUNNING.includes(this.detail.state) && this.detail.state === this.job?.state;
    if (!wanted || this.looking || (ended && !now)) return;
    this.looking = true;
    const { id } = this;
    const detail = await saying(() => api.get(`/api/jobs/${id}?after=${this.metrics.length}`));
    this.looking = false;
    if (!detail || id !== this.id) return;
    this.metrics.push(...detail.metrics);
    this.detail = detail;
    this.job = detail;
    this.render();
  }

  render() {
    const { job } = this;
    refill(this.body, `${job?.id}`, () => (job ? this.build() : [this.empty()]));
    if (!job) return;
    setText(
      this.stage,
      job.stage && RUNNING.includes(job.state) ? `${job.state} · ${job.stage}` : job.state,
    );
    setText(this.message, job.state === "cancelled" ? "" : job.message);
    this.bar.value = job.progress;
    const left =
      job.eta_s === null || !RUNNING.includes(job.state) ? "" : ` · ${duration(job.eta_s)} left`;
    setText(this.share, `${percent(job.progress)}${left}`);
    this.cancel.hidden = !RUNNING.includes(job.state);
    this.resume.hidden = !["failed", "crashed", "cancelled"].includes(job.state);
    this.showPictures();
    this.draw();
  }

  empty() {
    return make(
      "p",
      { class: "empty" },
      make("b", {}, "No jobs yet"),
      "Choose takes and press Fine-tune. The job goes on when this page is closed, and is here when you come back.",
    );
  }

  build() {
    const act = (what) => () =>
      saying(() => api.post(`/api/jobs/${this.id}/${what}`)).then(() => this.look(true));
    this.stage = make("b", {});
    this.share = make("span", { class: "share" });
    this.bar = make("progress", { max: 1, value: 0, "aria-label": "Progress of the job" });
    this.message = make("p", { class: "message" });
    this.cancel = make("button", { onclick: act("cancel") }, "Cancel");
    this.resume = make("button", { onclick: act("resume") }, "Resume");
    this.chart = make("canvas", { class: "chart", role: "img", "aria-label": "Loss by step" });
    this.legend = make("div", { class: "legend" });
    this.pictures = make("div", { class: "pictures" });
    this.log = make("pre", {});
    const log = make(
      "details",
      { ontoggle: () => this.readLog() },
      make("summary", {}, "Log"),
      this.log,
    );
    return [
      make("div", { class: "state" }, this.stage, this.share, this.cancel, this.resume),
      this.bar,
      this.message,
      this.legend,
      this.chart,
      this.pictures,
      log,
    ];
  }

  async readLog() {
    const answer = await saying(() => api.get(`/api/jobs/${this.id}/log`));
    if (answer) setText(this.log, answer.log || "Nothing was printed.");
  }

  showPictures() {
    const pictures = this.detail?.pictures ?? [];
    refill(this.pictures, JSON.stringify(pictures), () =>
      pictures.map(({ name, changed }) =>
        make(
          "figure",
          {},
          make("img", {
            src: `/api/jobs/${this.id}/pictures/${name}?${changed}`,
            alt: `What it looks at: ${name.split(".")[0]}`,
          }),
          make(
            "figcaption",
            {},
            name.split(".")[0] === "grounding" ? "Where it looks, on sample frames" : name,
          ),
        ),
      ),
    );
  }

  draw() {
    if (!this.chart?.isConnected) return;
    const series = seriesOf(this.metrics);
    const names = Object.keys(series);
    this.chart.hidden = !names.length;
    refill(this.legend, JSON.stringify(names), () =>
      names.map((name, index) =>
        make("span", {}, make("i", { style: `background:${css(index)}` }), name),
      ),
    );
    drawChart(this.chart, series, "report");
  }
}
