// The devices of the station, by kind; which are connected, which one is chosen.

import { find, make, refill, setText } from "../shared/dom.js";
import { deviceOf, places } from "./settings.js";

/** @import { DeviceKind, DeviceStatus, StationSettings } from "../shared/messages" */
/** @import { Place } from "./settings.js" */

/** @type {Record<DeviceKind, string>} */
const LISTS = { robot: ".robot", gripper: ".gripper", camera: ".of-cameras", input: ".inputs" };

export class DeviceList {
  /** @param {HTMLElement} element @param {(place: Place) => void} choose */
  constructor(element, choose) {
    this.element = element;
    this.choose = choose;
  }

  /** @param {StationSettings} settings @param {DeviceStatus[]} statuses @param {Place} chosen */
  show(settings, statuses, chosen) {
    const all = places(settings).map((place) => ({
      place,
      driver: deviceOf(settings, place)?.driver ?? "",
    }));
    for (const [kind, selector] of Object.entries(LISTS)) {
      const rows = all.filter(({ place }) => place.kind === kind);
      const list = find(this.element, selector);
      refill(list, JSON.stringify(rows), () =>
        rows.length ? rows.map((row) => this.row(row)) : [make("li", { class: "hint" }, "None")],
      );
      rows.forEach(({ place, driver }, index) => {
        const status = statuses.find((each) => each.kind === kind && each.name === place.name);
        const current = kind === chosen.kind && place.name === chosen.name;
        showStatus(list.children[index], status?.driver === driver ? status : undefined, current);
      });
    }
  }

  /** @param {{place: Place, driver: string}} row */
  row({ place, driver }) {
    return make(
      "li",
      {},
      make(
        "button",
        { class: "quiet", onclick: () => this.choose(place) },
        make("i", { class: "light", "aria-hidden": "true" }),
        make("b", {}, place.name),
        make("em", {}, driver),
        make("small", {}),
      ),
    );
  }
}

/** What changes all the time changes in place. @param {Element | undefined} row @param {DeviceStatus | undefined} status @param {boolean} current */
function showStatus(row, status, current) {
  if (!row) return; // the list is pressed
  const light = status ? (status.connected ? "green" : "red") : "";
  find(row, "button").setAttribute("aria-current", String(current));
  find(row, ".light").className = `light ${light}`;
  setText(find(row, "small"), status ? status.text : "not started yet");
}
