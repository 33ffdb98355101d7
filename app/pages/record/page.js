// Record: choose a task, press R, drive, keep.

import { api } from "../shared/api.js";
import {
  button,
  find,
  input,
  select,
  setChoices,
  setDisabled,
  setText,
  toggleHidden,
} from "../shared/dom.js";
import { problemOf } from "../shared/inputs/teleop.js";
import { canTry, tryInput } from "../shared/inputs/try.js";
import { bindButton } from "../shared/keys.js";
import { askNote } from "../shared/note.js";
import { saying } from "../shared/notices.js";
import { during } from "../shared/pending.js";
import { replay, replayCheck } from "../shared/replay.js";
import { Session } from "../shared/session.js";
import { agentName, station } from "../shared/station.js";
import { onOpen } from "../shared/tabs.js";
import { move, undoable } from "../shared/take_moves.js";
import { takes } from "../shared/takes.js";
import { letCount, restWords } from "../shared/trim.js";
import { Cues } from "./cues.js";
import { TaskGoal } from "./goal.js";
import { hint } from "./hints.js";
import { LargeWords } from "./large_words.js";
import { movedCameras } from "./moved_cameras.js";
import { NextTake } from "./next_take.js";
import { Places } from "./places.js";
import { TakeStrip } from "./strip.js";
import { canBeSaid, canBeTask, TaskWording } from "./task_wording.js";
import { oneLine } from "./templates.js";

/** @import { Scene, State, Task } from "../shared/messages" */

const COUNTDOWN_S = 3;
const OPERATOR = "teachloop-operator";
const TASK = "teachloop-task";
const REFUSE = "teachloop-refuse";
/** @param {HTMLElement} element */
export function mount(element) {
  const page = new RecordPage(element);
  station.listeners.add(() => page.update());
}

class RecordPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.session = new Session(element, "record");
    this.task = select(element, "#record-task");
    this.instruction = find(element, "#record-instruction", HTMLTextAreaElement);
    this.operator = input(element, "#record-operator");
    this.input = select(element, "#record-input");
    this.operator.value = localStorage.getItem(OPERATOR) ?? "";
    /** @type {Task[]} */
    this.tasks = [];
    this.resetting = false;
    this.sceneOf = "";
    this.instructionOf = "";
    this.wanted = ""; // input
    this.checked = "";
    this.lost = ""; // the task that was chosen when the station ended
    /** @type {string | undefined} */
    this.checkedOf = undefined;
    this.large = new LargeWords(element);
    this.places = new Places(
      element,
      () => this.chosen,
      () => this.session.views,
    );
    this.cues = new Cues(input(element, "#record-sounds"));
    this.bindFields();
    this.bindButtons();
    const strip = new TakeStrip(find(element, ".strip"));
    this.goal = new TaskGoal(find(element, ".strip .goal"), () => this.chosen);
    this.next = new NextTake(element, () => this.chosen);
    this.wording = new TaskWording(this.instruction, () => this.chosen);
    this.session.nextTake = (kept) => this.nextTake(kept);
    takes.watch(() => strip.show());
    takes.watch(() => this.goal.show());
    takes.watch(() => this.wording.goOn() && this.tellTask());
    onOpen("record", element, () => takes.refresh());
    this.loadTasks();
  }

  bindFields() {
    const refuse = input(this.element, "#record-refuse");
    refuse.checked = localStorage.getItem(REFUSE) === "on";
    const chosen = () => {
      localStorage.setItem(REFUSE, refuse.checked ? "on" : "off");
      this.session.refusing = refuse.checked;
    };
    refuse.addEventListener("change", chosen);
    chosen();
    this.task.addEventListener("change", () => this.chooseTask());
    this.instruction.addEventListener("change", () => this.tellTask());
    this.operator.addEventListener("change", () => {
      localStorage.setItem(OPERATOR, this.operator.value);
      this.tellTask();
    });
    this.input.addEventListener("change", () => this.chooseInput());
    find(this.element, ".add").addEventListener("click", () => this.addTask());
  }

  bindButtons() {
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("record", this.button(name), run);
    bound("record", () => this.record());
    bound("practice", () => this.practise());
    bound("recall", () => this.recall());
    bound("reset", () => this.reset());
    bound("try", () => tryInput(this.input.value));
    bound("undo", () => move("undo", { take: undoable() }));
    bound("replay", () => this.replay());
    bound("note", () => askNote(this.session.reviewed ?? undoable() ?? ""));
    bound("trim", () => this.session.reviewed && letCount(this.session.reviewed, "moving"));
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  async loadTasks(chosen = localStorage.getItem(TASK)) {
    const read = () => during("reading the tasks", api.get("/api/tasks"));
    this.tasks = (await saying(read))?.tasks ?? [];
    setChoices(
      this.task,
      this.tasks.map(({ name, label }) => ({ value: name, text: label })),
    );
    if (chosen && this.tasks.some((task) => task.name === chosen)) this.task.value = chosen;
    this.showTask();
  }

  /** What is wanted of the task that is chosen. */
  showTask() {
    this.goal.show();
    this.next.show();
    this.wording.show();
  }

  get chosen() {
    return this.tasks.find((task) => task.name === this.task.value);
  }

  async chooseTask() {
    localStorage.setItem(TASK, this.task.value);
    this.showTask();
    if (this.chosen?.verb) {
      setDisabled(this.button("record"), true); // until the scene is there
      return this.reset();
    }
    this.wording.put(this.wording.next());
    await this.tellTask();
  }

  /** What was chosen stands until the station says the same, or refuses it. */
  async chooseInput() {
    this.wanted = this.input.value;
    if (!(await station.command("select_agent", { name: this.wanted }))) this.wanted = "";
  }

  tellTask() {
    const { value: instruction } = this.instruction;
    const { value: operator } = this.operator;
    return station.command("set_task", { task: this.task.value, instruction, operator });
  }

  async addTask() {
    const instruction = this.instruction.value.trim();
    if (!canBeTask(instruction)) return;
    if (!(await saying(() => api.post("/api/tasks", { instruction })))) return;
    await this.loadTasks(oneLine(instruction));
    localStorage.setItem(TASK, this.task.value);
    if (this.wording.several) await this.chooseTask();
  }

  async reset() {
    const { verb, split } = this.chosen ?? {};
    this.resetting = true;
    const done = await station.command("reset", verb ? { verb, split } : {});
    this.resetting = false;
    if (done && verb) this.instructionOf = "";
  }

  async practise() {
    if (station.phase === "practising") return station.command("stop");
    await station.command("practice", { agent: this.input.value });
  }

  /** A take of what was practised last: it is reviewed like one that was recorded. */
  async recall() {
    if (!canBeSaid(this.instruction.value)) return;
    await this.tellTask();
    await station.command("recall");
  }

  async record() {
    if (this.session.running) return station.command("stop");
    if (!canBeSaid(this.instruction.value)) return;
    await this.tellTask();
    const countdown_s = input(this.element, "#record-countdown").checked ? COUNTDOWN_S : 0;
    await station.command("start", { until_done: true, countdown_s, agent: this.input.value });
  }

  /** Another take like this one, from a new scene or from home, unless enough are there.
   * @param {boolean} kept whether this one is kept */
  nextTake(kept) {
    const counts = kept && station.state?.take?.success !== false;
    const { seconds: countdown_s } = this.next;
    const byPolicy = station.state?.agent === "policy";
    if (!countdown_s || byPolicy || this.goal.reachedWith(counts ? 1 : 0)) return {};
    const { verb, split } = this.chosen ?? {};
    const [task, agent] = [this.task.value, this.input.value];
    const operator = this.operator.value;
    const instruction = this.wording.after(this.session.reviewed, counts);
    const said = verb ? { task, operator } : { task, operator, instruction };
    const reset = verb ? { verb, split } : null;
    return { next: { countdown_s, agent, task: said, reset } };
  }

  /** Of the take under review, which is kept first, or of the last one that was kept. */
  async replay() {
    const id = station.phase === "review" ? this.session.reviewed : undoable();
    if (station.phase === "review" && !(await this.session.keep({}))) return;
    if (id) await replay(id);
  }

  /** Once a take lies there: a replay says how near it came, and its pictures whether a camera was
   * moved. */
  async check() {
    const id = this.session.reviewed;
    if (this.checkedOf === id) return;
    this.checkedOf = id;
    this.checked = this.session.noticed = "";
    if (!id) return;
    const near = replayCheck(id).catch(() => "");
    const moved = movedCameras(id).catch(() => "");
    this.session.noticing = moved;
    const words = await near;
    if (this.checkedOf === id) this.checked = words;
    const noticed = await moved;
    if (this.checkedOf === id) this.session.noticed = noticed;
  }

  /** What rests at the ends of the reviewed take, in words; "" where it is trimmed. */
  showTrim() {
    const { reviewed, player } = this.session;
    const trimmed = takes.find(reviewed ?? null)?.trimmed;
    const rest = reviewed && player.detail?.id === reviewed && !trimmed;
    const words = rest ? restWords(player.detail) : "";
    toggleHidden(this.button("trim"), !words);
    return words;
  }

  /** What can be kept of a practice, in the place of what cannot be done meanwhile. */
  showRecall() {
    const { state, phase, driving } = station;
    const seconds = Math.floor(state?.remembered_s ?? 0);
    const practising = phase === "practising";
    const again = phase === "idle" && seconds > 0; // the disk refused it
    toggleHidden(this.button("recall"), !practising && !again);
    for (const name of ["reset", "home"]) toggleHidden(this.button(name), practising);
    setDisabled(this.button("recall"), !driving || !seconds);
    setText(find(this.element, ".remembered"), `${seconds} s`);
  }

  update() {
    const { state, phase, driving } = station;
    this.check();
    this.cues.update();
    this.places.update();
    this.large.update(this.instruction.value, this.chosen);
    const settingUp = phase === "idle" && !state?.ready;
    const idle = driving && phase === "idle";
    const practice = this.button("practice");
    const away = phase === "idle" && Boolean(state?.replaying);
    this.session.showStart("Record", !this.resetting && !settingUp && !away);
    const again = phase === "review" ? this.session.reviewed : idle && undoable();
    setDisabled(this.button("replay"), !driving || settingUp || away || !again);
    setText(this.button("replay").firstChild, phase === "review" ? "Keep, replay" : "Replay last");
    setDisabled(practice, !driving || settingUp || !["idle", "practising"].includes(phase));
    practice.setAttribute("aria-pressed", String(phase === "practising"));
    this.showRecall();
    setDisabled(this.button("undo"), !idle || !undoable());
    setDisabled(this.button("note"), !this.session.reviewed && !(phase === "idle" && undoable()));
    for (const field of [this.task, this.input]) setDisabled(field, !idle);
    setDisabled(this.button("try"), phase !== "idle" || !canTry(this.input.value));
    const rest = this.showTrim();
    const hinders = driving ? problemOf(this.input.value) : "";
    const covered = phase === "idle" ? this.wording.covered : "";
    const known = [this.checked, rest, this.places.words, covered].filter(Boolean).join(" ");
    this.session.showHint(hinders || known, hinders ? "" : hint());
    if (state) this.follow(state);
    this.regain();
  }

  /** A station that ended comes back with a scene of its own; the task that was chosen goes on. */
  regain() {
    const { state, phase, driving, link } = station;
    if (!link.running && this.sceneOf) this.lost ||= this.task.value;
    if (!this.lost || !link.running || !driving || phase !== "idle" || !state?.ready) return;
    const task = this.lost;
    this.lost = "";
    if (task === this.task.value) return;
    this.task.value = task;
    this.chooseTask();
  }

  /** Show what the station says, except in a field somebody is typing in. @param {State} state */
  follow(state) {
    const active = document.activeElement;
    const scene = state.scene?.instruction;
    const isNew = scene && scene !== this.instructionOf;
    if (isNew && active !== this.instruction && this.chosen?.verb) {
      this.instructionOf = scene;
      this.instruction.value = scene;
      if (station.driving && state.phase === "idle") this.tellTask();
    }
    this.wording.follow(state.phase);
    if (state.scene) this.followScene(state.scene);
    if (active !== this.input) this.showInputs(state.agent);
  }

  /** A scene that was set up elsewhere chooses its task here. @param {Scene} scene */
  followScene(scene) {
    const name = `${scene.verb} ${scene.split} ${scene.seed}`;
    if (this.sceneOf === name || !this.tasks.length) return;
    this.sceneOf = name;
    const task = this.tasks.find((each) => each.verb === scene.verb && each.split === scene.split);
    if (!task || !this.chosen?.verb) return;
    this.task.value = task.name;
    this.showTask();
  }

  /** What the station can be driven with. @param {string} agent the one that drives */
  showInputs(agent) {
    const { inputs } = station;
    setChoices(
      this.input,
      inputs.map((name) => ({ value: name, text: agentName(name) })),
    );
    if (this.wanted === agent) this.wanted = "";
    const chosen = this.wanted || agent;
    if (inputs.includes(chosen) && this.input.value !== chosen) this.input.value = chosen;
  }
}
