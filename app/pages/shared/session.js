// What Record and Roll out have in common: live pictures, the timer, the state of the
// session in a frame's colour, play-back of the take just made, and its buttons.

import { CameraView } from "./camera.js";
import { connection } from "./connection.js";
import { askDesk } from "./desk.js";
import { button, find, setDisabled, setText, toggleClass, toggleHidden } from "./dom.js";
import { nextEnding, showEnding } from "./ending.js";
import { showFigures } from "./figures.js";
import { clock, sentence } from "./format.js";
import { HealthLine, silenceIn } from "./health.js";
import { showHeld } from "./inputs/teleop.js";
import { bind, bindButton } from "./keys.js";
import { session } from "./login.js";
import { notify, saying } from "./notices.js";
import { during, waitsFor } from "./pending.js";
import { openTake, Player } from "./playback.js";
import { station } from "./station.js";
import { move } from "./take_moves.js";
import { takes } from "./takes.js";
import { Traces } from "./traces.js";

/** @import { Fault, Phase, RunningTake, State } from "./messages" */

/** @type {Record<string, string>} */
const REMEDIES = {
  acknowledge: "I have seen it, go on",
  restart_device: "Restart robot and cameras",
  restart_writer: "Restart the writer",
};
const PERSONS = ["operator", "guided"]; // who decided
const TRACE_MS = 90;
const USUAL = /speed|acceleration/; // limits that any motion meets

export class Session {
  /** @param {HTMLElement} element @param {string} scope of its keys */
  constructor(element, scope) {
    this.element = element;
    this.scope = scope;
    /** @type {CameraView[]} */
    this.views = [];
    /** @type {string | undefined} */
    this.reviewed = undefined;
    /** @type {string | undefined} */
    this.refused = undefined; // the take that was, and is kept where somebody insists
    this.refusing = false; // takes that are odd
    this.noticed = ""; // what else is odd about the take under review
    this.noticing = Promise.resolve(""); // and that, once it is known
    /** What the station is to do once a take is kept, or not. @type {(kept: boolean) => object} */
    this.nextTake = () => ({});
    this.cameras = find(element, ".cameras");
    this.overlays = find(element, ".overlays");
    this.badge = find(element, ".badge");
    this.count = find(element, ".count");
    this.timer = find(element, ".timer");
    this.health = new HealthLine(find(element, ".health"));
    this.playback = find(element, ".playback");
    this.traces = new Traces(element);
    this.showKeys = showHeld(find(element, ".drive"));
    this.player = new Player(this.playback);
    this.bindReview();
    this.showCameras();
    this.showVeils();
    station.listeners.add(() => this.update());
    const draw = () => {
      if (this.shown) this.traces.draw();
      setTimeout(() => requestAnimationFrame(draw), TRACE_MS);
    };
    draw();
  }

  get shown() {
    return this.element.offsetParent !== null && !document.hidden;
  }

  bindReview() {
    const { scope } = this;
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton(scope, button(this.element, `button.${name}`), run);
    bound("keep", () => this.keep());
    bound("discard", () => move("discard", this.nextTake(false)));
    bound("success", () => this.judge(true));
    bound("failed", () => this.judge(false));
    button(this.element, ".fault .prepare").onclick = () => askDesk("prepare_robot");
    bound("home", () => station.command("home"));
    const reviewing = () => this.reviewed !== undefined;
    bind(scope, "ArrowLeft", () => this.player.step(-1), reviewing);
    bind(scope, "ArrowRight", () => this.player.step(1), reviewing);
    bind(scope, "k", () => this.player.toggle(), reviewing);
  }

  /** One picture for each camera of the station; what lies over pictures lies over the first. */
  showCameras() {
    showFigures(find(this.element, ".views"), station.cameras, {}, (figures) => {
      for (const view of this.views) view.close();
      this.views = figures.map((figure) => new CameraView(figure));
      figures[0].append(this.overlays);
      this.player.canvases = Object.fromEntries(
        this.views.map((view) => [view.camera, view.canvas]),
      );
      for (const view of this.views) view.pause(this.reviewed !== undefined);
    });
  }

