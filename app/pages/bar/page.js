// The bar that is the same everywhere: the station, who drives, jobs, keys, stop.

import { button, find } from "../shared/dom.js";
import { bind, bindButton, onStop } from "../shared/keys.js";
import { station } from "../shared/station.js";
import { stop } from "../shared/stop.js";
import { openTab, tabs } from "../shared/tabs.js";
import { toggleAppearance } from "../shared/theme.js";
import { Alarm } from "./alarm.js";
import { takeControl } from "./control.js";
import { JobList } from "./jobs.js";
import { showKeys } from "./keys.js";
import { followPilot } from "./pilot.js";
import { followStation } from "./status.js";

/** @param {HTMLElement} element */
export function mount(element) {
  const control = button(element, ".tl-control");
  const list = button(element, ".tl-jobs");
  bindButton("any", control, takeControl);
  const jobs = new JobList(list);
  bindButton("any", list, () => jobs.toggle());
  bindButton("any", button(element, "#tl-theme"), toggleAppearance);
  bindButton("any", button(element, "#tl-help"), showKeys);
  find(element, ".tl-stop").addEventListener("click", () => stop.press());
  onStop(
    () => stop.press(),
    () => station.armed,
  );
  for (const [index, name] of tabs.entries()) {
    bind("any", String(index + 1), () => openTab(name));
  }
  followStation(element, control);
  followPilot();
  new Alarm(element);
  makeRoom();
}

/** The tools have the room that the tabs leave. */
function makeRoom() {
  const tabs = document.querySelector("#tl-tabs > .tab-wrapper");
  if (!tabs) return void requestAnimationFrame(makeRoom);
  const measure = () => {
    const end = Math.ceil(tabs.getBoundingClientRect().right);
    document.body.style.setProperty("--tl-tabs", `${end}px`);
  };
  new ResizeObserver(measure).observe(tabs);
}
