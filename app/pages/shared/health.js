// The line below the pictures: what is measured, and whether it is well.

import { make, refill } from "./dom.js";
import { station } from "./station.js";

/** @import { RunningTake, State } from "./messages" */
/** @typedef {"green" | "amber" | "red"} Tone */
/** @typedef {[name: string, value: string, tone: Tone, title: string]} Item */

/** Limits of DESIGN: a tick may be 5 ms late, a frame 100 ms old.
 * @param {number} value
 * @param {number} amber
 * @param {number} red
 * @returns {Tone} */
const light = (value, amber, red) => (value >= red ? "red" : value >= amber ? "amber" : "green");
const OLD_MS = 1000; // what was not heard for that long says nothing about now

/** @param {number} ms */
const seconds = (ms) => `${Math.round(ms / 1000)} s`;

/** Who has not been heard for too long, in words; "" where all are.
 * @param {State} state */
export function silence({ resting, robot, health }) {
  if (robot && robot.age_ms > OLD_MS) return `nothing from the robot for ${seconds(robot.age_ms)}`;
  if (resting) return ""; // a world that stands still has no new pictures
  const old = Object.entries(health.frame_age_ms).find(([, ms]) => ms > OLD_MS);
  return old ? `no picture from ${old[0]} for ${seconds(old[1])}` : "";
}

/** Who said nothing for long in a take, in words; "" where all were heard throughout.
 * @param {RunningTake | null | undefined} take */
export function silenceIn(take) {
  const silent = Object.entries(take?.silent_s ?? {});
  const told = silent.map(([name, lasted]) => `${name} (${seconds(1000 * lasted)})`);
  return told.length ? `Nothing came from ${told.join(", ")}: better record it again.` : "";
}

/** @param {State} state @returns {Item[]} */
export function healthItems(state) {
  const { health } = state;
  const age = Math.max(0, ...Object.values(health.frame_age_ms));
  const inTake = Object.values(health.drops).reduce((sum, each) => sum + each, 0);
  const drops = state.take ? inTake : health.recent_drops;
  const behind = light(state.control_rate_hz / Math.max(health.rate_hz, 0.1), 1.015, 1.1);
  const lost = state.take ? "Pictures that this take lost" : "Pictures lost in the last 10 s";
  const p99 = health.p99_lateness_ms;
  /** @type {Item[]} */
  const items = [
    ["", `${health.rate_hz.toFixed(1)} Hz`, behind, "Rate of the loop"],
    [
      "late",
      late(health),
      light(health.late, 1, 10),
      "Ticks > 5 ms late in the last 10 s, and why",
    ],
    ["p99", `${p99.toFixed(1)} ms`, light(p99, 5, 25), "99 % of ticks began within"],
    ["age", `${age.toFixed(0)} ms`, light(age, 100, 300), "Age of the oldest newest picture"],
  ];
  const stale = age > OLD_MS;
  if (station.cameras.length > 1) items.push(stale ? unknown("skew") : skew(health.skew_ms));
  items.push(stale ? unknown("drops") : ["drops", `${drops}`, light(drops, 1, 20), lost]);
  if (state.robot) items.push(reading(state.robot.age_ms));
  if (health.disk_free_gb !== null) items.push(disk(health));
  return items;
}

/** @param {number} ms @returns {Item} */
const skew = (ms) => [
  "skew",
  `${ms.toFixed(0)} ms`,
  light(ms, 50, 200),
  "Time between the cameras' pictures",
];

/** @param {string} name @returns {Item} */
const unknown = (name) => [name, "–", "red", "Not known while pictures do not come"];

/** @param {number} ms @returns {Item} */
function reading(ms) {
  const old = ms > OLD_MS ? seconds(ms) : `${ms.toFixed(0)} ms`;
  return ["robot", old, light(ms, 100, 300), "Age of the robot's newest reading"];
}

/** What is shown where the station is not heard. @param {number} now @returns {Item[]} */
function unheard(now) {
  const { heardAt } = station;
  const text = heardAt ? `no figures for ${seconds(now - heardAt)}` : "no figures yet";
  return [["", text, heardAt ? "red" : "amber", "Nothing is heard of the station"]];
}

/** How many, and what most of them waited for. @param {State["health"]} health */
const late = ({ late: ticks, late_by }) => (late_by ? `${ticks}: ${late_by}` : `${ticks}`);

/** @param {State["health"]} health @returns {Item} */
function disk({ disk_free_gb, disk_minutes }) {
  const free = disk_free_gb ?? 0;
  const minutes = disk_minutes ?? 0;
  const tone = free < 1 || minutes < 10 ? "red" : free < 5 || minutes < 60 ? "amber" : "green";
  const room = `${free.toFixed(0)} GB, ${lasting(minutes)}`;
  return ["disk", room, tone, "Free space, and how long takes can be recorded into it"];
}

/** @param {number} minutes */
function lasting(minutes) {
  if (minutes < 120) return `${Math.floor(minutes)} min`;
  return minutes < 60 * 100 ? `${Math.floor(minutes / 60)} h` : "days";
}

const EVERY_MS = 250; // numbers that change faster cannot be read

export class HealthLine {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.shownAt = -EVERY_MS;
  }

  show() {
    const now = performance.now();
    if (now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    const state = station.live ? station.state : null;
    const items = state ? healthItems(state) : unheard(now);
    const clipped = state?.robot?.clipped ?? [];
    const limited = "The limits changed what was asked";
    if (clipped.length) items.push(["limit", clipped.join(", "), "amber", limited]);
    refill(this.element, JSON.stringify(items), () => items.map(item));
  }
}

/** @param {Item} item */
const item = ([name, value, tone, title]) =>
  make(
    "span",
    { class: tone, title },
    make("i", { class: `light ${tone}` }),
    name,
    make("b", {}, value),
  );
