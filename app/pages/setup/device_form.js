// The form of one device: its name, driver, what a camera is to deliver, its driver's settings.

import { make } from "../shared/dom.js";
import {
  checkControl,
  choiceControl,
  field,
  numberControl,
  schemaFields,
  textControl,
} from "./fields.js";

import { single } from "./settings.js";

/** @import { Device, DeviceKind, Driver } from "../shared/messages" */
/** @typedef {{kind: DeviceKind, name: string, path: string, device: Device, drivers: Driver[]}} Chosen */
/**
 * @typedef {object} FormActions
 * @property {(device: Device) => void} change
 * @property {(name: string) => void} rename
 */

const PIXELS = { type: "integer", minimum: 16, maximum: 4096 };
const RATE = { type: "number", exclusiveMinimum: 0, maximum: 1000 };

/** @param {Chosen} chosen @param {FormActions} actions @returns {Node[]} */
export function deviceForm(chosen, { change, rename }) {
  const { kind, name, path, device, drivers } = chosen;
  const driver = drivers.find((each) => each.name === device.driver);
  const fields = [driverField(chosen, change)];
  if (!single(kind)) fields.unshift(field(`${path}.name`, "Name", textControl(name, rename)));
  if (kind === "camera") fields.push(...cameraFields(path, device, change));
  if (kind !== "gripper") fields.push(processField(path, device, change));
  return [...fields, ...driverSettings(path, device, driver, change)];
}

/** @param {Chosen} chosen @param {FormActions["change"]} change */
function driverField({ path, device, drivers }, change) {
  const choices = drivers.map(({ name, error }) => ({
    value: name,
    text: error ? `${name} (cannot be loaded)` : name,
    disabled: Boolean(error),
  }));
  const known = drivers.find(({ name }) => name === device.driver);
  if (!known) choices.push({ value: device.driver, text: device.driver, disabled: false });
  const control = choiceControl(device.driver, choices, (driver) =>
    change({ ...device, driver, settings: {} }),
  );
  return field(`${path}.driver`, "Driver", control, known?.error || known?.text);
}

/** @param {string} path @param {Device} device @param {FormActions["change"]} change */
function processField(path, device, change) {
  const control = textControl(device.process ?? "", (process) => change({ ...device, process }));
  control.placeholder = "as its driver needs";
  return field(`${path}.process`, "Process", control, "Devices that name the same one share it");
}

/** @param {string} path @param {Device} device @param {FormActions["change"]} change */
function cameraFields(path, device, change) {
  const { width = 640, height = 480, fps = 30, depth = false, jpeg = false } = device;
  return [
    field(
      `${path}.width`,
      "Width, pixels",
      numberControl(width, PIXELS, (value) => change({ ...device, width: value })),
    ),
    field(
      `${path}.height`,
      "Height, pixels",
      numberControl(height, PIXELS, (value) => change({ ...device, height: value })),
    ),
    field(
      `${path}.fps`,
      "Frames a second",
      numberControl(fps, RATE, (value) => change({ ...device, fps: value })),
    ),
    field(
      `${path}.depth`,
      "Record depth, too",
      checkControl(depth, (value) => change({ ...device, depth: value })),
    ),
    field(
      `${path}.jpeg`,
      "Keep its own JPEG",
      checkControl(jpeg, (value) => change({ ...device, jpeg: value })),
      "Pictures stay as the camera compressed them (MJPEG), where it does",
    ),
  ];
}

/**
 * @param {string} path
 * @param {Device} device
 * @param {Driver | undefined} driver
 * @param {FormActions["change"]} change
 * @returns {Node[]}
 */
function driverSettings(path, device, driver, change) {
  const { settings } = device;
  const schema = driver?.settings_schema ?? {};
  const { measured: _, ...properties } = schema.properties ?? {}; // told below the form
  const fields = schemaFields(
    `${path}.settings`,
    { ...schema, properties },
    settings,
    (name, value) => change({ ...device, settings: { ...settings, [name]: value } }),
  );
  const title = `Settings of ${device.driver}`;
  return fields.length ? [make("h3", {}, title), ...fields] : [];
}

/** Drivers that cannot be chosen here, and why. @param {Driver[]} drivers */
export function missingDrivers(drivers) {
  return drivers
    .filter(({ error }) => error)
    .map(({ name, error }) => make("p", { class: "about" }, `${name}: ${error}`));
}