  /** Whether a take is being made, or counted down to. */
  get running() {
    return ["recording", "countdown"].includes(station.phase);
  }

  /** The large button: what it does while nothing runs, and whether it can.
   * @param {string} words
   * @param {boolean} able */
  showStart(words, able) {
    const start = button(this.element, "button.record");
    toggleClass(start, "on", this.running);
    setText(find(start, "span"), this.running ? "Stop" : words);
    setDisabled(start, !station.driving || station.phase === "review" || !able);
  }

  /** What is to be known now, or what is waited for; ``asked``, what can be done, gives way to what is
   * odd about a reviewed take. @param {string} text @param {string} asked */
  showHint(text, asked = "") {
    const waits = waitsFor();
    const looksOn = station.live && !station.driving;
    const how = station.mayDrive ? "C takes control." : "Your password does not let you drive.";
    const reviewed = station.phase === "review" ? station.state?.take : null;
    const silent = silenceIn(reviewed);
    const odd = silent || (reviewed && this.noticed) || oddOf(reviewed?.id);
    const words = odd ? `${odd} ${text}` : `${text} ${asked}`;
    const shown = looksOn ? `This window looks on. ${how}` : silent || words.trim();
    const line = find(this.element, ".hint");
    setText(line, waits ? `${sentence(waits)} …` : shown);
    toggleClass(line, "bad", odd && !looksOn && !waits);
  }

  /** Where odd takes are refused, what is odd is said first; whoever insists keeps it. Whether the
   * station was asked to. */
  async keep(next = this.nextTake(true)) {
    const { reviewed } = this;
    if (!this.refusing || !reviewed || this.refused === reviewed) return this.keepIt(next);
    await during("looking at the take", this.noticing);
    if (!takes.find(reviewed)) await during("looking at the take", takes.refresh());
    if (this.reviewed !== reviewed) return false; // somebody decided meanwhile
    const odd = this.noticed || oddOf(reviewed);
    if (!odd) return this.keepIt(next);
    this.refused = reviewed;
    notify(`Not kept. ${odd} Keep it anyway with Enter, or discard it with Backspace.`, "amber");
    this.update();
    return false;
  }

  /** @param {object} next what follows */
  async keepIt(next) {
    await move("keep", next);
    return true;
  }

  /** Say how the take ended. @param {boolean} pressed */
  judge(pressed) {
    const { success: value, partly } = nextEnding(pressed, station.state?.take ?? undefined);
    return station.command("mark_success", { value, partly });
  }

  update() {
    const { state } = station;
    if (state) this.traces.add(station.live ? state.robot : null, state.embodiment);
    if (!this.shown) return;
    const phase = station.live ? station.phase : "away";
    this.showCameras();
    setText(this.timer, clock(state?.take?.seconds ?? 0));
    this.health.show();
    this.showFrame(phase, state);
    this.showFault(state?.fault ?? null);
    this.showVeils();
    this.showButtons(phase);
    this.showKeys();
    this.review(phase === "review" ? (state?.take ?? null) : null);
  }

  /** @param {Phase} phase @param {State | null} state */
  showFrame(phase, state) {
    const recording = phase === "recording";
    const byPerson = PERSONS.includes(state?.decided_by ?? "");
    const corrected = recording && state?.agent === "policy" && byPerson;
    toggleClass(this.cameras, "recording", recording && !corrected);
    toggleClass(this.cameras, "corrected", corrected);
    /** @type {Partial<Record<Phase, string>>} */
    const words = {
      recording: corrected ? "You" : clock(state?.take?.seconds ?? 0),
      practising: "Practice",
      review: "Review",
    };
    setText(this.badge, words[phase] ?? "");
    toggleClass(this.badge, "red", recording && !corrected);
    toggleClass(this.badge, "amber", corrected);
    const clipped = state?.robot?.clipped.find((limit) => !USUAL.test(limit));
    setText(find(this.element, ".limit"), byPerson && clipped ? `Limit: ${clipped}` : "");
    const counts = phase === "countdown" && !state?.waits_for;
    const left = counts ? Math.ceil(state?.countdown_s ?? 0) : 0;
    setText(this.count, left ? String(left) : "");
  }

