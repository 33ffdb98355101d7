// Set-up: which devices the station has, their drivers and settings; each can be tested.

import { api, Refused } from "../shared/api.js";
import {
  button,
  find,
  make,
  refill,
  setDisabled,
  setText,
  toggleClass,
  toggleHidden,
} from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { complain, notify } from "../shared/notices.js";
import { showProblem } from "../shared/problems.js";
import { onOpen } from "../shared/tabs.js";
import { deviceForm, missingDrivers } from "./device_form.js";
import { DeviceList } from "./device_list.js";
import { choiceControl, field, numberControl } from "./fields.js";
import {
  deviceOf,
  driversOf,
  freeName,
  MOST_CAMERAS,
  pathOf,
  places,
  ROBOT,
  renamed,
  withDevice,
  without,
  wrongName,
} from "./settings.js";

/** @import { Device, DeviceKind, StationDescription, StationSettings } from "../shared/messages" */
/** @import { Place } from "./settings.js" */

const LOOK_MS = 2000;
const HZ = { type: "number", minimum: 1, maximum: 1000 };
const KEEP = ""; // no name of a preset

/** @param {HTMLElement} element */
export function mount(element) {
  return new SetupPage(element);
}

class SetupPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {StationDescription | null} */
    this.known = null;
    /** @type {StationSettings | null} */
    this.settings = null;
    /** @type {Place} */
    this.chosen = ROBOT;
    this.testing = false;
    this.list = new DeviceList(find(element, ".lists"), (place) => this.choose(place));
    this.form = find(element, ".device .fields", HTMLFormElement);
    this.station = find(element, ".station .fields", HTMLFormElement);
    for (const form of [this.form, this.station]) {
      form.addEventListener("submit", (event) => event.preventDefault());
    }
    this.bindButtons();
    onOpen("setup", element, () => this.look());
    setInterval(() => this.element.offsetParent && !document.hidden && this.look(), LOOK_MS);
    this.show();
  }

  bindButtons() {
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("setup", this.button(name), run);
    bound("add-camera", () => this.add("camera"));
    bound("add-input", () => this.add("input"));
    bound("remove", () => this.remove());
    bound("try", () => this.test());
    bound("revert", () => this.edit(this.known?.settings ?? null));
    bound("save", () => this.save());
    bound("again", () => this.restart());
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  /** Read what is known; what is being edited stays. */
  async look() {
    try {
      const known = await api.get("/api/station");
      const untouched = !this.changed;
      this.known = known;
      if (untouched) this.settings = known.settings;
      this.show();
    } catch (error) {
      setText(find(this.element, ".device .title"), error instanceof Error ? error.message : "");
    }
  }

  get changed() {
    const { known, settings } = this;
    return settings !== null && JSON.stringify(settings) !== JSON.stringify(known?.settings);
  }

  /** @param {StationSettings | null} settings */
  edit(settings) {
    this.settings = settings;
    this.showProblem("", "");
    this.show();
  }

  /** @param {Place} place */
  choose(place) {
    this.chosen = place;
    this.say("", null);
    this.show();
  }

  /** @param {DeviceKind} kind */
  add(kind) {
    const { known, settings } = this;
    if (!known || !settings) return;
    const driver = driversOf(known.drivers, kind).find(({ error }) => !error)?.name ?? "";
    const shape = { width: 640, height: 480, fps: 30, depth: false };
    const device = { driver, process: "", settings: {}, ...(kind === "camera" ? shape : {}) };
    const devices = kind === "camera" ? settings.cameras : settings.inputs;
    const place = { kind, name: freeName(devices, kind) };
    this.chosen = place;
    this.edit(withDevice(settings, place, device));
  }

  remove() {
    if (!this.settings || !this.removable) return;
    const rest = without(this.settings, this.chosen);
    this.chosen = ROBOT;
    this.edit(rest);
  }

  /** A station has one robot, and at least one camera. */
  get removable() {
    const { kind } = this.chosen;
    const last = kind === "camera" && Object.keys(this.settings?.cameras ?? {}).length < 2;
    return kind !== "robot" && !last;
  }

  /** @param {string} name */
  rename(name) {
    const { settings, chosen } = this;
    if (!settings || name === chosen.name) return;
    const wrong = wrongName(settings, chosen, name);
    if (wrong) return this.showProblem(`${pathOf(chosen)}.name`, wrong);
    this.chosen = { ...chosen, name };
    this.edit(renamed(settings, chosen, name));
  }

  async test() {
    const { settings, chosen } = this;
    const device = settings && deviceOf(settings, chosen);
    if (!device || this.testing) return;
    this.testing = true;
    this.say("Testing …", null);
    this.show();
    try {
      const { ok, text } = await api.post("/api/station/test", { ...chosen, device });
      this.say(text, ok);
    } catch (error) {
      this.refused(error, pathOf(chosen));
      this.say("It cannot be tested like this.", false);
    }
    this.testing = false;
    this.show();
  }

  async save() {
    try {
      this.known = await api.put("/api/station", this.settings);
      this.edit(this.known?.settings ?? null);
      notify("The station's settings are saved.");
    } catch (error) {
      this.refused(error);
    }
  }

  async restart() {
    try {
      this.known = await api.post("/api/station/restart");
      notify("The station starts with what is saved.");
    } catch (error) {
      complain(error);
    }
    this.show();
  }

  /** Say a refusal beside the field that it names. @param {unknown} error @param {string} path */
  refused(error, path = "") {
    if (!(error instanceof Refused)) return complain(error);
    const named = error.field.startsWith(path) ? error.field : `${path}.${error.field}`;
    const place = places(this.settings ?? noDevices).find((each) =>
      named.startsWith(`${pathOf(each)}.`),
    );
    if (place) this.choose(place);
    this.showProblem(named, error.message);
  }

  /** @param {string} path @param {string} text */
  showProblem(path, text) {
    const beside = [this.form, this.station].map((form) => showProblem(form, path, text));
    setText(find(this.element, ".station > .problem"), beside.some(Boolean) ? "" : text);
  }

  /** What a test said. @param {string} text @param {boolean | null} ok */
  say(text, ok) {
    const light = ok === null ? null : make("i", { class: `light ${ok ? "green" : "red"}` });
    find(this.element, ".result").replaceChildren(...(light ? [light] : []), text);
  }

  show() {
    const { known, settings, changed } = this;
    const cameras = Object.keys(settings?.cameras ?? {}).length;
    setDisabled(this.button("add-camera"), !settings || cameras >= MOST_CAMERAS);
    setDisabled(this.button("add-input"), !settings);
    setDisabled(this.button("remove"), !settings || !this.removable);
    setDisabled(this.button("try"), !settings || this.testing);
    setDisabled(this.button("revert"), !changed);
    setDisabled(this.button("save"), !changed);
    const saved = find(this.element, ".station .saved");
    setText(saved, changed ? "Not saved" : known?.saved ? "Saved" : "Preset");
    toggleClass(saved, "changed", changed);
    if (!known || !settings) return;
    this.list.show(settings, known.devices, this.chosen);
    this.showDevice(known, settings);
    this.showStation(known, settings);
  }

  /** @param {StationDescription} known @param {StationSettings} settings */
  showDevice(known, settings) {
    const { chosen } = this;
    const device = deviceOf(settings, chosen);
    if (!device) return this.choose(ROBOT);
    const drivers = driversOf(known.drivers, chosen.kind);
    const title =
      chosen.kind === "robot"
        ? "Robot"
        : `${chosen.kind === "camera" ? "Camera" : "Input"} ${chosen.name}`;
    setText(find(this.element, ".device .title"), title);
    const actions = {
      /** @param {Device} changed */
      change: (changed) => this.edit(withDevice(settings, chosen, changed)),
      rename: (/** @type {string} */ name) => this.rename(name),
    };
    refill(this.form, JSON.stringify([chosen, device, drivers]), () => [
      ...deviceForm({ ...chosen, path: pathOf(chosen), device, drivers }, actions),
      ...missingDrivers(drivers),
    ]);
  }

  /** @param {StationDescription} known @param {StationSettings} settings */
  showStation(known, settings) {
    const rate = settings.control_rate_hz;
    refill(this.station, JSON.stringify([rate, Object.keys(known.presets)]), () => [
      field("preset", "Start from", this.presets(known), "Replaces all of the settings"),
      field(
        "control_rate_hz",
        "Control rate, Hz",
        numberControl(rate, HZ, (value) => this.edit({ ...settings, control_rate_hz: value })),
      ),
    ]);
    const count = Object.keys(settings.cameras).length;
    const facts = [
      ["Cameras", `${count} of at most ${MOST_CAMERAS}`],
      ["File", known.file],
    ];
    refill(find(this.element, ".station .facts"), JSON.stringify(facts), () =>
      facts.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
    );
    const when = "What is saved takes effect when the station is started again.";
    const restart = find(this.element, ".restart");
    setText(find(restart, "p"), when);
    toggleHidden(restart, !known.restart_needed);
  }

  /** @param {StationDescription} known */
  presets({ presets }) {
    const choices = Object.keys(presets).map((name) => ({ value: name, text: name }));
    return choiceControl(KEEP, [{ value: KEEP, text: "what is there" }, ...choices], (name) => {
      this.chosen = ROBOT;
      if (name !== KEEP) this.edit(structuredClone(presets[name]));
    });
  }
}

/** @type {StationSettings} */
const noDevices = {
  control_rate_hz: 0,
  robot: { driver: "", settings: {} },
  cameras: {},
  inputs: {},
};
