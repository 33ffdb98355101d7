// Calibrate a camera: bring the hand to a pose, take a view, again and again; then its place is
// found, and saved once a person accepts it.

import { api } from "../shared/api.js";
import { CameraView } from "../shared/camera.js";
import { counted } from "../shared/counted.js";
import {
  button,
  find,
  select,
  setChoices,
  setDisabled,
  setText,
  toggleHidden,
} from "../shared/dom.js";
import { showFigures } from "../shared/figures.js";
import { bindButton } from "../shared/keys.js";
import { complain } from "../shared/notices.js";
import { agentName, station } from "../shared/station.js";
import { drawCorners } from "./calibration_picture.js";
import { showCoverage, showPlan, showResult, showViews } from "./calibration_words.js";

/** @import { CalibrationPlan, CameraDelay, CalibrationState, StationDescription } from "../shared/messages" */

const LOOK_MS = 250;
const MOVING = ["practising", "recording"];

export class Calibration {
  /** @param {HTMLElement} page @param {(known: StationDescription) => void} accepted */
  constructor(page, accepted) {
    this.page = page;
    this.element = find(page, ".calibration");
    this.accepted = accepted;
    this.camera = "";
    this.busy = false;
    /** @type {CalibrationState | null} */
    this.state = null;
    /** @type {CameraView | null} */
    this.picture = null;
    this.input = select(this.element, ".input");
    this.input.addEventListener("change", () => this.choose());
    this.bindButtons();
    station.listeners.add(() => this.isOpen && this.showButtons());
  }

  bindButtons() {
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("calibrate", this.button(name), run);
    bound("back", () => this.close());
    bound("move", () => this.move());
    bound("view", () => this.ask(() => api.post(`${this.path}/views`)));
    bound("last", () => this.drop(this.state?.views.at(-1)?.number));
    bound("solve", () => this.ask(() => api.post(`${this.path}/solve`)));
    bound("accept", () => this.accept());
    bound("delay", () => this.measureDelay());
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  get path() {
    return `/api/calibration/${this.camera}`;
  }

  /** @param {string} camera */
  async open(camera) {
    this.camera = camera;
    const state = await api.get(this.path).catch(complain);
    if (!state) return;
    this.state = state;
    this.page.dataset.scope = "calibrate";
    toggleHidden(this.element, false);
    setText(find(this.element, ".name"), `Calibrate ${camera}`);
    this.showPicture();
    this.say("");
    setText(find(this.element, ".late .note"), "");
    this.show();
    this.watch(camera);
  }

  close() {
    if (station.phase === "practising" && station.driving) station.command("stop");
    delete this.page.dataset.scope;
    toggleHidden(this.element, true);
    this.picture?.close();
    this.picture = null;
  }

  showPicture() {
    const views = find(this.element, ".views");
    const shape = station.cameras.filter(({ name }) => name === this.camera);
    views.dataset.cameras = "";
    showFigures(views, shape, {}, ([figure]) => {
      this.picture = new CameraView(figure);
    });
  }

  /** Say what is seen of the board, for as long as this camera is being calibrated.
   * @param {string} camera */
  async watch(camera) {
    while (this.isOpen && this.camera === camera) {
      if (this.element.offsetParent && !document.hidden) await this.look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async look() {
    const hint = find(this.element, ".hint");
    try {
      const seen = await api.get(`${this.path}/seen`);
      if (this.picture) drawCorners(this.picture.over, seen);
      setText(hint, seen.hint || `${seen.corners.length} of ${seen.of} corners are seen.`);
    } catch (error) {
      setText(hint, error instanceof Error ? error.message : String(error));
    }
  }

  async choose() {
    await station.command("select_agent", { name: this.input.value });
  }

  /** Begin to move the arm, or hold it. */
  async move() {
    if (MOVING.includes(station.phase)) await station.command("stop");
    else await station.command("practice", { agent: this.input.value });
  }

  /** @param {CalibrationPlan} plan */
  plan(plan) {
    return this.ask(() => api.put(this.path, plan));
  }

  /** @param {number | undefined} number */
  async drop(number) {
    if (number !== undefined) await this.ask(() => api.remove(`${this.path}/views/${number}`));
  }

  /** One question at a time; a refusal is said here.
   * @param {() => Promise<CalibrationState>} question */
  async ask(question) {
    if (this.busy) return;
    this.busy = true;
    this.say("");
    this.showButtons();
    try {
      this.state = await question();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
    this.busy = false;
    this.show();
  }

  async accept() {
    const known = await api.post(`${this.path}/accept`).catch(complain);
    if (!known) return;
    this.close();
    this.accepted(known);
  }

  /** How late its pictures come; that is saved with the station's settings. */
  async measureDelay() {
    const note = find(this.element, ".late .note");
    setText(note, "Looking at the newest takes …");
    setDisabled(this.button("delay"), true);
    try {
      /** @type {CameraDelay} */
      const { delay_ms, uncertain_ms, takes } = await api.post(`${this.path}/delay`);
      const late = `${Math.round(delay_ms)} ms after the robot's state`;
      const by = `± ${Math.ceil(uncertain_ms)} ms, by ${counted(takes, "take")}`;
      setText(
        note,
        `Its pictures come ${late}, ${by}. Saved; it is in takes from the next start on.`,
      );
    } catch (error) {
      setText(note, error instanceof Error ? error.message : String(error));
    }
    setDisabled(this.button("delay"), false);
  }

  /** @param {string} text */
  say(text) {
    setText(find(this.element, ".problem"), text);
  }

  show() {
    const { state, element } = this;
    if (!state) return;
    showPlan(find(element, ".plan"), state.plan, (plan) => this.plan(plan));
    showCoverage(find(element, ".coverage"), state.coverage);
    showViews(find(element, ".taken"), state, (number) => this.drop(number));
    showResult(find(element, ".result"), state);
    this.showButtons();
  }

  showButtons() {
    const { inputs, driving, phase } = station;
    const moving = MOVING.includes(phase);
    setChoices(
      this.input,
      inputs.map((name) => ({ value: name, text: agentName(name) })),
    );
    const agent = station.state?.agent ?? "";
    if (inputs.includes(agent) && document.activeElement !== this.input) this.input.value = agent;
    setDisabled(this.input, !driving || moving);
    setDisabled(this.button("move"), !driving || !["idle", "practising"].includes(phase));
    this.button("move").setAttribute("aria-pressed", String(moving));
    const views = this.state?.views.length ?? 0;
    setDisabled(this.button("view"), this.busy);
    setDisabled(this.button("last"), this.busy || !views);
    setDisabled(this.button("solve"), this.busy || !views);
    setDisabled(this.button("accept"), this.busy || !this.state?.result);
  }
}
