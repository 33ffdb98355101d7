// Many layouts in simulation: the success rate with its interval, each layout by itself.

import { api } from "../shared/api.js";
import { find, make, refill } from "../shared/dom.js";
import { duration, percent, wilson } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { station } from "../shared/station.js";

const LOOK_MS = 1500;
const ended = (job) =>
  ({ done: "", cancelled: "cancelled" })[job.state] ?? `${job.state}: ${job.message}`;

export class Batch {
  constructor(element, subject) {
    this.subject = subject;
    this.count = find(element, "#rollout-count");
    this.results = find(element, ".results");
    bindButton("rollout", find(element, ".start-batch"), () => this.start());
    find(element, "form").addEventListener("submit", (event) => event.preventDefault());
    jobs.watch(() => this.look());
    setInterval(() => this.look(), LOOK_MS);
    this.show(null);
  }

  async start() {
    const { adapter, base, verb, split } = this.subject();
    const config = {
      verb,
      split,
      rollouts: Number(this.count.value),
      ...(adapter ? { adapter } : { base }),
    };
    const job = await saying(() => api.post("/api/jobs", { kind: "evaluate", config }));
    if (job) this.id = job.id;
  }

  async look() {
    const job = jobs.all.find((each) => (this.id ? each.id === this.id : each.kind === "evaluate"));
    if (!job || !this.results.offsetParent || document.hidden) return;
    const signature = JSON.stringify(job);
    if (signature === this.seen) return;
    this.seen = signature;
    const detail = await saying(() => api.get(`/api/jobs/${job.id}`));
    if (detail) this.show(detail);
  }

  show(job) {
    const trials = job?.metrics ?? [];
    refill(this.results, JSON.stringify([job?.state, job?.message, trials.length]), () =>
      job
        ? this.build(job, trials)
        : [
            make(
              "p",
              { class: "empty" },
              make("b", {}, "Nothing evaluated yet"),
              "B tries the chosen policy on layouts that it has not seen.",
            ),
          ],
    );
  }

  build(job, trials) {
    const good = trials.filter((trial) => trial.success).length;
    const [low, high] = wilson(good, trials.length);
    const running = ["queued", "running"].includes(job.state);
    const cancel = make(
      "button",
      { onclick: () => saying(() => api.post(`/api/jobs/${job.id}/cancel`)) },
      "Cancel",
    );
    const told = running
      ? `${job.state} · ${job.eta_s ? `${duration(job.eta_s)} left` : job.message || "starting"}`
      : ended(job);
    const rate = make(
      "div",
      { class: "rate" },
      trials.length ? percent(good / trials.length) : "–",
      make(
        "small",
        {},
        trials.length
          ? `${good} of ${trials.length}, 95 %: ${percent(low)} – ${percent(high)}`
          : told,
      ),
    );
    const dots = trials.map((trial) =>
      make(
        "button",
        {
          class: trial.success ? "passed" : "failed",
          title: `Layout ${trial.seed}: ${trial.instruction}. ${trial.success ? "Succeeded." : trial.reason || "Failed."} Click to set it up.`,
          onclick: () =>
            station.command("reset", {
              seed: trial.seed,
              verb: job.config.verb,
              split: job.config.split,
            }),
        },
        trial.success ? "✓" : "✗",
      ),
    );
    return [
      rate,
      make("div", { class: "trials" }, ...dots),
      trials.length ? make("span", { class: "hint" }, told) : null,
      running ? cancel : null,
    ].filter(Boolean);
  }
}
