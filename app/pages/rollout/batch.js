// Many layouts in simulation: how often the chosen policy succeeds, with the interval, and each
// layout by itself. Every evaluation stays; the list has those of this policy.

import { api } from "../shared/api.js";
import {
  button,
  find,
  input,
  make,
  refill,
  select,
  setChoices,
  setDisabled,
  toggleHidden,
} from "../shared/dom.js";
import { day, percent, wilson } from "../shared/format.js";
import { isRunning, messageOf, scenesOf, stateOf, timeOf } from "../shared/job_words.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { during } from "../shared/pending.js";
import { station } from "../shared/station.js";

/** @import { Job, JobDetail, Trial } from "../shared/messages" */
/** @typedef {{adapter?: string, base?: string}} Policy */
/** @typedef {{name: string, policy: Policy, scene: {verb?: string, split?: string}}} Subject */

const LOOK_MS = 1500;

export class Batch {
  /** @param {HTMLElement} element @param {() => Subject} subject */
  constructor(element, subject) {
    this.subject = subject;
    this.count = input(element, "#rollout-count");
    this.which = select(element, ".which");
    this.results = find(element, ".results");
    this.button = button(element, ".start-batch");
    this.id = ""; // of the evaluation that is shown
    this.seen = "";
    this.which.addEventListener("change", () => this.choose(this.which.value));
    bindButton("rollout", this.button, () => this.start());
    find(element, "form").addEventListener("submit", (event) => event.preventDefault());
    jobs.watch(() => this.look());
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Evaluations of the chosen policy, the newest first. */
  get own() {
    const { policy } = this.subject();
    return jobs.all.filter(({ kind, asked }) => kind === "evaluate" && isOf(asked, policy));
  }

  async start() {
    const { policy, scene } = this.subject();
    const config = { ...scene, ...policy, rollouts: Number(this.count.value) };
    setDisabled(this.button, true);
    const ask = () => api.post("/api/jobs", { kind: "evaluate", config });
    const job = await saying(() => during("starting the evaluation", ask()));
    setDisabled(this.button, false);
    if (job) this.choose(job.id);
  }

  /** @param {string} id */
  choose(id) {
    this.id = id;
    this.look();
  }

  async look() {
    if (!this.results.offsetParent || document.hidden) return;
    const { own } = this;
    const job = own.find((each) => each.id === this.id) ?? own[0];
    this.showList(own, job);
    const { name } = this.subject();
    const signature = JSON.stringify([name, job ?? null, job && isRunning(job) && timeOf(job)]);
    if (signature === this.seen) return;
    this.seen = signature;
    if (!job) return this.show(null);
    const detail = await saying(() => api.get(`/api/jobs/${job.id}`));
    if (detail && signature === this.seen) this.show(detail);
  }

  /** @param {Job[]} own @param {Job | undefined} job */
  showList(own, job) {
    setChoices(
      this.which,
      own.map((each) => ({ value: each.id, text: lineOf(each) })),
    );
    toggleHidden(this.which, !own.length);
    if (job) this.which.value = job.id;
  }

  /** @param {JobDetail | null} job */
  show(job) {
    const { name } = this.subject();
    const trials = /** @type {Trial[]} */ (/** @type {unknown} */ (job?.metrics ?? []));
    const signature = JSON.stringify([name, job && { ...job, metrics: trials.length }]);
    refill(this.results, signature, () => (job ? results(name, job, trials) : [empty(name)]));
  }
}

/** @param {Policy} asked @param {Policy} policy */
const isOf = (asked, policy) =>
  asked.adapter || policy.adapter ? asked.adapter === policy.adapter : asked.base === policy.base;

/** @param {Job} job */
function lineOf(job) {
  const { success, rollouts } = job.result;
  const found = success === undefined ? job.state : `${percent(success)} of ${rollouts}`;
  return [found, scenesOf(job.asked), day(job.created)].filter(Boolean).join(" · ");
}

/** @param {string} name */
function empty(name) {
  const how = "B tries it on layouts that it has not seen.";
  return make("p", { class: "empty" }, make("b", {}, `${name} was not evaluated yet`), how);
}

/** @param {string} name @param {JobDetail} job @param {Trial[]} trials */
function results(name, job, trials) {
  const cancel = () => saying(() => api.post(`/api/jobs/${job.id}/cancel`));
  const nodes = [
    rate(name, job, trials),
    make("div", { class: "trials" }, ...trials.map((each) => dot(job, each))),
    make("span", { class: "hint" }, told(job)),
  ];
  if (isRunning(job) && !job.stopping) nodes.push(make("button", { onclick: cancel }, "Cancel"));
  return nodes;
}

/** @param {JobDetail} job */
function told(job) {
  if (job.state === "done") return "";
  const time = timeOf(job);
  return [stateOf(job), messageOf(job), time].filter(Boolean).join(" · ");
}

/** @param {string} name @param {JobDetail} job @param {Trial[]} trials */
function rate(name, job, trials) {
  const { length } = trials;
  const good = trials.filter((trial) => trial.success).length;
  const [low, high] = wilson(good, length);
  const interval = `${good} of ${length}, 95 %: ${percent(low)} – ${percent(high)}`;
  return make(
    "div",
    { class: "rate" },
    length ? percent(good / length) : "–",
    make("small", {}, [name, scenesOf(job.asked)].filter(Boolean).join(": ")),
    make("small", {}, length ? interval : "no layout tried yet"),
  );
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