  /** What is wrong, and the button that puts it right. @param {Fault | null} fault */
  showFault(fault) {
    const { link } = station;
    const banner = find(this.element, ".fault");
    const away = !link.running && !link.offline;
    toggleHidden(banner, !away && !fault);
    if (banner.hidden) return;
    const text = away ? `${link.message}. ${link.last_words ?? ""}` : (fault?.text ?? "");
    const remedy = fault?.remedy ?? "";
    const act = button(banner, ".remedy");
    setText(find(banner, "span"), text);
    setText(act, away ? "Start it again" : (REMEDIES[remedy] ?? "Go on"));
    toggleHidden(button(banner, ".prepare"), away || !closed(fault));
    act.onclick = () => (away ? saying(startStation) : station.command(remedy));
  }

  showVeils() {
    for (const view of this.views) {
      const veil = find(view.figure, ".veil");
      const old = !view.paused && view.age !== null && view.age > 1000;
      toggleClass(veil, "shown", !station.live || view.age === null || old);
      setText(veil, veilText(view, old));
    }
  }

  /** @param {Phase} phase */
  showButtons(phase) {
    const { driving } = station;
    const idle = driving && phase === "idle";
    const reviewing = driving && phase === "review";
    /** @param {string} name @param {boolean} enabled */
    const state = (name, enabled) => setDisabled(button(this.element, `button.${name}`), !enabled);
    state("keep", reviewing);
    const insists = reviewing && this.refused !== undefined && this.refused === this.reviewed;
    setText(button(this.element, "button.keep").firstChild, insists ? "Keep anyway" : "Keep");
    toggleClass(find(this.element, ".run"), "reviewing", phase === "review");
    state("discard", reviewing);
    for (const ending of ["success", "failed"]) {
      state(ending, driving && (reviewing || phase === "recording"));
    }
    state("home", idle);
    state("reset", idle && Boolean(station.state?.scene));
    showEnding(this.element, station.state?.take ?? undefined);
  }

  /** Play the take back as soon as it is there; go back to live once it is decided on.
   * @param {RunningTake | null} take */
  review(take) {
    const id = take?.saved === false ? undefined : take?.id;
    if (this.reviewed === id) return;
    this.reviewed = id;
    for (const view of this.views) view.pause(id !== undefined);
    toggleHidden(this.playback, id === undefined);
    this.playback.dataset.take = id ?? "";
    if (id === undefined) this.player.close();
    else this.play(id);
  }

  /** @param {string} id */
  async play(id) {
    try {
      const detail = await during("opening the take", openTake(id));
      if (this.reviewed === id) this.player.open(detail);
    } catch {
      this.reviewed = undefined; // asked for again with the next state
    }
  }
}

/** Whether Desk may help: the robot is not there. @param {Fault | null} fault */
const closed = (fault) => Boolean(station.state?.desk) && fault?.source === "device";

const startStation = () => during("starting the station", connection.ask("start_station"));

/** @param {CameraView} view @param {boolean} old */
function veilText(view, old) {
  if (session.over) return "You are logged out.";
  if (station.link.offline) return "The server is away.\nThis page comes back by itself.";
  if (!station.window) return "Connecting …";
  if (!station.link.running) return "The station is not running.";
  if (old) return `No new picture for ${((view.age ?? 0) / 1000).toFixed(0)} s`;
  return "Waiting for the first picture";
}

/** The first thing that is odd about a take, and how many more there are. @param {string | undefined} id */
function oddOf(id) {
  const [first, ...others] = takes.find(id)?.findings ?? [];
  if (!first) return "";
  return others.length ? `${first} Data says ${others.length} more.` : first;
}
