// Roll out: a policy drives; hold a driving key to take over, let go to give back.

import { api } from "../shared/api.js";
import { connection } from "../shared/connection.js";
import { button, find, input, select, setChoices, setDisabled } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { complain, saying } from "../shared/notices.js";
import { during } from "../shared/pending.js";
import { Session } from "../shared/session.js";
import { station } from "../shared/station.js";
import { onOpen, takeWish } from "../shared/tabs.js";
import { Trials } from "../trials/trials.js";
import { drawAttention } from "./attention.js";
import { Batch } from "./batch.js";

/** @import { Adapter, AttentionMap, Base, Messages, Phase, PolicyMessage, Task } from "../shared/messages" */

const FIRST_TASK = "push-novel";

/** @param {HTMLElement} element */
export function mount(element) {
  return new RolloutPage(element);
}

class RolloutPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.session = new Session(element, "rollout");
    this.policies = select(element, "#rollout-adapter");
    this.task = select(element, "#rollout-task");
    this.seed = input(element, "#rollout-seed");
    this.instruction = find(element, "#rollout-instruction", HTMLTextAreaElement);
    this.looks = input(element, "#rollout-attention");
    /** @type {PolicyMessage} */
    this.policy = { state: "away" };
    /** @type {Task[]} */
    this.tasks = [];
    /** @type {Record<string, AttentionMap>} */
    this.attention = {};
    /** @type {number | undefined} */
    this.thoughtMs = undefined;
    this.exchanged = ""; // words of the instruction that the policy reads as others
    this.none = false;
    this.sceneInstruction = "";
    /** @type {number | null} */
    this.settingUp = null; // seed of a scene that the station does not show yet
    bindButton("rollout", button(element, "button.record"), () => this.run());
    bindButton("rollout", button(element, "button.reset"), () => this.reset());
    this.batch = new Batch(element, () => this.subject);
    this.trials = new Trials(element, this.session, () => this.offer);
    for (const list of [this.policies, this.task]) {
      list.addEventListener("change", () => this.batch.look());
    }
    connection.on("policy", (message) => this.heard(message));
    connection.on("attention", (message) => this.lookedAt(message));
    station.listeners.add(() => this.update());
    onOpen("rollout", element, () => this.opened());
  }

  async opened() {
    const both = Promise.all([
      saying(() => api.get("/api/adapters")),
      saying(() => api.get("/api/tasks")),
    ]);
    const [adapters, tasks] = await during("reading the policies", both);
    if (!adapters || !tasks) return;
    this.showPolicies(adapters.adapters, adapters.bases);
    this.showTasks(tasks.tasks);
    this.trials.read();
    this.update();
  }

  /** @param {Adapter[]} adapters @param {Base[]} bases */
  showPolicies(adapters, bases) {
    const choices = [
      ...adapters.map(({ id, name }) => ({ value: id, text: name })),
      ...bases.map((base) => ({ value: `base:${base.name}`, text: labelOf(base) })),
    ];
    setChoices(this.policies, choices);
    const wish = takeWish("rollout").adapter;
    if (wish && choices.some(({ value }) => value === wish)) this.policies.value = wish;
    this.none = !choices.length;
    this.batch.look();
  }

  /** @param {Task[]} tasks */
  showTasks(tasks) {
    const before = this.task.value;
    this.tasks = tasks.filter((task) => task.verb);
    setChoices(
      this.task,
      this.tasks.map(({ name, label }) => ({ value: name, text: label })),
    );
    this.task.value = before || FIRST_TASK;
  }

  /** Which policy, on which kind of scene. */
  get subject() {
    const { value } = this.policies;
    const name = this.policies.selectedOptions[0]?.text ?? "The policy";
    const policy = value.startsWith("base:") ? { base: value.slice(5) } : { adapter: value };
    const { verb, split } = this.tasks.find((each) => each.name === this.task.value) ?? {};
    return { name, policy, scene: { verb, split } };
  }

  /** What trials can be planned of. */
  get offer() {
    const policies = [...this.policies.options].map(({ value, text }) => ({ value, text }));
    return { policies, chosen: this.policies.value, tasks: this.tasks };
  }

  async reset() {
    const seed = Number(this.seed.value);
    if (station.state?.scene) this.settingUp = seed;
    this.update();
    const done = await station.command("reset", { seed, ...this.subject.scene });
    if (done) this.seed.value = String(seed + 1);
    else this.settingUp = null;
    this.update();
  }

  async run() {
    if (this.session.running) return station.command("stop");
    if (this.trials.active) return this.trials.begin();
    const instruction = this.instruction.value.trim();
    const policy = { adapter: "", base: "", ...this.subject.policy };
    const asked = connection.ask("roll_out", { ...policy, instruction });
    await saying(() => during("loading the policy", asked));
  }

  /** @param {PolicyMessage} message */
  heard(message) {
    this.policy = message;
    if (message.state === "failed") complain(new Error(message.message));
    this.update();
  }

  /** @param {Messages["attention"]} message */
  lookedAt(message) {
    this.attention = message.maps;
    this.thoughtMs = message.thought_ms;
    this.exchanged = message.exchanged ?? "";
    this.showAttention();
  }

  showAttention() {
    const acts = station.phase === "recording" && station.state?.agent === "policy";
    const shown = this.looks.checked && acts && !this.trials.blind;
    for (const view of this.session.views) {
      drawAttention(view.over, view.canvas, shown ? this.attention[view.camera] : undefined);
    }
  }

  update() {
    if (!this.session.shown) return;
    const { phase, driving } = station;
    const loading = this.policy.state === "loading";
    const asked = this.trials.active ? this.trials.able : this.instruction.value.trim() !== "";
    this.followScene();
    const able = !loading && !this.none && asked && this.settingUp === null;
    this.trials.update();
    this.session.showStart(loading ? "Loading …" : "Run", able);
    const busy = !driving || phase !== "idle";
    for (const field of [this.policies, this.task, this.seed]) setDisabled(field, busy);
    this.session.showHint(this.hint(phase));
    if (phase !== "recording") this.attention = {};
    this.showAttention();
  }

  followScene() {
    const { seed, instruction } = station.state?.scene ?? {};
    if (seed === this.settingUp) this.settingUp = null;
    if (!instruction || instruction === this.sceneInstruction) return;
    if (document.activeElement === this.instruction) return;
    this.sceneInstruction = instruction;
    this.instruction.value = instruction;
  }

  /** @param {Phase} phase */
  hint(phase) {
    if (this.none) return "No policies yet. Fine-tune one first.";
    if (phase === "recording") return this.hintOfRun();
    if (this.trials.active) return this.trials.hint(phase);
    if (phase === "review") return "Keep it as a take, or discard it.";
    const ready = "X sets up a new scene, R lets the policy run.";
    return this.policy.state === "loading" ? "The policy is being loaded." : ready;
  }

  hintOfRun() {
    const { state } = station;
    if (state?.decided_by === "operator") return "You are driving; let go to give back.";
    if (state?.decided_by === "guided") return "You lead the arm; leave it alone to give back.";
    const ms = this.thoughtMs;
    const hidden = ms === undefined || this.trials.blind;
    const thought = hidden ? "" : ` It thinks ${Math.round(ms)} ms.${this.reading()}`;
    const done = "Done, as far as the simulator sees.";
    return (state?.scene?.success ? done : "Hold a driving key to take over.") + thought;
  }

  /** Which words it reads as others, in a sentence. */
  reading() {
    return this.exchanged && ` It reads ${this.exchanged}.`;
  }
}

/** @param {Base} base */
const labelOf = ({ label, family }) => `${label} (${family === "server" ? "server" : "base"})`;
