// Record: choose a task, press R, drive, keep.

import { api } from "../shared/api.js";
import { find, make, refill, setDisabled, setText, toggleClass } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { notify, saying } from "../shared/notices.js";
import { Runner } from "../shared/session.js";
import { station } from "../shared/station.js";
import { onOpen, openTab } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";

const COUNTDOWN_S = 3;
const HINTS = {
  away: "Waiting for the station.",
  countdown: "Get ready.",
  practising: "Nothing is saved while you practise. R starts a take from here.",
  recording: "R ends the take. T marks it as a success.",
  review: "Keep it, or discard it. K plays, ← → step.",
};

export function mount(element) {
  const page = new RecordPage(element);
  station.listeners.add({ update: () => page.update() });
}

class RecordPage {
  constructor(element) {
    this.element = element;
    this.runner = new Runner(element, "record");
    this.task = find(element, "#record-task");
    this.instruction = find(element, "#record-instruction");
    this.operator = find(element, "#record-operator");
    this.input = find(element, "#record-input");
    this.operator.value = localStorage.getItem("teachloop-operator") ?? "";
    this.bindFields();
    this.bindButtons();
    takes.watch(() => this.showTakes());
    onOpen("record", element, () => takes.refresh());
    this.loadTasks();
  }

  bindFields() {
    this.task.addEventListener("change", () => this.chooseTask());
    this.instruction.addEventListener("change", () => this.tellTask());
    this.operator.addEventListener("change", () => {
      localStorage.setItem("teachloop-operator", this.operator.value);
      this.tellTask();
    });
    this.input.addEventListener("change", () =>
      station.command("select_agent", { name: this.input.value }),
    );
    find(this.element, ".add").addEventListener("click", () => this.addTask());
  }

  bindButtons() {
    const button = (name, run) => bindButton("record", find(this.element, `button.${name}`), run);
    button("record", () => this.record());
    button("practice", () => this.practise());
    button("reset", () => this.reset());
    button("undo", () => station.command("undo").then(() => takes.refresh()));
  }

  async loadTasks(chosen = localStorage.getItem("teachloop-task")) {
    this.tasks = (await saying(() => api.get("/api/tasks")))?.tasks ?? [];
    this.task.replaceChildren(
      ...this.tasks.map((task) => make("option", { value: task.name }, task.label)),
    );
    if (this.tasks.some((task) => task.name === chosen)) this.task.value = chosen;
  }

  get chosen() {
    return this.tasks?.find((task) => task.name === this.task.value);
  }

  async chooseTask() {
    localStorage.setItem("teachloop-task", this.task.value);
    if (this.chosen.verb) {
      setDisabled(find(this.element, "button.record"), true); // until the scene is there
      return this.reset();
    }
    this.instruction.value = this.chosen.instruction;
    await this.tellTask();
  }

  tellTask() {
    const { value: instruction } = this.instruction;
    return station.command("set_task", {
      task: this.task.value,
      instruction,
      operator: this.operator.value,
    });
  }

  async addTask() {
    const instruction = this.instruction.value.trim();
    if (!instruction)
      return notify("Write an instruction first; it becomes a task of its own.", "amber");
    await saying(() => api.post("/api/tasks", { instruction }));
    await this.loadTasks(instruction);
  }

  async reset() {
    const { verb, split } = this.chosen ?? {};
    this.resetting = true;
    const done = await station.command("reset", verb ? { verb, split } : {});
    this.resetting = false;
    if (done && verb) this.instructionOf = null;
  }

  async practise() {
    if (station.phase === "practising") await station.command("stop");
    else await station.command("practice");
  }

  async record() {
    if (["recording", "countdown"].includes(station.phase)) return station.command("stop");
    await this.tellTask();
    const countdown_s = find(this.element, "#record-countdown").checked ? COUNTDOWN_S : 0;
    await station.command("start", { until_done: this.input.value === "expert", countdown_s });
  }

  update() {
    const { state, phase, driving } = station;
    const running = ["recording", "countdown"].includes(phase);
    const settingUp = phase === "idle" && !state?.ready;
    const record = find(this.element, "button.record");
    toggleClass(record, "on", running);
    setText(find(record, "span"), running ? "Stop" : "Record");
    setDisabled(record, !driving || phase === "review" || this.resetting || settingUp);
    const practice = find(this.element, "button.practice");
    setDisabled(practice, !driving || settingUp || !["idle", "practising"].includes(phase));
    practice.setAttribute("aria-pressed", String(phase === "practising"));
    setDisabled(
      find(this.element, "button.undo"),
      !driving || phase !== "idle" || !state?.kept?.length,
    );
    for (const field of [this.task, this.input]) setDisabled(field, !driving || phase !== "idle");
    setText(find(this.element, ".hint"), this.hint(phase));
    if (state) this.follow(state);
  }

  hint(phase) {
    if (station.live && !station.driving) return "This window looks on. C takes control.";
    if (phase !== "idle") return HINTS[phase] ?? "";
    return this.input.value === "expert"
      ? "R records the script at work."
      : "R records, P practises; hold W A S D to drive.";
  }

  /** Show what the station says, except in a field somebody is typing in. */
  follow(state) {
    const active = document.activeElement;
    const scene = state.scene?.instruction;
    if (scene && scene !== this.instructionOf && active !== this.instruction && this.chosen?.verb) {
      this.instructionOf = scene;
      this.instruction.value = scene;
      if (station.driving && state.phase === "idle") this.tellTask();
    }
    this.followScene(state.scene);
    const { agent } = state;
    if (
      active !== this.input &&
      ["keyboard", "expert"].includes(agent) &&
      this.input.value !== agent
    )
      this.input.value = agent;
  }

  /** A scene that was set up elsewhere chooses its task here. */
  followScene(scene) {
    if (!scene || this.sceneOf === `${scene.verb} ${scene.split} ${scene.seed}` || !this.tasks)
      return;
    this.sceneOf = `${scene.verb} ${scene.split} ${scene.seed}`;
    const task = this.tasks.find((each) => each.verb === scene.verb && each.split === scene.split);
    if (task && this.chosen?.verb) this.task.value = task.name;
  }

  showTakes() {
    const newest = takes.kept.filter((take) => take.id !== station.state?.take?.id).slice(0, 20);
    const list = find(this.element, ".strip .takes");
    setText(find(this.element, ".strip .total"), takes.summary);
    refill(list, JSON.stringify(newest), () =>
      newest.length
        ? newest.map(chip)
        : [
            make(
              "li",
              { class: "empty" },
              make("b", {}, "No takes yet"),
              "Press R to record the first one; P to practise before.",
            ),
          ],
    );
  }
}

function chip(take) {
  const verdict = take.success === true ? " ✓" : take.success === false ? " ✗" : "";
  return make(
    "li",
    {},
    make(
      "button",
      {
        class: "take",
        title: "Label this take",
        onclick: () => openTab("label", { take: take.id }),
      },
      make("img", { src: `/api/takes/${take.id}/poster.jpg`, alt: "", loading: "lazy" }),
      make("b", {}, `${take.number}${verdict}`),
      make("em", {}, take.damaged ? "damaged" : `${take.duration_s.toFixed(1)} s`),
      make("span", {}, take.instruction || "no instruction"),
    ),
  );
}
