// Many layouts in simulation: the success rate with its interval, each layout by itself.

import { api } from "../shared/api.js";
import { button, find, input, make, refill } from "../shared/dom.js";
import { duration, percent, wilson } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { station } from "../shared/station.js";

/** @import { JobDetail, Trial } from "../shared/messages" */
/** @typedef {{policy: {adapter?: string, base?: string}, scene: {verb?: string, split?: string}}} Subject */

const LOOK_MS = 1500;
const RUNNING = ["queued", "running"];

export class Batch {
  /** @param {HTMLElement} element @param {() => Subject} subject */
  constructor(element, subject) {
    this.subject = subject;
    this.count = input(element, "#rollout-count");
    this.results = find(element, ".results");
    this.id = "";
    this.seen = "";
    bindButton("rollout", button(element, ".start-batch"), () => this.start());
    find(element, "form").addEventListener("submit", (event) => event.preventDefault());
    jobs.watch(() => this.look());
    setInterval(() => this.look(), LOOK_MS);
    this.show(null);
  }

  async start() {
    const { policy, scene } = this.subject();
    const config = { ...scene, ...policy, rollouts: Number(this.count.value) };
    const job = await saying(() => api.post("/api/jobs", { kind: "evaluate", config }));
    if (job) this.id = job.id;
  }

  async look() {
    const fits = jobs.all.filter((each) => each.kind === "evaluate");
    const job = this.id ? jobs.all.find((each) => each.id === this.id) : fits[0];
    if (!job || !this.results.offsetParent || document.hidden) return;
    const signature = JSON.stringify(job);
    if (signature === this.seen) return;
    this.seen = signature;
    const detail = await saying(() => api.get(`/api/jobs/${job.id}`));
    if (detail) this.show(detail);
  }

  /** @param {JobDetail | null} job */
  show(job) {
    const trials = /** @type {Trial[]} */ (/** @type {unknown} */ (job?.metrics ?? []));
    const signature = JSON.stringify([job?.state, job?.message, trials.length]);
    refill(this.results, signature, () => (job ? results(job, trials) : [empty()]));
  }
}

function empty() {
  const how = "B tries the chosen policy on layouts that it has not seen.";
  return make("p", { class: "empty" }, make("b", {}, "Nothing evaluated yet"), how);
}

/** @param {JobDetail} job @param {Trial[]} trials */
function results(job, trials) {
  const cancel = () => saying(() => api.post(`/api/jobs/${job.id}/cancel`));
  const told = stateOf(job);
  /** @type {HTMLElement[]} */
  const nodes = [
    rate(trials, told),
    make("div", { class: "trials" }, ...trials.map((each) => dot(job, each))),
  ];
  if (trials.length) nodes.push(make("span", { class: "hint" }, told));
  if (RUNNING.includes(job.state)) nodes.push(make("button", { onclick: cancel }, "Cancel"));
  return nodes;
}

/** @param {JobDetail} job */
function stateOf(job) {
  if (job.state === "done") return "";
  if (job.state === "cancelled") return "cancelled";
  if (!RUNNING.includes(job.state)) return `${job.state}: ${job.message}`;
  const left = job.eta_s ? `${duration(job.eta_s)} left` : job.message || "starting";
  return `${job.state} · ${left}`;
}

/** @param {Trial[]} trials @param {string} told */
function rate(trials, told) {
  const { length } = trials;
  const good = trials.filter((trial) => trial.success).length;
  const [low, high] = wilson(good, length);
  const interval = `${good} of ${length}, 95 %: ${percent(low)} – ${percent(high)}`;
  const share = length ? percent(good / length) : "–";
  return make("div", { class: "rate" }, share, make("small", {}, length ? interval : told));
}

/** @param {JobDetail} job @param {Trial} trial */
function dot({ config: { verb, split } }, { seed, instruction, success, reason }) {
  const ended = success ? "Succeeded." : reason || "Failed.";
  return make(
    "button",
    {
      class: success ? "passed" : "failed",
      title: `Layout ${seed}: ${instruction}. ${ended} Click to set it up.`,
      onclick: () => station.command("reset", { seed, verb, split }),
    },
    success ? "✓" : "✗",
  );
}
