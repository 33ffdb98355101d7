// The chosen device: its form, and a trial of it by itself.

import { api } from "../shared/api.js";
import { button, find, make, refill, setDisabled, setText } from "../shared/dom.js";
import { buttonsForm } from "./buttons_form.js";
import { deviceForm, missingDrivers } from "./device_form.js";
import { deviceOf, driversOf, pathOf, single } from "./settings.js";
import { toolForm } from "./tool_form.js";

/** @import { Device, Measured, StationDescription, StationSettings } from "../shared/messages" */
/** @import { FormActions } from "./device_form.js" */
/** @import { Place } from "./settings.js" */
/** @typedef {FormActions & {press: (buttons: StationSettings["buttons"]) => void}} PanelActions */

const KINDS = { robot: "Robot", gripper: "Gripper", camera: "Camera", input: "Input" };

export class DevicePanel {
  /** @param {HTMLElement} element @param {(error: unknown, path: string) => void} refused */
  constructor(element, refused) {
    this.element = element;
    this.refused = refused;
    this.testing = false;
    this.form = find(element, ".fields", HTMLFormElement);
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /**
   * @param {StationDescription} known
   * @param {StationSettings} settings
   * @param {Place} place
   * @param {PanelActions} actions
   */
  show(known, settings, place, actions) {
    const device = deviceOf(settings, place);
    if (!device) return;
    const { kind, name } = place;
    const drivers = driversOf(known.drivers, kind);
    this.entitle(single(kind) ? KINDS[kind] : `${KINDS[kind]} ${name}`);
    const { gripper, buttons } = settings;
    refill(this.form, JSON.stringify([place, device, drivers, gripper, buttons]), () => [
      ...deviceForm({ ...place, path: pathOf(place), device, drivers }, actions),
      ...(kind === "robot" ? robotForm(known, settings, actions) : []),
      ...measuredWords(device),
      ...missingDrivers(drivers),
    ]);
  }

  /** @param {string} text */
  entitle(text) {
    setText(find(this.element, ".title"), text);
  }

  /** Open the device by itself, and say what it delivered.
   * @param {StationSettings} settings
   * @param {Place} place */
  async test(settings, place) {
    const device = deviceOf(settings, place);
    if (!device || this.testing) return;
    this.busy(true);
    this.say("Testing …", null);
    try {
      const { ok, text } = await api.post("/api/station/test", { ...place, device });
      this.say(text, ok);
    } catch (error) {
      this.refused(error, pathOf(place));
      this.say("It cannot be tested like this.", false);
    }
    this.busy(false);
  }

  /** @param {boolean} testing */
  busy(testing) {
    this.testing = testing;
    setDisabled(button(this.element, ".try"), testing);
  }

  /** What a test said. @param {string} text @param {boolean | null} ok */
  say(text, ok) {
    const light = ok === null ? null : make("i", { class: `light ${ok ? "green" : "red"}` });
    find(this.element, ".result").replaceChildren(...(light ? [light] : []), text);
  }
}

/** How well a camera's place was measured. @param {Device} device */
function measuredWords({ settings }) {
  const measured = /** @type {Measured | null | undefined} */ (settings.measured);
  if (!measured) return [];
  const { date, views, residual_px, residual_mm, uncertain_mm, uncertain_deg } = measured;
  const words =
    `Calibrated on ${date} with ${views} views, which fit by ${residual_px.toFixed(2)} px, ` +
    `${residual_mm.toFixed(1)} mm. Its place is known to ${uncertain_mm.toFixed(1)} mm and ` +
    `${uncertain_deg.toFixed(2)}°.`;
  return [make("p", { class: "about measured" }, words)];
}

/** What a robot has beside its driver's settings: what is mounted, and the buttons at its hand
 * where it has a Desk.
 * @param {StationDescription} known
 * @param {StationSettings} settings
 * @param {PanelActions} actions */
function robotForm(known, settings, { change, press }) {
  const { robot, gripper, buttons } = settings;
  const driver = known.drivers.robots.find(({ name }) => name === robot.driver);
  const desk = driver?.settings_schema.properties?.desk !== undefined;
  return [
    ...toolForm(robot, known.tools[gripper.driver], change),
    ...(desk ? buttonsForm(buttons, press) : []),
  ];
}
