// The station in the bar: its light, its rate, and what is going on, whichever page is in front.

import { find, setDisabled, setText, toggleClass, toggleHidden } from "../shared/dom.js";
import { clock } from "../shared/format.js";
import { silence } from "../shared/health.js";
import { session } from "../shared/login.js";
import { onWait, waitsFor } from "../shared/pending.js";
import { station } from "../shared/station.js";

/** @import { Phase, State } from "../shared/messages" */
/** @typedef {{tone: string, text: string, more?: string}} Summary */

/** @type {Partial<Record<Phase, string>>} */
const PHASES = {
  countdown: "about to record",
  practising: "practising",
  recording: "recording",
  review: "review",
};
/** @type {Record<string, string>} */
const STATIONS = { simulated: "Simulated Franka", synthetic: "Test cameras" };
const LOOKS_ON = "Your password does not let you drive. Log out, and in with another (?).";
const SLOW = 0.95; // of the rate that is asked for

/** @param {HTMLElement} element @param {HTMLButtonElement} control */
export function followStation(element, control) {
  const show = () => {
    showStation(element);
    showControl(control);
  };
  station.listeners.add(show);
  onWait(show);
  show();
}

/** @param {HTMLElement} element */
function showStation(element) {
  const { tone, text, more } = summary();
  const what = find(element, ".what");
  const doing = find(element, ".doing");
  const state = station.live ? station.state : null;
  find(element, ".light").className = `light ${tone}`;
  setText(what, text);
  what.title = more ?? text;
  const word = doingNow(state);
  toggleHidden(doing, !word);
  setText(find(doing, "b"), word);
  setText(find(doing, "time"), state?.phase === "recording" ? clock(state.take?.seconds ?? 0) : "");
  for (const phase of ["recording", "review"]) toggleClass(doing, phase, state?.phase === phase);
  toggleClass(doing, "armed", station.armed && state?.phase !== "recording");
}

/** @param {State | null} state */
function doingNow(state) {
  const waits = waitsFor();
  if (waits && !["practising", "recording"].includes(state?.phase ?? "")) return `${waits} …`;
  if (!state) return "";
  if (state.phase !== "idle") return PHASES[state.phase] ?? state.phase;
  if (state.armed) return "going home";
  return state.ready ? "ready" : "setting up";
}

/** @returns {Summary} */
function summary() {
  const { link, state, live, heardAt } = station;
  if (session.over) return { tone: "red", text: "logged out" };
  if (link.offline) return { tone: "red", text: "no connection to the server" };
  if (!link.running) return { tone: "red", text: link.message ?? "the station is not running" };
  if (!live || !state)
    return { tone: "amber", text: heardAt ? "not heard" : "starting the station" };
  const { health, fault } = state;
  const name = STATIONS[state.source] ?? "Station";
  if (fault) return { tone: "red", text: `${name} · needs attention`, more: fault.text };
  const silent = silence(state);
  if (silent) return { tone: "red", text: `${name} · ${silent}` };
  const slow = health.rate_hz < SLOW * state.control_rate_hz;
  return { tone: slow ? "amber" : "green", text: `${name} · ${health.rate_hz.toFixed(1)} Hz` };
}

/** @param {HTMLButtonElement} control */
function showControl(control) {
  const other = station.otherDriver;
  const free = other ? "Take over " : "Take control ";
  const may = station.live && station.mayDrive;
  toggleClass(control, "ask", may && !station.driving);
  setText(control.firstChild, station.driving ? "Driving " : free);
  setDisabled(control, !may || station.driving);
  control.title = titleOf(other);
}

/** @param {string | null} other */
function titleOf(other) {
  if (station.live && !station.mayDrive) return LOOKS_ON;
  return other ? `${other} is driving; this window looks on` : "Drive from this window";
}
