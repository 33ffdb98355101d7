// The stages of a fine-tuning, as somebody sets them: the preset "custom". Those of "quick" stand there
// to begin with.

import { find, toggleHidden } from "../shared/dom.js";

/** @typedef {{name: string, trains: string[], data: string, objectives: string[]}} Kind */

export class StageOptions {
  /** @param {HTMLElement} page @param {() => void} changed */
  constructor(page, changed) {
    this.form = find(page, "form.stages", HTMLFormElement);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", changed);
  }

  /** @param {boolean} visible */
  show(visible) {
    toggleHidden(this.form, !visible);
  }

  /** Whether all of it can be used; if not, the browser says what is wrong, where it is. */
  check() {
    return this.form.reportValidity();
  }

  /** What a field of a stage holds. @param {string} stage @param {string} name */
  value(stage, name) {
    const field = find(this.form, `.${stage} [name=${name}]`);
    const has = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    return has ? field.value : "";
  }

  /** @param {string} stage */
  steps(stage) {
    return Number(this.value(stage, "steps"));
  }

  /** Of both stages. */
  get allSteps() {
    return this.stages.reduce((sum, stage) => sum + stage.ends.steps, 0);
  }

  /** Those that do anything. */
  get stages() {
    const points = [this.value("look", "points"), this.value("look", "names")];
    const trains = [this.value("look", "trains"), "grounding", "contrast"];
    const look = { name: "look", trains, data: "frames", objectives: points };
    const error = this.value("act", "error");
    const act = { name: "act", trains: ["head"], data: "features", objectives: [error] };
    return [look, act].map((kind) => this.stage(kind)).filter(({ ends }) => ends.steps > 0);
  }

  /** @param {Kind} kind */
  stage({ name, trains, data, objectives }) {
    const chosen = objectives.filter(Boolean);
    return {
      name,
      trains: trains.filter(Boolean),
      data,
      objectives: Object.fromEntries(chosen.map((each) => [each, 1])),
      ends: { steps: chosen.length ? this.steps(name) : 0 },
      batch: Number(this.value(name, "batch")),
      rate: Number(this.value(name, "rate")),
    };
  }

  get config() {
    const rank = find(this.form, "#stages-rank", HTMLInputElement);
    return { stages: this.stages, lora_rank: Number(rank.value) };
  }
}
