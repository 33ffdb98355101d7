// Stop: whether it reaches the robot, and what came of it.

import { MOVES_M_S, station } from "./station.js";

const SURE_MS = 1000; // a stop that is not confirmed by then is said to be none
const SHOWN_MS = 3000;
const BEGINNING_MS = 5000; // of a page that has heard nothing yet

/** @typedef {"" | "asked" | "held" | "unsure"} Outcome */
/** @typedef {{at: number, armed: boolean, answered: boolean}} Asked */

class Stop {
  constructor() {
    /** @type {Outcome} */
    this.outcome = "";
    this.reason = ""; // of an unsure one
    /** @type {Asked | null} */
    this.asked = null;
    this.timer = 0;
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    station.listeners.add(() => this.look());
  }

  /** Why it does not reach the robot; "" where it does. */
  get cutOff() {
    const { link, state, live, heardAt } = station;
    if (!heardAt && performance.now() < BEGINNING_MS) return "";
    if (link.offline) return "There is no connection to the server.";
    if (!link.running) return `${link.message || "The station is not running"}.`;
    if (!live) return "Nothing is heard of the station.";
    return state?.fault?.source === "device" ? state.fault.text : "";
  }

  async press() {
    const asked = { at: performance.now(), armed: Boolean(station.state?.armed), answered: false };
    this.asked = asked;
    this.say("asked");
    this.timer = setTimeout(() => this.doubt(asked, "No answer came."), SURE_MS);
    try {
      await station.ask("stop_robot");
      asked.answered = true;
      this.look();
    } catch (error) {
      this.doubt(asked, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Asked} asked @param {string} reason */
  doubt(asked, reason) {
    if (this.asked !== asked) return;
    this.reason = asked.answered ? "It is still moving." : reason;
    this.say("unsure");
  }

  /** It is confirmed by what the station says of the robot from then on. */
  look() {
    const { asked } = this;
    const { state, live, heardAt } = station;
    if (!asked || !live || !state || heardAt < asked.at) return;
    const over = asked.answered || asked.armed;
    if (!over || state.armed || (state.robot?.speed_m_s ?? 0) > MOVES_M_S) return;
    this.asked = null;
    this.say("held");
    this.timer = setTimeout(() => this.say(""), SHOWN_MS);
  }

  /** @param {Outcome} outcome */
  say(outcome) {
    clearTimeout(this.timer);
    this.outcome = outcome;
    for (const watcher of this.watchers) watcher();
  }
}

export const stop = new Stop();
