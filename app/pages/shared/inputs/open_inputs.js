// The inputs that are listened to now: one that is chosen, or all while a policy can be corrected.

import { scope } from "../keys.js";
import { station } from "../station.js";
import { isHere, makeInput } from "./inputs.js";
import { STILL } from "./shaping.js";

/** @import { InputStatus } from "../messages" */
/** @import { Listener, TeleopInput } from "./input" */

export const PAGES = ["record", "rollout", "calibrate"];
const POLICY = "policy";
const KEYBOARD = {
  name: "",
  driver: "keyboard",
  settings: {},
  problem: "",
  asks: null,
  gripper: null,
};

/** What was held before it drives moves nothing: an input counts once it was seen at rest. */
class OpenInput {
  /** @param {TeleopInput} input */
  constructor(input) {
    this.input = input;
    this.rested = false;
    input.open();
    this.release();
  }

  twist() {
    const twist = this.input.twist();
    if (!twist) this.rested = false;
    else if (!twist.some(Boolean)) this.rested = true;
    return twist && this.rested ? twist : STILL;
  }

  release() {
    this.rested = false;
    this.twist();
  }
}

/** Those that are open, by their names at the station. */
export class OpenInputs {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    /** Whether somebody is at another window: what they hold is not meant for this one then. */
    this.away = !document.hasFocus();
    this.keyboard = new OpenInput(makeInput(KEYBOARD, listener));
    /** @type {Map<string, OpenInput>} */
    this.others = new Map();
  }

  get all() {
    return [this.keyboard, ...this.others.values()];
  }

  /** Open what is wanted now, and no more. */
  follow() {
    const wanted = (station.state?.inputs ?? []).filter(isWanted);
    const names = wanted.map(({ name }) => name);
    for (const [name, { input }] of this.others) {
      if (names.includes(name)) continue;
      input.close();
      this.others.delete(name);
    }
    for (const card of wanted) {
      if (this.others.has(card.name)) continue;
      this.others.set(card.name, new OpenInput(makeInput(card, this.listener)));
    }
    for (const open of this.all) open.twist(); // so that rest is seen
  }

  release() {
    for (const open of this.all) open.release();
  }

  /** Whether what an input's buttons ask for is meant for this window. */
  get meant() {
    return !this.away || this.all.some(({ input }) => input.worn);
  }

  /** Of the first that asks for motion, in m/s and rad/s along and about x, y, z of its frame. */
  get velocities() {
    const { keyboard, all } = this;
    const listened = this.away ? all.filter((it) => it === keyboard || it.input.worn) : all;
    const asked = listened.map(({ input }, at) => ({ twist: listened[at].twist(), input }));
    const { twist, input } = asked.find((each) => each.twist.some(Boolean)) ?? asked[0];
    const [linear, angular] = input.speeds;
    return {
      frame: input.settings?.frame ?? "base",
      linear: twist.slice(0, 3).map((share) => share * linear),
      angular: twist.slice(3).map((share) => share * angular),
    };
  }

  /** @param {boolean} away */
  leave(away) {
    if (this.away === away) return;
    this.away = away;
    this.release();
  }

  /** Why an open one cannot be used; "" where it can. @param {string} name */
  problemOf(name) {
    return this.others.get(name)?.input.problem ?? "";
  }
}

/** @param {InputStatus} card */
function isWanted(card) {
  const may = station.driving && PAGES.includes(scope()) && !card.problem;
  const chosen = [card.name, POLICY].includes(station.state?.agent ?? "");
  return may && chosen && isHere(card) && card.driver !== "keyboard";
}
