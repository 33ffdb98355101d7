// Fine-tune: takes on the left, what to train in the middle, the job on the right.

import { api, Refused } from "../shared/api.js";
import {
  button,
  find,
  input,
  make,
  refill,
  select,
  setChoices,
  setDisabled,
  setText,
  toggleHidden,
} from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { complain, notify, saying } from "../shared/notices.js";
import { showProblem } from "../shared/problems.js";
import { onOpen } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";
import { AdapterCards } from "./adapters.js";
import { CameraChoice } from "./cameras.js";
import { JobCard } from "./job_card.js";
import { keep, recall } from "./memory.js";
import { OpenVLAOptions } from "./openvla_options.js";
import { planOf, REPLAY } from "./plan.js";
import { StageOptions } from "./stages.js";
import { TakeChoice } from "./takes.js";

/** @import { Base } from "../shared/messages" */

const CUSTOM = "custom"; // the preset whose stages are given with it

/** @param {HTMLElement} element */
export function mount(element) {
  return new FinetunePage(element);
}

class FinetunePage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.asked = 0; // how often for the bases
    this.done = -1; // jobs
    this.starting = false;
    /** @type {Base[]} */
    this.bases = [];
    this.base = select(element, "#finetune-base");
    this.other = input(element, "#finetune-other");
    this.openvla = new OpenVLAOptions(find(element, ".openvla", HTMLDetailsElement), () =>
      this.showPlan(),
    );
    this.stages = new StageOptions(element, () => this.showPlan());
    this.cameras = new CameraChoice(find(element, ".which-cameras"), () => this.showPlan());
    this.heldOut = select(element, "#finetune-held-out");
    this.rollouts = select(element, "#finetune-rollouts");
    this.rollouts.addEventListener("change", () => this.showPlan());
    this.name = input(element, "#finetune-name");
    this.go = button(element, ".go");
    this.job = new JobCard(find(element, ".job"));
    this.adapters = new AdapterCards(find(element, ".adapters"));
    this.takes = new TakeChoice(find(element, ".choose"), () => {
      this.show();
      this.keep();
    });
    this.bindFields();
    const { takes: said, cameras } = recall(element);
    Object.assign(this.takes, { said });
    Object.assign(this.cameras, { said: cameras });
    takes.watch(() => this.show());
    jobs.watch(() => this.showJobs());
    onOpen("finetune", element, () => this.opened());
  }

  bindFields() {
    for (const radio of this.presets) radio.addEventListener("change", () => this.showPlan());
    this.base.addEventListener("change", () => this.showPlan());
    find(this.element, ".another form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.addBase();
    });
    for (const details of this.element.querySelectorAll("details")) {
      const show = () => details.lastElementChild?.scrollIntoView({ block: "nearest" });
      details.addEventListener("toggle", () => details.open && show());
    }
    for (const kind of ["change", "input"]) this.element.addEventListener(kind, () => this.keep());
    bindButton("finetune", this.go, () => this.start());
  }

  async opened() {
    await Promise.all([takes.refresh(), this.refreshAdapters()]);
  }

  async refreshAdapters() {
    const asked = ++this.asked;
    const answer = await saying(() => api.get("/api/adapters"));
    if (!answer) return;
    if (asked === this.asked) this.showBases(answer.bases);
    this.adapters.show(answer.adapters, answer.damaged);
  }

  /** @param {Base[]} bases */
  showBases(bases) {
    this.bases = bases.filter((base) => base.family !== "server");
    const choices = this.bases.map(({ name, label }) => ({
      value: name,
      text: label,
      title: name,
    }));
    setChoices(this.base, choices.length ? choices : [{ value: "", text: "no base is installed" }]);
    this.showPlan();
  }

  async addBase() {
    const name = this.other.value.trim();
    this.asked += 1; // an answer that is still under way does not know this base
    const answer = name && (await saying(() => api.post("/api/adapters/bases", { name })));
    if (!answer) return;
    this.showBases(answer.bases);
    if (this.bases.some((base) => base.name === name)) this.base.value = name;
    else notify("The policy server can be chosen on Roll out.");
    this.other.value = "";
    find(this.element, ".another", HTMLDetailsElement).open = false;
    this.showPlan();
  }

  get chosenBase() {
    return this.bases.find(({ name }) => name === this.base.value);
  }

  /** @returns {NodeListOf<HTMLInputElement>} */
  get presets() {
    return this.element.querySelectorAll("[name=finetune-preset]");
  }

  get preset() {
    return input(this.element, "[name=finetune-preset]:checked").value;
  }

  keep() {
    keep(this.element, this.takes.said, this.cameras.said);
  }

  show() {
    this.takes.show();
    this.showPlan();
  }

  showPlan() {
    const { chosen } = this.takes;
    const base = this.chosenBase;
    const isOpenVLA = base?.family === "openvla";
    this.showPresets(base);
    this.openvla.show(isOpenVLA);
    this.stages.show(this.preset === CUSTOM);
    const holdsNone = isOpenVLA || this.preset === REPLAY;
    toggleHidden(find(this.element, "[data-field=held_out]"), holdsNone);
    this.cameras.show(chosen, { all: !isOpenVLA, one: isOpenVLA && this.openvla.oneCamera });
    const steps = this.preset === CUSTOM ? this.stages.allSteps : null;
    const plan = base ? planOf(base, this.preset, this.layouts, steps) : [];
    refill(find(this.element, ".plan"), JSON.stringify(plan), () =>
      plan.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
    );
    this.name.placeholder = this.usualName || "named after the task";
    const learnable = isOpenVLA ? chosen.length > 0 : chosen.some((take) => take.labelled > 0);
    setDisabled(this.rollouts, !this.canTry);
    const able = learnable && this.base.value && this.cameras.chosen.length;
    setDisabled(this.go, this.starting || !able);
    setText(this.go.firstChild, this.starting ? "Starting … " : "Fine-tune ");
  }

  /** Those that a base has. @param {Base | undefined} base */
  showPresets(base) {
    if (!base) return;
    for (const radio of this.presets) {
      const label = radio.closest("label");
      if (label) toggleHidden(label, !base.presets[radio.value]);
    }
    if (!base.presets[this.preset]) input(this.element, "[value=quick]").checked = true;
  }

  /** To try the adapter on. */
  get layouts() {
    return this.canTry ? Number(this.rollouts.value) : 0;
  }

  /** Only what was simulated can be set up again, in other layouts. */
  get canTry() {
    return this.takes.chosen.some((take) => take.simulated);
  }

  get usualName() {
    return (this.takes.chosen[0]?.instruction ?? "").slice(0, this.name.maxLength);
  }

  get config() {
    const isOpenVLA = this.chosenBase?.family === "openvla";
    return {
      takes: this.takes.chosen.map((take) => take.id),
      base: this.base.value,
      preset: this.preset,
      name: this.name.value.trim() || this.usualName,
      rollouts: this.layouts,
      cameras: this.cameras.chosen,
      ...(this.preset === CUSTOM ? this.stages.config : {}),
      ...(isOpenVLA ? this.openvla.config : { held_out: numberIn(this.heldOut) }),
    };
  }

  async start() {
    const isOpenVLA = this.chosenBase?.family === "openvla";
    if (isOpenVLA && !this.openvla.check()) return;
    if (this.preset === CUSTOM && !this.stages.check()) return;
    showProblem(this.element, "", "");
    this.showStarting(true);
    try {
      const job = await api.post("/api/jobs", { kind: "finetune", config: this.config });
      notify("Fine-tuning has begun. It goes on when this page is closed.");
      this.job.choose(job.id);
    } catch (error) {
      this.refused(error);
    }
    this.showStarting(false);
  }

  /** @param {boolean} starting */
  showStarting(starting) {
    this.starting = starting;
    this.showPlan();
  }

  /** Say a refusal beside the field that it names. @param {unknown} error */
  refused(error) {
    const [field] = error instanceof Refused ? error.field.split(/[.[]/) : [""];
    const words = error instanceof Error ? error.message : "";
    if (!showProblem(this.element, field, words)) complain(error);
  }

  showJobs() {
    this.job.show(jobs.all);
    const done = jobs.all.filter((job) => job.state === "done").length;
    if (this.done >= 0 && done !== this.done) this.refreshAdapters();
    this.done = done;
  }
}

/** @param {HTMLSelectElement} list */
const numberIn = (list) => (list.value === "" ? null : Number(list.value));
