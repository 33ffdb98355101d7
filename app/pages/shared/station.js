// What the station said last, and whether this window drives it.

import { connection } from "./connection.js";
import { sentence } from "./format.js";
import { complain, notify } from "./notices.js";
import { during } from "./pending.js";

/** @import { Camera, Link, Messages, Phase, State, StationEvent } from "./messages" */

// Agents that are no input: a policy is chosen on Roll out, and holding still is no choice.
const NO_INPUTS = ["policy", "hold"];
/** Slower than that is not called moving. */
export const MOVES_M_S = 0.02;
/** Leading the arm by the hand, among the inputs. */
export const GUIDE = "guide";
/** What an agent is called. @param {string} name */
export function agentName(name) {
  return name === GUIDE ? "By hand" : name.slice(0, 1).toUpperCase() + name.slice(1);
}
/** What takes its time, in words. @type {Record<string, string>} */
const WORDS = {
  acknowledge: "waking the robot",
  restart_device: "starting robot and cameras",
  restart_writer: "starting the writer",
  prepare_robot: "Desk unlocks the joints",
  park_robot: "Desk locks the joints",
  reset: "setting up the scene",
  practice: "beginning to practise",
  start: "opening the take's file",
  recall: "keeping what was practised",
  begin_now: "opening the take's file",
  replay: "reading the take's way",
  stop: "saving the take",
  keep: "keeping the take",
  discard: "putting the take into the bin",
  undo: "putting the take into the bin",
  mark_success: "writing that down",
};

class Station {
  constructor() {
    /** @type {State | null} */
    this.state = null;
    /** @type {Link} */
    this.link = { running: false };
    /** @type {string | null} */
    this.window = null; // our own name
    /** @type {string[]} */
    this.may = []; // what our password allows
    /** @type {string[]} */
    this.names = []; // of cameras, as the server counts them
    this.asking = false;
    this.heardAt = 0;
    this.telling = false; // whether listeners are about to be told
    this.wanted = true; // whether this window would drive if nobody else does
    this.loading = false; // a policy, which drives as soon as it is there
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    connection.on("hello", (message) => this.greeted(message));
    connection.on("cameras", (message) => this.counted(message.cameras));
    connection.on("state", (message) => this.heard(message));
    connection.on("link", (message) => this.linked(message));
    connection.on("event", (message) => this.happened(message));
    connection.on("policy", ({ state }) => (this.loading = state === "loading"));
    connection.on("up", (up) => up || this.linked({ running: false, offline: true }));
    this.beat = new Worker(new URL("./heartbeat.js", import.meta.url));
    this.beat.onmessage = () => this.tick();
  }

  get driving() {
    return this.state?.driver !== undefined && this.state.driver === this.window;
  }

  get mayDrive() {
    return this.may.includes("drive");
  }

  /** Who drives instead of us: another window, another program, or nobody. */
  get otherDriver() {
    return this.driving ? null : (this.state?.lease?.client ?? null);
  }

  /** @returns {Phase} */
  get phase() {
    return this.state?.phase ?? "away";
  }

  get live() {
    return this.state !== null && performance.now() - this.heardAt < 1500;
  }

  /** Whether the arm moves, or may begin to. Where nothing is heard of it, it may. */
  get armed() {
    const { state, link } = this;
    if (!this.live || !state) return this.heardAt > 0 && (link.running || Boolean(link.offline));
    return state.armed || this.loading || (state.robot?.speed_m_s ?? 0) > MOVES_M_S;
  }

  /** In their order; without sizes until the station has said them. @returns {Camera[]} */
  get cameras() {
    return this.state?.cameras ?? this.names.map((name) => ({ name, width: 4, height: 3 }));
  }

  /** Whether nobody drives, and we may. */
  get free() {
    return this.mayDrive && this.live && !this.state?.lease;
  }

  /** Names of what a person, or a script, drives with. */
  get inputs() {
    return (this.state?.agents ?? []).filter((name) => !NO_INPUTS.includes(name));
  }

  /** @param {Messages["hello"]} message */
  greeted(message) {
    this.window = message.window;
    this.may = message.may;
    document.documentElement.dataset.may = message.may.join(" "); // see data-needs in theme.css
    this.names = message.cameras;
    this.linked(message.link);
  }

  /** @param {string[]} names */
  counted(names) {
    this.names = names;
    this.tell();
  }

  /** @param {State} state */
  heard(state) {
    this.noticeDriver(this.state, state);
    this.state = state;
    this.heardAt = performance.now();
    this.tellSoon();
  }

  /** Nobody loses the controls without a word. @param {State | null} before @param {State} now */
  noticeDriver(before, now) {
    if (!before || before.driver !== this.window || now.driver === this.window) return;
    const other = now.lease?.client;
    const lost = "This window does not drive any more. The robot holds.";
    notify(other ? `${sentence(other)} took over. This window looks on.` : lost, "amber");
  }

  /** @param {Link} link */
  linked(link) {
    this.link = link;
    if (!link.running) this.state = null;
    this.tell();
  }

  /** @param {StationEvent} event */
  happened(event) {
    if (["fault", "warning", "limit", "home"].includes(event.kind)) notify(event.text, "amber");
  }

  /** Once for all that is heard until the next drawing, or for a tenth of a second: a window
   * that cannot keep up skips what is old, and has time left for keys and heartbeats. */
  tellSoon() {
    if (this.telling) return;
    this.telling = true;
    const now = () => this.telling && this.tell();
    requestAnimationFrame(now);
    setTimeout(now, 100);
  }

  tell() {
    this.telling = false;
    for (const listener of this.listeners) listener();
  }

  tick() {
    if (this.driving) connection.send("beat");
    else if (this.free && this.wanted && !document.hidden) this.take(false);
    if (!this.live) this.tell();
  }

  /** Ask for control; quietly where nobody was asked to give it up. @param {boolean} takeOver */
  async take(takeOver) {
    if (this.asking) return;
    this.asking = true;
    const other = this.otherDriver;
    try {
      await during("asking for the controls", connection.ask("control", { take_over: takeOver }));
      this.wanted = true;
      if (other) notify(`This window drives now. ${sentence(other)} looks on.`);
    } catch (error) {
      if (takeOver) complain(error);
    } finally {
      setTimeout(() => (this.asking = false), 500);
    }
  }

  /**
   * Send a command to the station; says what went wrong and returns null where it did.
   * @param {string} name
   * @param {object} fields
   */
  async command(name, fields = {}) {
    try {
      return await during(WORDS[name] ?? "asking the station", this.ask(name, fields));
    } catch (error) {
      complain(error);
      return null;
    }
  }

  /** The same; rejects with the station's words. @param {string} name @param {object} fields */
  ask(name, fields = {}) {
    return connection.ask("command", { name, fields });
  }
}

export const station = new Station();
