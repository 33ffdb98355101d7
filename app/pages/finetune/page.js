// Fine-tune: takes on the left, what to train in the middle, the job on the right.

import { api } from "../shared/api.js";
import { find, make, refill, setDisabled, setText } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { notify, saying } from "../shared/notices.js";
import { onOpen, openTab } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";
import { AdapterCards } from "./adapters.js";
import { JobCard } from "./job_card.js";
import { OpenVLAOptions } from "./openvla_options.js";

const ENOUGH = 5;
const UNSURE = 0.6;

export function mount(element) {
  return new FinetunePage(element);
}

class FinetunePage {
  constructor(element) {
    this.element = element;
    this.asked = 0; // how often for the bases
    this.left = new Set(); // ids that somebody took out of the choice
    this.task = find(element, ".filters .task");
    this.labelled = find(element, ".labelled");
    this.base = find(element, "#finetune-base");
    this.other = find(element, "#finetune-other");
    this.openvla = new OpenVLAOptions(find(element, ".openvla"));
    this.rollouts = find(element, "#finetune-rollouts");
    this.name = find(element, "#finetune-name");
    this.job = new JobCard(find(element, ".job"));
    this.adapters = new AdapterCards(find(element, ".adapters"));
    for (const field of [this.task, this.labelled])
      field.addEventListener("change", () => this.show());
    for (const radio of element.querySelectorAll("[name=finetune-preset]"))
      radio.addEventListener("change", () => this.show());
    this.base.addEventListener("change", () => this.showPlan());
    find(element, ".another form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.addBase();
    });
    for (const details of element.querySelectorAll(".setup details"))
      details.addEventListener(
        "toggle",
        () => details.open && details.lastElementChild.scrollIntoView({ block: "nearest" }),
      );
    bindButton("finetune", find(element, ".filters button"), () => this.chooseAll());
    bindButton("finetune", find(element, ".go"), () => this.start());
    takes.watch(() => this.show());
    jobs.watch(() => this.showJobs());
    onOpen("finetune", element, () => this.opened());
  }

  async opened() {
    await Promise.all([takes.refresh(), this.refreshAdapters()]);
  }

  async refreshAdapters() {
    const asked = ++this.asked;
    const answer = await saying(() => api.get("/api/adapters"));
    if (!answer) return;
    if (asked === this.asked) this.showBases(answer.bases);
    this.adapters.show(answer.adapters);
  }

  showBases(bases) {
    this.bases = bases.filter((base) => base.family !== "server");
    const chosen = this.base.value;
    refill(this.base, JSON.stringify(this.bases), () =>
      this.bases.length
        ? this.bases.map(({ name, label }) => make("option", { value: name, title: name }, label))
        : [make("option", { value: "" }, "no base is installed")],
    );
    if (this.bases.some(({ name }) => name === chosen)) this.base.value = chosen;
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
    find(this.element, ".another").open = false;
    this.showPlan();
  }

  get chosenBase() {
    return this.bases?.find(({ name }) => name === this.base.value);
  }

  get preset() {
    return find(this.element, "[name=finetune-preset]:checked").value;
  }

  get usable() {
    const task = this.task.value;
    return takes.kept.filter(
      (take) =>
        !take.damaged &&
        (!this.labelled.checked || take.labelled > 0) &&
        (!task || take.task === task),
    );
  }

  get chosen() {
    return this.usable.filter((take) => !this.left.has(take.id));
  }

  chooseAll() {
    const all = this.chosen.length === this.usable.length;
    this.left = new Set(all ? this.usable.map((take) => take.id) : []);
    this.show();
  }

  show() {
    const names = [...new Set(takes.kept.map((take) => take.task).filter(Boolean))].sort();
    const chosenTask = this.task.value;
    refill(this.task, JSON.stringify(names), () => [
      make("option", { value: "" }, "All tasks"),
      ...names.map((name) => make("option", { value: name }, name)),
    ]);
    if (names.includes(chosenTask)) this.task.value = chosenTask;
    this.showTakes();
    this.showPlan();
  }

  showTakes() {
    const { usable, chosen } = this;
    const seconds = chosen.reduce((sum, take) => sum + take.duration_s, 0);
    setText(
      find(this.element, ".choose .total"),
      `${chosen.length} of ${usable.length} · ${(seconds / 60).toFixed(1)} min`,
    );
    const list = find(this.element, ".choose .takes");
    refill(list, JSON.stringify([usable, [...this.left]]), () =>
      usable.length ? usable.map((take) => this.entry(take)) : [this.empty()],
    );
    setText(find(this.element, ".warnings"), this.warnings(chosen).join(" "));
  }

  empty() {
    const some = takes.kept.length > 0;
    const go = make(
      "button",
      { onclick: () => openTab(some ? "label" : "record") },
      some ? "Label takes" : "Record takes",
    );
    return make(
      "li",
      { class: "empty" },
      make("b", {}, some ? "No labelled takes" : "No takes yet"),
      some
        ? "A click or two in each take is enough to start with. "
        : "Record a few takes of a task first. ",
      go,
    );
  }

  entry(take) {
    const toggle = () => {
      if (!this.left.delete(take.id)) this.left.add(take.id);
      this.show();
    };
    const share = Math.round(100 * take.labelled);
    const state = share >= 95 ? "labelled" : share ? `${share} % labelled` : "not labelled";
    const verdict = take.success === true ? "✓" : take.success === false ? "✗" : "";
    return make(
      "li",
      {},
      make(
        "label",
        { class: "check" },
        make("input", { type: "checkbox", checked: !this.left.has(take.id), onchange: toggle }),
        make("b", {}, `${take.number}`),
        make(
          "span",
          { class: "what", title: take.instruction },
          take.instruction || "no instruction",
        ),
        make("em", {}, `${take.duration_s.toFixed(1)} s ${verdict}`),
        make("em", { class: take.labelled > 0 ? "" : "urgent" }, state),
      ),
    );
  }

  warnings(chosen) {
    const said = [];
    const failed = chosen.filter((take) => take.success === false).length;
    const unsure = chosen.filter(
      (take) => take.confidence !== null && take.confidence < UNSURE,
    ).length;
    const bare = chosen.filter((take) => take.labelled === 0).length;
    if (chosen.length && chosen.length < ENOUGH)
      said.push(`Few takes: ${ENOUGH} or more usually work better.`);
    if (failed) said.push(`${failed} did not succeed.`);
    if (unsure) said.push(`${unsure} with unsure masks.`);
    if (bare && bare < chosen.length) said.push(`${bare} without masks teach motion only.`);
    return said;
  }

  showPlan() {
    const { chosen } = this;
    const base = this.chosenBase;
    this.openvla.show(base?.family === "openvla");
    const [steps, time] = base?.presets[this.preset] ?? ["", ""];
    const plan = base
      ? [
          ["Trains", base.trains],
          ["Steps", steps],
          ["Time", time],
          ["Disk", base.disk],
        ]
      : [];
    refill(find(this.element, ".plan"), JSON.stringify(plan), () =>
      plan.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
    );
    this.name.placeholder = chosen[0]?.instruction || "named after the task";
    const learnable =
      base?.family === "openvla" ? chosen.length > 0 : chosen.some((take) => take.labelled > 0);
    setDisabled(this.rollouts, !this.canTry);
    setDisabled(find(this.element, ".go"), !learnable || !this.base.value);
  }

  /** Only what was simulated can be set up again, in other layouts. */
  get canTry() {
    return this.chosen.some((take) => take.simulated);
  }

  async start() {
    const isOpenVLA = this.chosenBase.family === "openvla";
    if (isOpenVLA && !this.openvla.check()) return;
    const config = {
      takes: this.chosen.map((take) => take.id),
      base: this.base.value,
      preset: this.preset,
      name: this.name.value.trim(),
      rollouts: this.canTry ? Number(this.rollouts.value) : 0,
      ...(isOpenVLA ? this.openvla.config : {}),
    };
    const job = await saying(() => api.post("/api/jobs", { kind: "finetune", config }));
    if (!job) return;
    notify("Fine-tuning has begun. It goes on when this page is closed.");
    this.job.choose(job.id);
  }

  showJobs() {
    this.job.show(jobs.all);
    const done = jobs.all.filter((job) => job.state === "done").length;
    if (this.done !== undefined && done !== this.done) this.refreshAdapters();
    this.done = done;
  }
}
