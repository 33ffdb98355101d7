// What is said of Stop across the page: that it worked, or that it does not reach the robot.

import { find, setText, toggleClass, toggleHidden } from "../shared/dom.js";
import { station } from "../shared/station.js";
import { stop } from "../shared/stop.js";

const NO_STOP = "Stop does not reach the robot. Use the hardware stop.";
/** @type {Record<string, string>} */
const OUTCOMES = {
  asked: "Stopping …",
  held: "Stopped, holding",
  unsure: "Stop is not confirmed. Use the hardware stop.",
};

export class Alarm {
  /** @param {HTMLElement} element the bar */
  constructor(element) {
    this.band = find(element, ".tl-alarm");
    this.button = find(element, ".tl-stop");
    const show = () => this.show();
    station.listeners.add(show);
    stop.watchers.add(show);
    show();
  }

  show() {
    const { cutOff, outcome } = stop;
    const red = cutOff !== "" || outcome === "unsure";
    toggleHidden(this.band, !red && !outcome);
    toggleClass(this.band, "red", red);
    toggleClass(document.body, "tl-alarmed", red);
    setText(find(this.band, "b"), cutOff ? NO_STOP : (OUTCOMES[outcome] ?? ""));
    setText(find(this.band, "span"), cutOff || (red ? stop.reason : ""));
    toggleClass(this.button, "dead", cutOff);
    setText(this.button.firstChild, cutOff ? "Stop does not reach " : "Stop ");
  }
}
