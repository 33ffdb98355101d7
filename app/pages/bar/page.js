// The bar that is the same everywhere: the station, who drives, jobs, keys, stop.

import { find, make, setDisabled, setText, toggleClass } from "../shared/dom.js";
import { duration, percent } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { bind, bindButton, keyName, keys, onStop } from "../shared/keys.js";
import { station } from "../shared/station.js";
import { openTab, tabs } from "../shared/tabs.js";
import { toggleAppearance } from "../shared/theme.js";

const PHASES = {
  idle: "ready",
  countdown: "about to record",
  practising: "practising",
  recording: "recording",
  review: "review",
};

export function mount(element) {
  const light = find(element, ".light"),
    what = find(element, ".what");
  const control = find(element, ".tl-control"),
    list = find(element, ".tl-jobs");
  bindButton("any", control, () => station.take(true));
  bindButton("any", list, showJobs);
  bindButton("any", find(element, "#tl-theme"), toggleAppearance);
  bindButton("any", find(element, "#tl-help"), showKeys);
  find(element, ".tl-stop").addEventListener("click", () => station.stop());
  onStop(() => station.stop());
  tabs.forEach((name, index) => bind("any", String(index + 1), PAGES[name], () => openTab(name)));
  // A clicked button keeps no focus: the next Enter is meant for the page.
  document.addEventListener("click", (event) => {
    if (event.detail > 0) event.target.closest?.("button")?.blur();
  });

  station.listeners.add({ update: () => showStation(light, what, control) });
  jobs.watch(() => {
    const popover = document.querySelector(".tl-popover");
    if (popover) fillJobs(popover);
    const running = jobs.running.length;
    setText(
      list.firstChild,
      running
        ? `${running} job${running > 1 ? "s" : ""} · ${percent(jobs.running[0].progress)} `
        : "No jobs ",
    );
  });
  showStation(light, what, control);
}

function showStation(light, what, control) {
  const [tone, text, more] = summary();
  light.className = `light ${tone}`;
  setText(what, text);
  what.title = more ?? "";
  const other = station.otherDriver;
  toggleClass(control, "ask", station.live && !station.driving);
  setText(
    control.firstChild,
    station.driving ? "Driving " : other ? "Take over " : "Take control ",
  );
  setDisabled(control, !station.live || station.driving);
  control.title = other ? `${other} is driving; this window looks on` : "Drive from this window";
}

function summary() {
  if (station.link.offline) return ["red", "no connection to the server"];
  if (!station.link.running) return ["red", station.link.message ?? "the station is not running"];
  if (!station.live) return ["amber", "starting the station"];
  const { health, phase, fault, ready } = station.state;
  const name = station.simulated ? "Simulated Franka" : "Test cameras";
  if (fault) return ["red", `${name} · needs attention`, fault.text];
  const slow = health.rate_hz < 0.95 * (station.state.rate_hz ?? 20);
  return [
    slow ? "amber" : "green",
    `${name} · ${health.rate_hz.toFixed(1)} Hz · ${phase === "idle" && !ready ? "setting up" : (PHASES[phase] ?? phase)}`,
  ];
}

function showJobs() {
  const open = document.querySelector(".tl-popover");
  if (open) return open.remove();
  const popover = make("div", { class: "tl-popover" });
  fillJobs(popover);
  document.body.append(popover);
  setTimeout(() => addEventListener("click", () => popover.remove(), { once: true }));
}

function fillJobs(popover) {
  const rows = jobs.all
    .slice(0, 8)
    .map((job) =>
      make(
        "li",
        { onclick: () => openTab("finetune") },
        make(
          "span",
          {},
          `${job.title} · ${job.state}${job.eta_s ? ` · ${duration(job.eta_s)} left` : ""}`,
        ),
        make("progress", { max: 1, value: job.progress, "aria-label": job.title }),
      ),
    );
  const empty = make(
    "p",
    { class: "empty" },
    "No jobs yet. Fine-tune on a few labelled takes to start one.",
  );
  popover.replaceChildren(rows.length ? make("ul", {}, ...rows) : empty);
}

const PAGES = {
  any: "Everywhere",
  record: "Record",
  label: "Label",
  finetune: "Fine-tune",
  rollout: "Roll out",
  data: "Data",
};
const DRIVING = [
  ["W A S D", "Move, as seen in the front picture"],
  ["Q E", "Up, down"],
  ["← →", "Turn"],
  ["↑ ↓", "Tilt"],
  ["G", "Gripper"],
  ["Shift", "Slowly"],
];

function showKeys() {
  const open = document.querySelector(".tl-dialog[open]");
  if (open) return open.remove();
  const line = (key, label) => make("li", {}, make("span", {}, label), make("kbd", {}, key));
  const sections = Object.entries(PAGES).map(([name, title]) => {
    const own = keys.bindings.filter((each) => each.scope === name && each.label);
    const lines = own.map((each) => line(keyName(each.key), each.label));
    if (name === "any") lines.unshift(line("Space", "Stop (Escape in a text field)"));
    return lines.length
      ? make("section", {}, make("h3", {}, title), make("ul", {}, ...lines))
      : null;
  });
  const driving = make(
    "section",
    {},
    make("h3", {}, "Driving (hold)"),
    make("ul", {}, ...DRIVING.map((pair) => line(...pair))),
  );
  const dialog = make(
    "dialog",
    { class: "tl-dialog", "aria-label": "All keys" },
    make("h2", {}, "Keys"),
    make("div", { class: "columns" }, driving, ...sections),
    make("div", { class: "closing" }, make("button", { onclick: () => dialog.remove() }, "Close")),
  );
  document.body.append(dialog);
  dialog.showModal();
  dialog.addEventListener("close", () => dialog.remove());
}
