// What happens to a take, as sounds: for whoever looks at the robot, and not at the page.

import { station } from "../shared/station.js";

/** @import { State } from "../shared/messages" */

const SOUNDS = "teachloop-sounds";
const LOUD = 0.2; // of all that a loudspeaker can
const SOFT_S = 0.01; // a tone that begins or ends at once clicks

/** @typedef {"count" | "begins" | "ends" | "kept" | "discarded" | "fault"} Cue */

/** Hz and seconds of tones one after the other; 0 Hz is a rest. @type {Record<Cue, number[][]>} */
const TONES = {
  count: [[660, 0.08]],
  begins: [
    [660, 0.1],
    [990, 0.2],
  ],
  ends: [
    [990, 0.1],
    [660, 0.2],
  ],
  kept: [
    [880, 0.08],
    [0, 0.05],
    [880, 0.08],
  ],
  discarded: [[330, 0.3]],
  fault: [
    [220, 0.2],
    [0, 0.1],
    [220, 0.2],
    [0, 0.1],
    [220, 0.2],
  ],
};

/** What came between two states of the station. @param {State} before @param {State} now
 * @returns {Cue | undefined} */
function cueOf(before, now) {
  if (now.fault && !before.fault) return "fault";
  const { phase } = now;
  if (before.phase === "review" && phase !== "review") {
    return now.undoable.includes(before.take?.id ?? "") ? "kept" : "discarded";
  }
  const left = secondsLeft(now);
  if (left && left !== secondsLeft(before)) return "count";
  if (phase === before.phase) return undefined;
  if (phase === "recording") return "begins";
  return before.phase === "recording" ? "ends" : undefined;
}

/** None in a countdown of nothing, which each take goes through, nor in one that has not begun.
 * @param {State} state */
function secondsLeft({ phase, countdown_s, waits_for }) {
  return phase === "countdown" && !waits_for ? Math.ceil(countdown_s) : 0;
}

export class Cues {
  /** @param {HTMLInputElement} wanted */
  constructor(wanted) {
    this.wanted = wanted;
    /** @type {State | null} */
    this.before = null;
    /** @type {AudioContext | undefined} */
    this.audio = undefined;
    wanted.checked = localStorage.getItem(SOUNDS) === "on";
    wanted.addEventListener("change", () => this.chosen());
  }

  /** Whoever wants sounds hears one: whether there is a loudspeaker is not known otherwise. */
  chosen() {
    localStorage.setItem(SOUNDS, this.wanted.checked ? "on" : "off");
    if (this.wanted.checked) this.play("begins");
  }

  /** Of the window that drives, and of no other. */
  update() {
    const { before } = this;
    this.before = station.state;
    if (!this.wanted.checked || !before || !station.state || !station.driving) return;
    const cue = cueOf(before, station.state);
    if (cue) this.play(cue);
  }

  /** @param {Cue} cue */
  play(cue) {
    this.audio ??= new AudioContext();
    this.audio.resume();
    let at = this.audio.currentTime;
    for (const [hertz, seconds] of TONES[cue]) {
      if (hertz) this.tone(hertz, at, seconds);
      at += seconds;
    }
  }

  /** @param {number} hertz @param {number} at @param {number} seconds */
  tone(hertz, at, seconds) {
    const audio = /** @type {AudioContext} */ (this.audio);
    const [source, volume] = [audio.createOscillator(), audio.createGain()];
    source.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(LOUD, at + SOFT_S);
    volume.gain.setValueAtTime(LOUD, at + seconds - SOFT_S);
    volume.gain.linearRampToValueAtTime(0, at + seconds);
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + seconds);
  }
}
