// The bar that is the same everywhere: the station, who drives, jobs, keys, stop.

import { button, find, make, setDisabled, setText, toggleClass } from "../shared/dom.js";
import { duration, percent } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { bind, bindButton, onStop } from "../shared/keys.js";
import { session } from "../shared/login.js";
import { station } from "../shared/station.js";
import { openTab, tabs } from "../shared/tabs.js";
import { toggleAppearance } from "../shared/theme.js";
import { PAGES, showKeys } from "./keys.js";

/** @import { Job, Phase } from "../shared/messages" */

/** @type {Partial<Record<Phase, string>>} */
const PHASES = {
  idle: "ready",
  countdown: "about to record",
  practising: "practising",
  recording: "recording",
  review: "review",
};
/** @type {Record<string, string>} */
const STATIONS = { simulated: "Simulated Franka", synthetic: "Test cameras" };
const LOOKS_ON = "Your password does not let you drive. Log out, and in with another (?).";
const SHOWN_JOBS = 8;

/** @param {HTMLElement} element */
export function mount(element) {
  const control = button(element, ".tl-control");
  const list = button(element, ".tl-jobs");
  bindButton("any", control, () => station.take(true));
  bindButton("any", list, toggleJobs);
  bindButton("any", button(element, "#tl-theme"), toggleAppearance);
  bindButton("any", button(element, "#tl-help"), showKeys);
  find(element, ".tl-stop").addEventListener("click", () => station.stop());
  onStop(() => station.stop());
  for (const [index, name] of tabs.entries()) {
    bind("any", String(index + 1), PAGES[name], () => openTab(name));
  }
  loseFocusOfClicked();
  const show = () => showStation(element, control);
  station.listeners.add(show);
  jobs.watch(() => showJobs(list));
  show();
}

/** A clicked button keeps no focus: the next Enter is meant for the page. */
function loseFocusOfClicked() {
  document.addEventListener("click", (event) => {
    if (event.detail > 0 && event.target instanceof Element) event.target.closest("button")?.blur();
  });
}

/** @param {HTMLElement} element @param {HTMLButtonElement} control */
function showStation(element, control) {
  const [tone, text, more] = summary();
  const what = find(element, ".what");
  find(element, ".light").className = `light ${tone}`;
  setText(what, text);
  what.title = more ?? "";
  const other = station.otherDriver;
  const free = other ? "Take over " : "Take control ";
  const may = station.live && station.mayDrive;
  toggleClass(control, "ask", may && !station.driving);
  setText(control.firstChild, station.driving ? "Driving " : free);
  setDisabled(control, !may || station.driving);
  control.title = station.live && !may ? LOOKS_ON : whoDrives(other);
}

/** @param {string | null} other */
const whoDrives = (other) =>
  other ? `${other} is driving; this window looks on` : "Drive from this window";

/** @returns {[tone: string, text: string, more?: string]} */
function summary() {
  const { link, state } = station;
  if (session.over) return ["red", "logged out"];
  if (link.offline) return ["red", "no connection to the server"];
  if (!link.running) return ["red", link.message ?? "the station is not running"];
  if (!station.live || !state) return ["amber", "starting the station"];
  const { health, phase, fault, ready } = state;
  const name = STATIONS[state.source] ?? "Station";
  if (fault) return ["red", `${name} · needs attention`, fault.text];
  const slow = health.rate_hz < 0.95 * state.control_rate_hz;
  const does = phase === "idle" && !ready ? "setting up" : (PHASES[phase] ?? phase);
  return [slow ? "amber" : "green", `${name} · ${health.rate_hz.toFixed(1)} Hz · ${does}`];
}

/** @param {HTMLButtonElement} list */
function showJobs(list) {
  const popover = document.querySelector(".tl-popover");
  if (popover) fillJobs(popover);
  const { length } = jobs.running;
  const share = length ? percent(jobs.running[0].progress) : "";
  setText(
    list.firstChild,
    length ? `${length} job${length > 1 ? "s" : ""} · ${share} ` : "No jobs ",
  );
}

function toggleJobs() {
  const open = document.querySelector(".tl-popover");
  if (open) return open.remove();
  const popover = make("div", { class: "tl-popover" });
  fillJobs(popover);
  document.body.append(popover);
  setTimeout(() => addEventListener("click", () => popover.remove(), { once: true }));
}

/** @param {Element} popover */
function fillJobs(popover) {
  const rows = jobs.all.slice(0, SHOWN_JOBS).map(row);
  const none = "No jobs yet. Fine-tune on a few labelled takes to start one.";
  const shown = rows.length ? make("ul", {}, ...rows) : make("p", { class: "empty" }, none);
  popover.replaceChildren(shown);
}

/** @param {Job} job */
function row(job) {
  const left = job.eta_s ? ` · ${duration(job.eta_s)} left` : "";
  return make(
    "li",
    { onclick: () => openTab("finetune") },
    make("span", {}, `${job.title} · ${job.state}${left}`),
    make("progress", { max: 1, value: job.progress, "aria-label": job.title }),
  );
}
