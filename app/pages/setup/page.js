// Set-up: which devices the station has, their drivers and settings; each can be tested.

import { api, Refused } from "../shared/api.js";
import { askDesk } from "../shared/desk.js";
import { button, find, setDisabled, setText, toggleHidden } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { complain, notify } from "../shared/notices.js";
import { showProblem } from "../shared/problems.js";
import { station } from "../shared/station.js";
import { onOpen, takeWish } from "../shared/tabs.js";
import { wrongButton } from "./buttons_form.js";
import { Calibration } from "./calibration.js";
import { DeviceList } from "./device_list.js";
import { DevicePanel } from "./device_panel.js";
import { ModelsCard } from "./models.js";
import {
  deviceOf,
  driversOf,
  freeName,
  MOST_CAMERAS,
  pathOf,
  placeOf,
  ROBOT,
  renamed,
  single,
  withDevice,
  without,
  wrongName,
} from "./settings.js";
import { StationForm } from "./station_form.js";
import { Workspace } from "./workspace.js";

/** @import { Device, DeviceKind, StationDescription, StationSettings } from "../shared/messages" */
/** @import { Place } from "./settings.js" */

const LOOK_MS = 2000;

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
    /** Numbers of questions: the last one, and that of the newest answer. */
    this.asked = 0;
    this.newest = 0;
    this.list = new DeviceList(find(element, ".lists"), (place) => this.choose(place));
    this.device = new DevicePanel(find(element, ".device"), (error, path) =>
      this.refused(error, path),
    );
    this.station = new StationForm(find(element, ".station"), {
      edit: (changed) => this.change((now) => ({ ...now, ...changed })),
      replace: (settings) => this.replace(settings),
    });
    this.workspace = new Workspace(element);
    this.calibration = new Calibration(element, (known) => this.calibrated(known));
    this.models = new ModelsCard(find(element, ".models"));
    this.bindButtons();
    onOpen("setup", element, () => this.opened());
    setInterval(() => this.element.offsetParent && !document.hidden && this.look(), LOOK_MS);
    this.show();
  }

  async opened() {
    const { model } = takeWish("setup");
    this.look();
    await this.models.look();
    if (model) this.models.enter(model);
  }

  bindButtons() {
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("setup", this.button(name), run);
    bound("add-camera", () => this.add("camera"));
    bound("add-input", () => this.add("input"));
    bound("remove", () => this.remove());
    bound("try", () => this.settings && this.device.test(this.settings, this.chosen));
    bound("calibrate", () => this.calibration.open(this.chosen.name));
    bound("revert", () => this.edit(this.known?.settings ?? null));
    bound("save", () => this.save());
    bound("again", () => this.restart());
    bound("look", () => this.workspace.toggle());
    bound("prepare", () => askDesk("prepare_robot"));
    bound("park", () => askDesk("park_robot"));
    station.listeners.add(() => this.showDesk());
  }

  showDesk() {
    toggleHidden(find(this.element, ".desk"), !station.state?.desk);
    for (const name of ["prepare", "park"]) setDisabled(this.button(name), !station.driving);
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  /** Read what is known; what is being edited stays. */
  async look() {
    const asked = ++this.asked;
    try {
      const known = await api.get("/api/station");
      if (asked < this.newest) return; // a later answer has overtaken this one
      this.newest = asked;
      const untouched = !this.changed;
      this.known = known;
      if (untouched) this.settings = known.settings;
      this.show();
    } catch (error) {
      this.device.entitle(error instanceof Error ? error.message : "");
    }
  }

  /** What was asked before is older than this. @param {StationDescription} known */
  answered(known) {
    this.known = known;
    this.newest = ++this.asked;
  }

  get changed() {
    const { known, settings } = this;
    return settings !== null && JSON.stringify(settings) !== JSON.stringify(known?.settings);
  }

  /** @param {StationDescription} known */
  calibrated(known) {
    this.answered(known);
    this.edit(known.settings);
    notify("The camera's place is saved. It holds once the station is started again.");
  }

  /** @param {StationSettings | null} settings */
  edit(settings) {
    this.settings = settings;
    this.showProblem("", "");
    this.show();
  }

  /** Of the settings as they are now: a form may have been made before others changed them.
   * @param {(now: StationSettings) => StationSettings} changed */
  change(changed) {
    if (this.settings) this.edit(changed(this.settings));
  }

  /** By those of a preset. @param {StationSettings} settings */
  replace(settings) {
    this.chosen = ROBOT;
    this.edit(settings);
  }

  /** @param {Place} place */
  choose(place) {
    this.chosen = place;
    this.device.say("", null);
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
    return !single(kind) && !last;
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

  async save() {
    const wrong = wrongButton(this.settings?.buttons ?? {});
    if (wrong) {
      this.choose(ROBOT);
      return this.showProblem(`buttons.${wrong.button}`, wrong.text);
    }
    try {
      this.answered(await api.put("/api/station", this.settings));
      this.edit(this.known?.settings ?? null);
      notify("The station's settings are saved.");
    } catch (error) {
      this.refused(error);
    }
  }

  async restart() {
    try {
      this.answered(await api.post("/api/station/restart"));
      notify("The station starts with what is saved.");
    } catch (error) {
      complain(error);
    }
    this.show();
  }

  /** Say a refusal beside the field that it names. @param {unknown} error @param {string} path */
  refused(error, path = "") {
    if (!(error instanceof Refused) || !this.settings) return complain(error);
    const named = error.field.startsWith(path) ? error.field : `${path}.${error.field}`;
    const place = named.startsWith("buttons.") ? ROBOT : placeOf(this.settings, named);
    if (place) this.choose(place);
    this.showProblem(named, error.message);
  }

  /** @param {string} path @param {string} text */
  showProblem(path, text) {
    const beside = showProblem(this.element, path, text);
    setText(find(this.element, ".station > .problem"), beside ? "" : text);
  }

  show() {
    const { known, settings, changed, chosen } = this;
    const cameras = Object.keys(settings?.cameras ?? {}).length;
    setDisabled(this.button("add-camera"), !settings || cameras >= MOST_CAMERAS);
    setDisabled(this.button("add-input"), !settings);
    setDisabled(this.button("remove"), !settings || !this.removable);
    setDisabled(this.button("try"), !settings || this.device.testing);
    toggleHidden(this.button("calibrate"), chosen.kind !== "camera");
    setDisabled(this.button("calibrate"), changed || known?.restart_needed);
    setDisabled(this.button("revert"), !changed);
    setDisabled(this.button("save"), !changed);
    if (!known || !settings) return;
    if (!deviceOf(settings, chosen)) return this.choose(ROBOT);
    this.list.show(settings, known.devices, chosen);
    this.device.show(known, settings, chosen, {
      /** @param {Device} device */
      change: (device) => this.change((now) => withDevice(now, chosen, device)),
      rename: (name) => this.rename(name),
      /** @param {StationSettings["buttons"]} buttons */
      press: (buttons) => this.change((now) => ({ ...now, buttons })),
    });
    this.station.show(known, settings, changed);
    this.workspace.show(settings.limits);
  }
}
