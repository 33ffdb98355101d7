// A method of the labeler: its weights, those that are published, and what can be done.

import { api } from "../shared/api.js";
import { confirmed } from "../shared/dialogs.js";
import { make, setChoices, setDisabled, setText, toggleHidden } from "../shared/dom.js";
import { bytes } from "../shared/format.js";
import { isRunning, messageOf, shareOf, showProgress } from "../shared/job_words.js";
import { detailsOf, factsOf, fetchWords, lightOf, placeOf, roleOf } from "./model_words.js";
import { OwnWeights } from "./own_weights.js";

/** @import { Job, MethodWeights, ModelList, PublishedWeights } from "../shared/messages" */
/** @typedef {(list: ModelList) => void} Changed */

const FAILED = ["failed", "crashed"];

export class ModelRow {
  /** @param {MethodWeights} method @param {Changed} changed told what there is after a change */
  constructor(method, changed) {
    this.method = method;
    this.changed = changed;
    /** @type {Job[]} */
    this.jobs = []; // that fetch anything, the newest first
    this.refused = "";
    this.own = new OwnWeights(method.name, changed, () => this.render());
    this.parts = this.build(method.name);
    this.element = this.layout(method.name);
  }

  /** @param {string} name */
  build(name) {
    /** @param {string} text @param {() => unknown} onclick @param {string} [kind] */
    const act = (text, onclick, kind) => make("button", { class: kind, onclick }, text);
    const choose = { "aria-label": `Weights for ${name}`, onchange: () => this.render() };
    return {
      light: make("i", { class: "light", "aria-hidden": "true" }),
      role: make("small", {}),
      weights: make("div", { class: "weights" }),
      folder: make("span", { class: "folder" }),
      file: make("b", {}),
      facts: make("small", {}),
      fetching: make("div", { class: "fetching" }),
      bar: make("progress", { max: 1, value: 0, "aria-label": `Fetching for ${name}` }),
      share: make("small", {}),
      acts: make("div", { class: "acts" }),
      which: make("select", choose),
      fetch: act("Fetch", () => this.fetch()),
      use: act("Use", () => this.use()),
      cancel: act("Cancel", () => this.cancel()),
      remove: act("Remove", () => this.remove(), "quiet"),
      forget: act("Forget", () => this.forget(), "quiet"),
      problem: make("p", { class: "problem", id: this.own.problemId, role: "alert" }),
    };
  }

  /** @param {string} name */
  layout(name) {
    const { light, role, weights, folder, file, facts, fetching, acts, problem } = this.parts;
    weights.append(make("p", {}, folder, file), facts);
    fetching.append(this.parts.bar, this.parts.share);
    const { which, fetch, use, cancel, remove, forget } = this.parts;
    acts.append(which, fetch, use, cancel, remove, this.own.open, forget);
    const what = make("div", { class: "what" }, make("b", {}, name), role);
    const dataset = { model: name };
    return make("li", { dataset }, light, what, weights, fetching, acts, this.own.form, problem);
  }

  /** The published weights that are chosen. @returns {PublishedWeights | undefined} */
  get chosen() {
    const { published } = this.method;
    return published.find(({ name }) => name === this.parts.which.value) ?? published[0];
  }

  /** Those that are named, where they were fetched. */
  get used() {
    return this.method.published.find(({ path }) => path === this.method.weights);
  }

  get address() {
    return `/api/models/methods/${encodeURIComponent(this.method.name)}`;
  }

  /** The newest that fetches what is chosen. */
  get job() {
    return this.jobs.find(({ asked }) => asked.name === this.chosen?.name);
  }

  /** @param {MethodWeights} method */
  show(method) {
    const before = this.used?.name;
    this.method = method;
    const choices = method.published.map(({ name, about }) => ({ value: name, text: about }));
    setChoices(this.parts.which, choices);
    if (this.used && this.used.name !== before) this.parts.which.value = this.used.name;
    this.render();
  }

  /** @param {Job[]} jobs that fetch anything, the newest first */
  follow(jobs) {
    this.jobs = jobs;
    this.render();
  }

  render() {
    const { method, chosen, job, own, parts } = this;
    const running = job !== undefined && isRunning(job);
    parts.light.className = `light ${lightOf(method)}`;
    setText(parts.role, roleOf(method));
    toggleHidden(parts.weights, running || own.opened);
    toggleHidden(parts.fetching, !running || own.opened);
    toggleHidden(parts.acts, own.opened);
    this.showWeights(method);
    this.showActs(method, running);
    if (job && running) this.showJob(job);
    const failed = job && FAILED.includes(job.state) && !chosen?.whole ? messageOf(job) : "";
    setText(parts.problem, own.problem || this.refused || failed);
  }

  /** @param {MethodWeights} method */
  showWeights(method) {
    const { weights, folder, file, facts } = this.parts;
    const [before, name] = placeOf(method);
    setText(folder, before);
    setText(file, name);
    setText(facts, factsOf(method));
    weights.title = [method.weights, detailsOf(method)].filter(Boolean).join("\n");
  }

  /** @param {MethodWeights} method @param {boolean} running whether what is chosen is on its way */
  showActs({ published, named_in, takes_weights }, running) {
    const { chosen, parts, used, own } = this;
    toggleHidden(parts.which, published.length < 2);
    toggleHidden(parts.fetch, running || !chosen || chosen.whole);
    toggleHidden(parts.use, running || !chosen?.whole || chosen === used);
    toggleHidden(parts.remove, running || !chosen?.here);
    toggleHidden(parts.forget, running || named_in !== "labeler.json" || used === chosen);
    toggleHidden(parts.cancel, !running);
    toggleHidden(own.open, running || !takes_weights);
    if (!chosen) return;
    setText(parts.fetch, fetchWords(chosen));
    parts.fetch.title = `From ${chosen.source}\ninto ${chosen.path}`;
  }

  /** @param {Job} job */
  showJob(job) {
    showProgress(this.parts.bar, job);
    setText(this.parts.share, [messageOf(job), shareOf(job)].filter(Boolean).join(" · "));
    setDisabled(this.parts.cancel, job.stopping);
  }

  /** @param {() => Promise<ModelList | null>} change gives what there is then, if it knows */
  async act(change) {
    this.refused = "";
    try {
      const list = await change();
      if (list) this.changed(list);
    } catch (error) {
      this.refused = error instanceof Error ? error.message : String(error);
    }
    this.render();
  }

  fetch() {
    const config = { name: this.chosen?.name };
    return this.act(() => api.post("/api/jobs", { kind: "fetch", config }).then(() => null));
  }

  cancel() {
    return this.act(() => api.post(`/api/jobs/${this.job?.id}/cancel`).then(() => null));
  }

  use() {
    const weights = this.chosen?.path;
    return this.act(() => api.put(this.address, { weights }));
  }

  forget() {
    return this.act(() => api.remove(this.address));
  }

  async remove() {
    const { chosen } = this;
    if (!chosen) return;
    const text = `${bytes(chosen.here)} of ${chosen.path}. They can be fetched again.`;
    if (!(await confirmed(`Remove ${chosen.name}?`, text, "Remove", "Keep"))) return;
    await this.act(() => api.remove(`/api/models/fetched/${chosen.name}`));
  }
}
