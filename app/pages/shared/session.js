// What Record and Roll out have in common: live pictures, the timer, the state of the
// session in a frame's colour, play-back of the take just made, and its buttons.

import { CameraView } from "./camera.js";
import { connection } from "./connection.js";
import { find, setDisabled, setText, toggleClass, toggleHidden } from "./dom.js";
import { clock } from "./format.js";
import { showHealth } from "./health.js";
import { bind, bindButton } from "./keys.js";
import { saying } from "./notices.js";
import { Player } from "./playback.js";
import { station } from "./station.js";
import { showHeld } from "./teleop.js";
import { Traces } from "./traces.js";

const REMEDIES = {
  acknowledge: "I have seen it, go on",
  restart_device: "Restart robot and cameras",
  restart_writer: "Restart the writer",
};

export class Runner {
  constructor(element, scope) {
    this.element = element;
    this.scope = scope;
    this.views = [...element.querySelectorAll(".camera")].map((figure) => new CameraView(figure));
    this.cameras = find(element, ".cameras");
    this.badge = find(element, ".badge");
    this.count = find(element, ".count");
    this.timer = find(element, ".timer");
    this.health = find(element, ".health");
    this.playback = find(element, ".camera .playback");
    this.traces = new Traces(element);
    this.showKeys = showHeld(find(element, ".drive"));
    const canvases = Object.fromEntries(this.views.map((view) => [view.camera, view.canvas]));
    this.player = new Player(this.playback, canvases);
    this.bindReview();
    station.listeners.add({ update: () => this.update() });
    const draw = () => {
      if (this.shown) this.traces.draw();
      setTimeout(() => requestAnimationFrame(draw), 90);
    };
    draw();
  }

  get shown() {
    return this.element.offsetParent !== null && !document.hidden;
  }

  bindReview() {
    const { scope } = this;
    const button = (name, run) => bindButton(scope, find(this.element, `.${name}`), run);
    button("keep", () => station.command("keep"));
    button("discard", () => station.command("discard"));
    button("success", () => station.command("mark_success", { value: !this.succeeded }));
    button("home", () => station.command("home"));
    const reviewing = () => this.reviewed !== undefined;
    bind(scope, "ArrowLeft", "", () => this.player.step(-1), reviewing);
    bind(scope, "ArrowRight", "", () => this.player.step(1), reviewing);
    bind(scope, "k", "Play or pause the take", () => this.player.toggle(), reviewing);
  }

  get succeeded() {
    return station.state?.take?.success ?? false;
  }

  update() {
    const state = station.state;
    if (state) this.traces.add(state.robot);
    if (!this.shown) return;
    const phase = station.live ? state.phase : "away";
    setText(this.timer, clock(state?.take?.seconds ?? 0));
    showHealth(this.health, station.live ? state : null);
    this.showFrame(phase, state);
    this.showFault(state?.fault);
    this.showVeil();
    this.showButtons(phase);
    this.showKeys();
    this.review(phase === "review" ? state.take : null);
  }

  showFrame(phase, state) {
    const corrected =
      phase === "recording" && state.agent === "policy" && state.decided_by === "operator";
    toggleClass(this.cameras, "recording", phase === "recording" && !corrected);
    toggleClass(this.cameras, "corrected", corrected);
    const words = {
      recording: corrected ? "You" : clock(state?.take?.seconds ?? 0),
      practising: "Practice",
      review: "Review",
    };
    setText(this.badge, words[phase] ?? "");
    toggleClass(this.badge, "red", phase === "recording" && !corrected);
    toggleClass(this.badge, "amber", corrected);
    setText(this.count, phase === "countdown" ? String(Math.ceil(state.countdown_s || 1)) : "");
  }

  /** What is wrong, and the button that puts it right. */
  showFault(fault) {
    const banner = find(this.element, ".fault");
    const away = !station.link.running && !station.link.offline;
    toggleHidden(banner, !away && !fault);
    if (banner.hidden) return;
    const [text, label] = away
      ? [`${station.link.message}. ${station.link.last_words ?? ""}`, "Start it again"]
      : [fault.text, REMEDIES[fault.remedy] ?? "Go on"];
    setText(find(banner, "span"), text);
    setText(find(banner, "button"), label);
    find(banner, "button").onclick = () =>
      away ? saying(() => connection.ask("start_station")) : station.command(fault.remedy);
  }

  showVeil() {
    for (const view of this.views) {
      const veil = find(view.figure, ".veil");
      const old = !view.paused && view.age !== null && view.age > 1000;
      toggleClass(veil, "shown", !station.live || view.age === null || old);
      setText(veil, this.veilText(view, old));
    }
  }

  veilText(view, old) {
    if (station.link.offline) return "The server is away.\nThis page comes back by itself.";
    if (!station.link.running) return "The station is not running.";
    if (old) return `No new picture for ${(view.age / 1000).toFixed(0)} s`;
    return "Waiting for the first picture";
  }

  showButtons(phase) {
    const { driving } = station;
    const reviewing = driving && phase === "review";
    const state = (name, enabled) => setDisabled(find(this.element, `.${name}`), !enabled);
    state("keep", reviewing);
    state("discard", reviewing);
    state("success", driving && (reviewing || phase === "recording"));
    state("home", driving && phase === "idle");
    state("reset", driving && phase === "idle" && station.simulated);
    find(this.element, ".success").setAttribute("aria-pressed", String(this.succeeded === true));
  }

  /** Play the take back as soon as it is there; go back to live once it is decided on. */
  review(take) {
    const id = take?.saved === false ? undefined : take?.id;
    if (this.reviewed === id) return;
    this.reviewed = id;
    for (const view of this.views) view.pause(id !== undefined);
    toggleHidden(this.playback, id === undefined);
    this.playback.dataset.take = id ?? "";
    if (id === undefined) this.player.close();
    else this.player.open(id).catch(() => (this.reviewed = undefined));
  }
}
